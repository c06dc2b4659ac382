"""Waves of an assessment, the ratings in them and what was agreed. Nothing here says who a rater is.

A link is a capability for exactly one rating; of its token only the SHA-256 is kept, and a rating has no name, address or mail.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from socius.organisation.models import Person, Unit

DRAFT, OPEN, CLOSED = "draft", "open", "closed"


class Assessment(models.Model):
    """One wave. `frozen` holds platform facts and values of our own as of its closing, `result` what was computed then."""

    name = models.CharField(max_length=200)
    form = models.CharField(max_length=20)  # a version of the questionnaire
    gates = models.CharField(max_length=20)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    state = models.CharField(max_length=8, default=DRAFT)
    # Whoever holds this link takes a rating of their own with it; null: personal links only.
    open_sha256 = models.BinaryField(max_length=32, null=True, unique=True)
    accepted = models.JSONField(
        default=dict
    )  # own values that a rater's goes before: key -> reason
    not_applicable = models.JSONField(default=dict)
    frozen = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    closed_at = models.DateTimeField(null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def takes_answers(self, at: datetime) -> bool:
        """Open, and the clock of the server says that it is inside its dates."""
        return self.state == OPEN and self.opens <= at < self.closes

    @property
    def short(self) -> bool:
        """Whether the short form is asked."""
        return self.form.startswith("short")


class Rating(models.Model):
    """One rater's answers. `unit` and `role` are what the rater said."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="ratings")
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    role = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    works = models.TextField(blank=True)
    fails = models.TextField(blank=True)
    next_wave = models.BooleanField(default=False)

    @property
    def ref(self) -> str:
        """How the ledger names the rater."""
        return f"rater:{self.pk}"


class Answer(models.Model):
    """What was said to one item: a value as files hold it, or why there is none."""

    rating = models.ForeignKey(Rating, models.CASCADE, related_name="answers")
    item = models.CharField(max_length=4)
    value: models.JSONField[Any, Any] = models.JSONField(null=True)
    missing = models.CharField(max_length=16, blank=True)
    evidence = models.URLField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rating", "item"], name="one_answer_an_item")
        ]


class InterviewNote(models.Model):
    """What an interviewer wrote beside an item; shown as a note, never as an answer."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="notes")
    # Beside the answers of one rater, for whoever held that rater's link; null: of the wave as a whole.
    rating = models.ForeignKey(Rating, models.CASCADE, null=True, related_name="notes")
    item = models.CharField(max_length=4)
    text = models.TextField()
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()


class AgreedAction(models.Model):
    """What was agreed about a gap: one action with an owner and a date."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="agreed")
    item = models.CharField(max_length=20)  # the key of the item on which groups differ
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    due = models.DateField()
    agreed_at = models.DateTimeField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
