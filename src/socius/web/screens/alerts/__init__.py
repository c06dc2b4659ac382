"""The alert centre: what rose unusually, who looks at it, what it was."""
