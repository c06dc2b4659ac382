"""Wires everything together: settings, addresses, the server's entry point."""
