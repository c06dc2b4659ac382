"""Posts, calendar, dispatch."""
