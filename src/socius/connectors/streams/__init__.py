"""Decoders: from the bytes of a network, a file or a mailbox to the incoming record. No business rule."""
