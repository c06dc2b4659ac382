"""`python -m socius.cli`: what the parts of `socius serve` are started with."""

from __future__ import annotations

import sys

from socius.cli import main

sys.exit(main())
