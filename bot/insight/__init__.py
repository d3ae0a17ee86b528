"""What the numbers say: market, metrics, the risk of leaving.

market     a market snapshot as words: figures, their age, and whether they are old
metrics    the described success metrics beside their targets; what cannot be computed says why
risk       how likely somebody is to leave, 0 to 100, its reasons, and a level that does not
           flicker
scorecard  a scorecard: what each signal of leaving weighs, as rules/risk.yaml says
remedies   what may be done for somebody who drifts away: proposals by a table, which sends nothing
"""
