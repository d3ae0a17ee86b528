"""Conditions and tables: lexer, parser, types, generated functions.

syntax    the tree of a condition, and its one canonical text
lexer     text to tokens that know their offset
parser    tokens to a tree, by binding powers
source    conditions in authored nodes: the raw text between the marks, with exact places
types     what facts and values may be, and which of them may meet
check     names and kinds of a tree, checked; definitions put in their place
guards    a fact that may be unknown is read only behind known()
compile   conditions as one generated function over a list of facts
evaluate  a checked condition evaluated on the spot, part by part: for traces, not for turns
domains   sets of values one fact may have: spans of numbers, words, what a list must hold
spaces    what a condition speaks of: facts, sums, equalities, and all the values each can have
sums      numbers in a condition as weights of facts, and what comparing them allows
boxes     conditions as unions of boxes: for each fact, the values it may have
witness   facts that lie in a box, as near to given ones as can be found
tables    the cells of a decision table as conditions
"""
