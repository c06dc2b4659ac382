"""Leads back from sales, and channels on paths: what social passed through, described and not called an effect."""
