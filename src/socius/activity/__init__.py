"""The ledger: append-only, hash-chained; and the record of imports."""
