"""Social accounts and their inventory."""
