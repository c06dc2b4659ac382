"""Where an organisation stands and whether its parts fit: stage, factors, criteria, coherence, gaps between raters.

All of it is Socius's own method: no formula was ever published. Values in, values out; rules are versioned data in `data/`.
"""
