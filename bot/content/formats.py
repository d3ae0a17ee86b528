"""How a language writes dates, spans, money and the words that code fills into texts."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from bot.authored import Node, Report

DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60

_UNITS = (("day", DAY_S), ("hour", HOUR_S), ("minute", MINUTE_S))
UNITS: Mapping[str, tuple[str, ...]] = {
    "day": ("day", "days"),
    "hour": ("hour", "hours"),
    "minute": ("minute", "minutes"),
}
PER: Mapping[str, str] = {"day": "a day", "week": "a week", "month": "a month"}
_PARTS: Mapping[str, tuple[str, ...]] = {
    "moment": ("day", "month", "year", "hour", "minute", "zone"),
    "calendar_day": ("day", "month_number", "year"),
    "money": ("amount", "currency"),
}


class Formats(Struct, frozen=True):
    """One language's ways; what is not said is as in English.

    `words` are the terms and sentences code knows (levels, depths, how to join a board), `reasons`
    the sentences of rules, both from English.
    """

    months: tuple[str, ...] = (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    )
    moment: str = "{day} {month} {year}, {hour}:{minute} ({zone})"
    calendar_day: str = "{year}-{month_number:0>2}-{day:0>2}"
    money: str = "{currency} {amount}"
    decimal: str = "."
    no_limit: str = "no limit"
    units: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(UNITS))
    per: dict[str, str] = field(default_factory=lambda: dict(PER))
    words: dict[str, str] = {}
    reasons: dict[str, str] = {}

    def instant(self, at: int, zone: str) -> str:
        """Microseconds in somebody's own time, like 2 March 2026, 00:00 (Europe/Helsinki)."""
        moment = datetime.fromtimestamp(at // 1_000_000, ZoneInfo(zone))
        return self.moment.format(
            day=moment.day,
            month=self.months[moment.month - 1],
            year=moment.year,
            hour=f"{moment:%H}",
            minute=f"{moment:%M}",
            zone=zone,
        )

    def day(self, day: date) -> str:
        return self.calendar_day.format(day=day.day, month_number=day.month, year=day.year)

    def span(self, us: int) -> str:
        """A wait in whole units, like 2 hours; rounded up, so that it is never too short."""
        for unit, seconds in _UNITS:
            size = seconds * 1_000_000
            if us >= 2 * size or unit == "minute":
                count = max(1, -(-us // size))
                return f"{count} {self.units[unit][0 if count == 1 else 1]}"
        raise AssertionError("the last unit takes all")

    def price(self, hundredths: int, currency: str) -> str:
        """Money, like EUR 5.00."""
        amount = f"{hundredths // 100}{self.decimal}{hundredths % 100:02d}"
        return self.money.format(amount=amount, currency=currency)

    def credits(self, credits: int | None) -> str:
        """Credits, or that there is no limit."""
        return self.no_limit if credits is None else str(credits)

    def word(self, english: str) -> str:
        return self.words.get(english, english)

    def reason(self, english: str) -> str:
        return self.reasons.get(english, english)


ENGLISH = Formats()


def parse_formats(files: Mapping[str, Node], report: Report) -> dict[str, Formats]:
    """The formats of every content/<locale>/formats.yaml."""
    return {
        file.split("/")[1]: _formats(root, report)
        for file, root in files.items()
        if file.startswith("content/") and file.endswith("/formats.yaml")
    }


def _formats(root: Node, report: Report) -> Formats:
    pairs = report.fields(root, ["formats"], ["formats"], "C030")
    if "formats" not in pairs:
        return ENGLISH
    keys = Formats.__struct_fields__
    fields = report.fields(pairs["formats"], keys, code="C030")
    texts: dict[str, str] = {
        name: report.text(fields[name], code="C030")
        for name in ("moment", "calendar_day", "money", "decimal", "no_limit")
        if name in fields
    }
    for name in _PARTS.keys() & texts.keys():
        _check_pattern(fields[name], texts[name], _PARTS[name], report)
    found = replace(
        ENGLISH,
        moment=texts.get("moment", ENGLISH.moment),
        calendar_day=texts.get("calendar_day", ENGLISH.calendar_day),
        money=texts.get("money", ENGLISH.money),
        decimal=texts.get("decimal", ENGLISH.decimal),
        no_limit=texts.get("no_limit", ENGLISH.no_limit),
        units={**ENGLISH.units, **_units(fields.get("units"), report)},
        per={**ENGLISH.per, **_texts(fields.get("per"), report, tuple(PER))},
        words=_texts(fields.get("words"), report),
        reasons=_texts(fields.get("reasons"), report),
    )
    if "months" not in fields:
        return found
    months = report.texts(fields["months"], "C030")
    if len(months) != len(ENGLISH.months):
        report.error(fields["months"], "C030", f"a year has 12 months, not {len(months)}")
        return found
    return replace(found, months=months)


def _check_pattern(node: Node, text: str, parts: tuple[str, ...], report: Report) -> None:
    try:
        text.format(**dict.fromkeys(parts, "1"))
    except (KeyError, IndexError, ValueError, AttributeError):
        known = ", ".join(f"{{{part}}}" for part in parts)
        report.error(node, "C030", f"'{text}' may use {known}")


def _units(node: Node | None, report: Report) -> dict[str, tuple[str, ...]]:
    """Each unit's word for one and for more."""
    found: dict[str, tuple[str, ...]] = {}
    pairs = report.fields(node, tuple(UNITS), code="C030") if node is not None else {}
    for name, one in pairs.items():
        forms = report.texts(one, "C030")
        if len(forms) != 2:
            report.error(one, "C030", f"write the word for one {name}, and the one for more")
        else:
            found[name] = forms
    return found


def _texts(
    node: Node | None, report: Report, keys: tuple[str, ...] | None = None
) -> dict[str, str]:
    if node is None:
        return {}
    pairs = report.mapping(node, "C030") if keys is None else report.fields(node, keys, (), "C030")
    return {name: report.text(one, code="C030") for name, one in pairs.items()}
