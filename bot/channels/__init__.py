"""Ways out: the in-app feed.

inapp  the in-app feed: delivering is the commit itself
"""
