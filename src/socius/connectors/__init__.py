"""Networks and file formats: bytes in, values out; no Django."""
