"""What `socius serve` has done before it starts its children: the schema brought up to date, and told what is here."""

from __future__ import annotations

import argparse

from django.conf import settings
from django.core.management import call_command

from socius.activity import reports
from socius.activity.models import Installation
from socius.cli.output import dump


def run(_args: argparse.Namespace) -> int:
    """Migrates; prints where to listen and the ledger's head, the witness against truncation."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    founded = Installation.objects.exists()
    if founded:
        seq, digest = reports.head()
        say = f"Ledger head {seq}:{digest.hex()}"
    else:
        say = "There is no organisation in this home yet: run `socius init`, in another terminal if you like."
    here = settings.ENVIRONMENT
    dump(
        {
            "host": here.host,
            "port": here.port,
            "home": str(here.home),
            "demonstration": here.demonstration,
            "founded": founded,
            "say": say,
        }
    )
    return 0
