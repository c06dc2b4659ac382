"""Builds the demonstration organisation through the actions of all packages."""
