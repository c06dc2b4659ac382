"""Where the organisation stands: result, gaps, waves and their links, published figures."""
