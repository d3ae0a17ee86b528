"""The rule engine: facts, effects, engine, static checks, explanations."""
