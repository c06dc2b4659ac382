"""Goals: what the organisation wants, who answers for it, and how far the line to it gets."""
