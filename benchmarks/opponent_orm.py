"""The plain importer a team would write: csv module and Django's ORM, into tables of its own."""

from __future__ import annotations

import csv
import os
import sys
from datetime import datetime
from pathlib import Path

import django
from django.conf import settings
from django.db import connection, models, transaction

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(os.environ["SOCIUS_HOME"]) / "opponent.sqlite3"),
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"},
        }
    },
    INSTALLED_APPS=[],
    USE_TZ=True,
)
django.setup()


class Account(models.Model):
    network = models.CharField(max_length=40)
    handle = models.CharField(max_length=300)
    url = models.CharField(max_length=1000)
    unit = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    language = models.CharField(max_length=40)
    country = models.CharField(max_length=40)

    class Meta:
        app_label = "opponent"
        unique_together = [("network", "handle")]


class Activity(models.Model):
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    object_id = models.CharField(max_length=200)
    network = models.CharField(max_length=40)
    account = models.CharField(max_length=200)
    minutes = models.IntegerField(null=True)

    class Meta:
        app_label = "opponent"
        unique_together = [("network", "object_id", "verb")]


def main(kind: str, path: str) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Account)
        editor.create_model(Activity)
    with Path(path).open(newline="") as file, transaction.atomic():
        rows = csv.DictReader(file)
        if kind == "accounts":
            for row in rows:
                Account.objects.get_or_create(
                    network=row["network"], handle=row["handle"], defaults=row
                )
            return
        block = []
        for row in rows:
            block.append(
                Activity(
                    at=datetime.fromisoformat(row["at"]),
                    verb=row["verb"],
                    object_id=row["object_id"],
                    network=row["network"],
                    account=row["account"],
                    minutes=int(row["minutes"]),
                )
            )
            if len(block) == 10_000:
                Activity.objects.bulk_create(block, ignore_conflicts=True)
                block = []
        Activity.objects.bulk_create(block, ignore_conflicts=True)


main(*sys.argv[1:])
