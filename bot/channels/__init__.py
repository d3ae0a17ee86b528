"""Ways out: the in-app feed, the operator's hooks.

inapp    the in-app feed: delivering is the commit itself
outward  hands due messages to the hooks and notes how each ended, or when it is tried again
hook     the operator's hooks: a signed POST (Standard Webhooks) to the address in bot.toml
"""
