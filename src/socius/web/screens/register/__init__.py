"""The register of tools, and the strategy that they come after."""
