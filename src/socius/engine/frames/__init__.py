"""Lines of JSON straight to columns, in compiled code, for the shapes that make most of a stream."""
