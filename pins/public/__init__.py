"""Everything under /map/, and the front page: what residents read."""
