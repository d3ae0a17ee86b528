"""Ways out: the in-app feed."""
