"""What the numbers say: market.

market  a market snapshot as words: figures, their age, and whether they are old
"""
