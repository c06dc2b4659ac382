"""Work on the stream that runs in a process of its own: the doors never load its numeric libraries."""
