"""The inventory: accounts, what they serve, what the audit says of them."""
