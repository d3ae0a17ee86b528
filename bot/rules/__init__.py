"""The rule engine: facts, effects, engine, static checks, explanations.

facts        the vocabulary authors write conditions in: types, ranges, defaults
effects      the slots a rule may fill, and what may stand in each
verdict      what a set of rules came to: one value a slot, and who won it
definitions  named conditions, put in place of their names
parse        rules, tables and tests of authored files
layers       which rules are judged before which, by what they set and read
engine       all rules as one immutable set, and its verdict on the facts of a moment
examples     the tests in rule files, run when they are loaded
gather       the facts of one turn or tick, computed from the nouns
"""
