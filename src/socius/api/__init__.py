"""The REST door: everything that a screen or a command can do, for programs."""
