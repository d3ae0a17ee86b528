"""Who is listening now: open sockets by person, told when something was said to one of them."""

from collections.abc import Callable

Told = Callable[[int], None]
UNKNOWN = 1 << 62  # the number of a line somebody else wrote: look


class Hub:
    """Holds nothing for people without a socket."""

    def __init__(self) -> None:
        self._lines: dict[str, set[Told]] = {}

    def __len__(self) -> int:
        return sum(len(lines) for lines in self._lines.values())

    def count(self, person_id: str) -> int:
        """How many sockets a person has open."""
        return len(self._lines.get(person_id, ()))

    def add(self, person_id: str, told: Told) -> None:
        """From now on `told` is called whenever the feed of this person grew."""
        self._lines.setdefault(person_id, set()).add(told)

    def remove(self, person_id: str, told: Told) -> None:
        lines = self._lines.get(person_id, set())
        lines.discard(told)
        if not lines:
            self._lines.pop(person_id, None)

    def tell(self, person_id: str, number: int = UNKNOWN) -> None:
        """The feed of a person grew to this number: whoever listens looks."""
        for told in tuple(self._lines.get(person_id, ())):
            told(number)
