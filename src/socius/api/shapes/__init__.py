"""What a noun looks like in requests and answers."""
