"""The first page: the line of sight."""
