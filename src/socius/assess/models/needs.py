"""What the organisation says of its five needs, and the preset that it works with."""

from __future__ import annotations

from django.db import models

from socius.organisation.models import Unit
from socius.strategy.models import Known


class NeedAnswer(Known):
    """How strong a need is by the organisation's own word: 0 none to 4 what we are here for."""

    use_case = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")


class Preset(Known):
    """The use case whose screens are named first; nothing is hidden by it."""

    use_case = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
