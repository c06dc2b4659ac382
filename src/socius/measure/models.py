"""Effects: what was found, how, and how sure we are."""

from __future__ import annotations

from django.db import models

from socius.strategy.models import Goal, Initiative, Known, Series


class Effect(Known):
    """An effect of an initiative (or of all that serves a goal) on a series. The grade follows from the method and is capped."""

    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, related_name="+")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, related_name="+")
    series = models.ForeignKey(Series, models.PROTECT, related_name="+")
    method = models.CharField(max_length=80)
    grade = models.CharField(max_length=1)
    estimate = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    source = models.CharField(max_length=500, blank=True)
    by_hand = models.BooleanField(default=True)
    refused = models.BooleanField(default=False)
    # The day from which its age counts: the end of its window, else the day on which it was recorded.
    dated = models.DateField()
