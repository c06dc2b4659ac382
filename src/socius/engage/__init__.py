"""Conversations, inbox, triage, customers."""
