"""One page for an executive owner: which goals social serves, how well, how sure, at what cost."""
