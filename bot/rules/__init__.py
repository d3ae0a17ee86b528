"""The rule engine: facts, effects, engine, static checks, explanations.

facts        the vocabulary authors write conditions in: types, ranges, defaults
effects      the slots a rule may fill, and what may stand in each
verdict      what a set of rules came to: one value a slot, and who won it
definitions  named conditions, put in place of their names
parse        rules, tables and tests of authored files
layers       which rules are judged before which, by what they set and read
engine       all rules as one immutable set, and its verdict on the facts of a moment
examples     the tests in rule files, run when they are loaded
study        rules as boxes of facts, for the static checks: where each fires, and examples of it
overlaps     rules that get in each other's way: conflicts, hidden and needless ones
gaps         decision tables: facts no row speaks of, rows that overlap where only one may hit
forbidden    what no rule may do: sell by the risk of leaving, or pay for trading
prove        static checks: what can be said of all rules before any of them is judged
why          what a verdict came from, atom by atom, and what would have changed it
gather       the facts of one turn or tick, computed from the nouns
"""
