"""Conditions and tables: lexer, parser, types, generated functions."""
