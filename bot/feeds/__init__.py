"""Market data in: simulated.

simulated  a made-up market that is the same for the same seed, asset and time
markets    the latest snapshot of every asset, for facts, pages and alerts
"""
