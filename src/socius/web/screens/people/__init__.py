"""People and rights: who is here, who may do what, and why."""
