"""Where mentions are kept."""
