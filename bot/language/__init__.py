"""Conditions and tables: lexer, parser, types, generated functions.

syntax   the tree of a condition, and its one canonical text
lexer    text to tokens that know their offset
parser   tokens to a tree, by binding powers
source   conditions in authored nodes: the raw text between the marks, with exact places
types    what facts and values may be, and which of them may meet
check    names and kinds of a tree, checked; definitions put in their place
guards   a fact that may be unknown is read only behind known()
compile  conditions as one generated function over a list of facts
tables   the cells of a decision table as conditions
"""
