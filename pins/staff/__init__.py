"""Everything under /staff/: what signed-in colleagues and partners read and write."""
