"""Reads of the assessment: one file a subject."""

from __future__ import annotations
