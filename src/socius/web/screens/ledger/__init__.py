"""The ledger: who did what, when, to what; and whether it is whole."""
