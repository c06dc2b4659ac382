"""Effects: what was found, what was refused, what cannot be told, and how we know."""
