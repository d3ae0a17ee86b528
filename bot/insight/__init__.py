"""What the numbers say: market, metrics.

market   a market snapshot as words: figures, their age, and whether they are old
metrics  the described success metrics beside their targets; what cannot be computed says why
"""
