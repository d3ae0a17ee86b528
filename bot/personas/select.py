"""Which voice speaks: the pinned one, else the verdict's, else the default."""

from bot.personas.parse import Persona, Personas


def select(personas: Personas, pinned: str, from_verdict: str | None) -> Persona:
    """The persona of one answer; a name that no longer exists is passed over."""
    known = personas.by_name
    return known.get(pinned) or known.get(from_verdict or "") or known[personas.default]
