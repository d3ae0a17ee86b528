"""Market data in: simulated, replay, http.

simulated  a made-up market that is the same for the same seed, asset and time
replay     candles of the past, played again by the service's clock
candles    a file of candles, read whole: put in order, with its dirt counted
http       a JSON source asked over HTTP, a few times and never for long
mapping    the answer of a JSON source as a snapshot: every figure looked up, checked and named
figures    what a row of prices amounts to: change, volatility, trend
markets    the latest snapshot of every asset, for facts, pages and alerts
"""
