"""Market data in: simulated."""
