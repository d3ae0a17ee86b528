"""Decisions made abreast: each hop for everybody before the next, so that its code stays warm."""

from collections.abc import Generator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
Hops = Generator[None, None, T]  # rests after each hop; returns what was decided


def abreast(going: Sequence[Hops[T]]) -> "list[T | Exception]":
    """What each came to, in order; a fault ends the one it happened to, and nobody else."""
    everybody = walking = [_Walker(hops) for hops in going]
    while walking:
        walking = [one for one in walking if one.goes_on()]
    return [one.outcome for one in everybody]


def alone(hops: Hops[T]) -> T:
    """What one came to; raises its fault."""
    (outcome,) = abreast((hops,))
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


class _Walker(Generic[T]):
    __slots__ = ("_hops", "outcome")

    def __init__(self, hops: Hops[T]) -> None:
        self._hops = hops
        self.outcome: T | Exception

    def goes_on(self) -> bool:
        """Go one hop; false when there is an outcome."""
        try:
            next(self._hops)
        except StopIteration as end:
            self.outcome = end.value
        except Exception as fault:  # handed to whoever asked
            self.outcome = fault
        else:
            return True
        return False
