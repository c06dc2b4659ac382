"""Units, people, roles and grants; require(actor, right, object)."""
