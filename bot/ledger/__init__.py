"""Money: prices, windows, limits, entries, audit.

tiers       what each tier costs, with a version that goes into every entry
settings    the numbers of every limit, as the operator may tighten them and never loosen them
windows     what was spent in which window, what is left, and what is closed: anybody may read it
counters    the database's own guard of the caps: one counter for each fixed window
lots        which credits are spent first, and where they go back to
outcomes    what an attempt to charge came to: a refusal with its reason, or the answer to keep
limits      whether a charge is allowed: every check of spec/money.md, in its order
postings    a transfer as its lines and the spending after it; the lines sum to nothing
entries     ledger entries: every change of a balance as lines that sum to nothing
caps        limits a person sets for themselves: down at once, up after a wait and a second yes
clockcheck  whether the machine's clock can be trusted with limits that count by the day
audit       whether a person's ledger keeps its promises: the invariants of money.md, one by one
"""
