"""One module a measure, and the table of metric names."""
