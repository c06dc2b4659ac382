"""Listen: the stream of mentions, queries with their editor, sources with what they covered."""
