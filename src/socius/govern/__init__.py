"""Approvals, policies, training, holds."""
