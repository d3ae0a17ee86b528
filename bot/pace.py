"""How fast turns are answered, and how many fail: counted until somebody looks."""

from collections import deque

PACE_KEPT = 10_000  # times of turns between two looks; of more, the latest


class Pace:
    """How long turns took since somebody looked, in ms of the latest few thousand, and errors.

    What the caller got wrong is no error.
    """

    def __init__(self) -> None:
        self.turns = self.errors = 0
        self._ms: deque[float] = deque(maxlen=PACE_KEPT)

    def note(self, ms: float) -> None:
        """A turn was answered."""
        self.turns += 1
        self._ms.append(ms)

    def look(self) -> dict[str, float]:
        """Turns, errors and their share, the median and the 99th percentile; begins anew."""
        times, turns, errors = sorted(self._ms), self.turns, self.errors
        self._ms.clear()
        self.turns = self.errors = 0
        if not turns and not errors:
            return {}
        rate = round(errors / (turns + errors), 4)
        found: dict[str, float] = {"turns": turns, "errors": errors, "error_rate": rate}
        if times:
            found["p50_ms"] = times[len(times) // 2]
            found["p99_ms"] = times[len(times) * 99 // 100]
        return found
