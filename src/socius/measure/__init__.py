"""The line of sight, and what social activity is worth."""
