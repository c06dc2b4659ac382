"""Where the organisation stands: maturity, survey, coherence, benchmark."""
