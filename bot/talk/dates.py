"""Dates as people say them: heard without a clock, made a day of the calendar with one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from bot.people.calendar import local_date
from bot.talk.slots import Numbers, normalise

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
AWAY = {"today": 0, "tomorrow": 1, "overmorrow": 2, "yesterday": -1}
AROUND = ("next", "in", "hence")  # "next monday", "in 3 days", "3 days from now"
NAMED = (*AWAY, *WEEKDAYS, *MONTHS, *AROUND)
UNITS = {"day": 1, "week": 7}
MOST_AWAY = 3_650  # days
_BETWEEN = frozenset(("point", "of", "the", "st", "nd", "rd", "th"))
LONGEST = 7  # words: "2 point 12 point 2026" has five


class Dates(Struct, frozen=True):
    """Dates in these spoken forms; a slot holds one of three, none of which needs a clock.

    `+3` days from the day it is said, `monday` the first one after it, `2026-12-01`, or
    `12-01`: that day, this year or next.
    """

    names: dict[str, str]
    units: dict[str, str]
    numbers: Numbers
    longest: int = LONGEST

    def at(self, words: Sequence[str], start: int, size: int) -> str | None:
        """The date that exactly these words name."""
        said = list(words[start : start + size])
        return self._named(said) or self._away(said) or self._written(said)

    def _named(self, said: list[str]) -> str | None:
        """A day by its name: tomorrow, monday, next monday."""
        name = self.names.get(" ".join(said))
        if name in AWAY:
            return f"+{AWAY[name]}" if AWAY[name] >= 0 else str(AWAY[name])
        if name in WEEKDAYS:
            return name
        if len(said) > 1 and self.names.get(said[0]) == "next":
            name = self.names.get(" ".join(said[1:]))
            if name in WEEKDAYS:
                return name
            if self.units.get(said[1]) in UNITS and len(said) == 2:
                return f"+{UNITS[self.units[said[1]]]}"
        return None

    def _away(self, said: list[str]) -> str | None:
        """So many days or weeks ahead: in 3 days, two weeks from now."""
        if self.names.get(said[0]) == "in":
            said = said[1:]
        else:
            ahead = next((n for n in (1, 2) if self.names.get(" ".join(said[-n:])) == "hence"), 0)
            if not ahead:
                return None
            said = said[:-ahead]
        if not said or self.units.get(said[-1]) not in UNITS:
            return None
        count = self.numbers.of_unit(said[:-1])
        days = int(count) * UNITS[self.units[said[-1]]] if count is not None else MOST_AWAY + 1
        return f"+{days}" if days <= MOST_AWAY else None

    def _written(self, said: list[str]) -> str | None:
        """A date of the calendar: 2026-12-01, 1.12., 1.12.2026, 1 december 2026, december 1."""
        parts = [self._part(word) for word in said if word not in _BETWEEN]
        match parts:
            case [int(year), month, day] if len(said) == 3 and len(said[0]) == 4:
                return _day(day, month, year)
            case [day, month, year] if len(said[-1]) == 4:
                return _either(said, day, month, year)
            case [day, month]:
                return _either(said, day, month, None)
        return None

    def _part(self, word: str) -> "int | str | None":
        name = self.names.get(word)
        if name in MONTHS:
            return name
        return int(word) if word.isdigit() and word.isascii() and len(word) <= 4 else None


def dates(
    names: Mapping[str, Sequence[str]], units: Mapping[str, Sequence[str]], numbers: Numbers
) -> Dates:
    """Dates in the words of one locale."""
    spoken = {name: name for name in NAMED}
    spoken |= {normalise(form): name for name, forms in names.items() for form in forms}
    spans = {normalise(form): unit for unit, said in units.items() for form in (unit, *said)}
    return Dates(spoken, spans, numbers)


def day_of(spoken: str, now: int, zone: str) -> date:
    """The day a slot means at a moment, in somebody's zone."""
    today = local_date(now, zone)
    if spoken in WEEKDAYS:
        ahead = (WEEKDAYS.index(spoken) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    if spoken[0] in "+-":
        return today + timedelta(days=int(spoken))
    if spoken.count("-") == 2:
        return date.fromisoformat(spoken)
    month, day = map(int, spoken.split("-"))
    years = range(today.year, today.year + 9)  # the 29th of February is eight years away at most
    return next(d for d in (_made(year, month, day) for year in years) if d and d >= today)


def _either(said: list[str], one: object, two: object, year: object) -> str | None:
    """Day and month in the order they were said; numbers alone need the point of 1.12."""
    if isinstance(one, str):
        one, two = two, one
    if isinstance(two, int) and "point" not in said:
        return None
    return _day(one, two, year)


def _day(day: object, month: object, year: object) -> str | None:
    number = MONTHS.index(month) + 1 if isinstance(month, str) else month
    if not isinstance(day, int) or not isinstance(number, int):
        return None
    if year is None:
        return f"{number:02}-{day:02}" if _made(2024, number, day) else None  # a leap year
    made = _made(year, number, day) if isinstance(year, int) else None
    return made.isoformat() if made else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
