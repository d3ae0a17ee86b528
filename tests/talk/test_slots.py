"""What fills the holes of phrases: numbers and dates as people write them, and languages."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.people.calendar import is_zone, local_date
from bot.talk import slots
from bot.talk.asks import slots_of
from bot.talk.dates import MONTHS, WEEKDAYS, day_of
from bot.talk.understand import understand
from tests.talk.test_decide import NOW, said
from tests.talk.test_understand import heard, small

ZONE = "Europe/Helsinki"
PHRASES, REPORT = small(
    en="""
intents:
  day: ["due {date}"]
  count: ["count {number}", "for {duration}"]
words:
  unit: {day: [days], week: [weeks]}
  multiple: {"1000": [k, thousand, tuhatta], "1000000": [million]}
  number: {"1": [one, a], "2": [two], "3": [three], "5": [five], "20": [twenty], "100": [hundred]}
  date:
    tomorrow: [huomenna]
    overmorrow: [day after tomorrow]
    monday: [on monday, maanantaina]
    next: [ensi]
    in: []
    hence: [from now, päästä]
    december: [dec, joulukuuta]
"""
)


def slot(text: str, kind: str) -> str | None:

    return understand(PHRASES, text, "en", "idle").slots.get(kind)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", "5"),
        ("a", None),
        ("a hundred", "100"),
        ("a thousand", "1000"),
        ("five", "5"),
        ("1000", "1000"),
        ("1,000", "1000"),
        ("1 000", "1000"),
        ("1 000 000", "1000000"),
        ("2k", "2000"),
        ("2 k", "2000"),
        ("2.5k", "2500"),
        ("two thousand", "2000"),
        ("twenty five", "25"),
        ("twenty-five", "25"),
        ("two hundred", "200"),
        ("twenty five thousand", "25000"),
        ("3 tuhatta", "3000"),
        ("2 million", "2000000"),
        ("2.5", None),
        ("2.0005k", None),
        ("-5", None),
        ("1 00", None),
        ("twenty a", None),
        ("a five", None),
        ("999999 million", None),
        ("k", None),
    ],
)
def test_a_number_is_read_as_it_is_written(text: str, number: str | None) -> None:
    assert not REPORT.mistakes
    assert slot(f"count {text}", "number") == number


def test_a_duration_takes_any_number() -> None:
    assert slot("for two weeks", "duration") == "336"
    assert slot("for twenty five days", "duration") == "600"
    assert slot("for a week", "duration") == "168"


@pytest.mark.parametrize(
    ("text", "spoken", "day"),
    [  # said on Sunday the 1st of March 2026
        ("tomorrow", "+1", "2026-03-02"),
        ("huomenna", "+1", "2026-03-02"),
        ("day after tomorrow", "+2", "2026-03-03"),
        ("today", "+0", "2026-03-01"),
        ("monday", "monday", "2026-03-02"),
        ("next monday", "monday", "2026-03-02"),
        ("on monday", "monday", "2026-03-02"),
        ("ensi sunday", "sunday", "2026-03-08"),
        ("next week", "+7", "2026-03-08"),
        ("in 3 days", "+3", "2026-03-04"),
        ("in two weeks", "+14", "2026-03-15"),
        ("in a week", "+7", "2026-03-08"),
        ("two weeks from now", "+14", "2026-03-15"),
        ("2026-12-01", "2026-12-01", "2026-12-01"),
        ("1.12.", "12-01", "2026-12-01"),
        ("1.12.2027", "2027-12-01", "2027-12-01"),
        ("1.2.", "02-01", "2027-02-01"),
        ("29.2.", "02-29", "2028-02-29"),
        ("1 december", "12-01", "2026-12-01"),
        ("december 1", "12-01", "2026-12-01"),
        ("1st of dec", "12-01", "2026-12-01"),
        ("dec 24th 2026", "2026-12-24", "2026-12-24"),
        ("1. joulukuuta", "12-01", "2026-12-01"),
        ("31.2.", None, None),
        ("2026-02-30", None, None),
        ("1 12", None, None),
        ("in 3", None, None),
        ("in 3 hours", None, None),
        ("in 99999 weeks", None, None),
    ],
)
def test_a_date_is_heard_without_a_clock_and_a_day_with_one(
    text: str, spoken: str | None, day: str | None
) -> None:
    assert slot(f"due {text}", "date") == spoken
    if spoken is not None:
        assert day_of(spoken, NOW, ZONE).isoformat() == day


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 4 * 10**15), st.sampled_from(WEEKDAYS), st.sampled_from([ZONE, "UTC"]))
def test_a_weekday_is_within_the_next_seven_days(now: int, weekday: str, zone: str) -> None:
    ahead = (day_of(weekday, now, zone) - local_date(now, zone)).days
    assert 1 <= ahead <= 7
    assert day_of(weekday, now, zone).weekday() == WEEKDAYS.index(weekday)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_every_day_can_be_written_in_three_ways(day: date) -> None:
    english = f"{MONTHS[day.month - 1]} {day.day} {day.year}"
    for text in (day.isoformat(), f"{day.day}.{day.month}.{day.year}", english):
        assert slot(f"due {text}", "date") == day.isoformat()


def test_a_command_is_given_a_day_of_the_persons_own_calendar() -> None:
    late = NOW + 11 * 3_600_000_000  # 23:00 in London is tomorrow in Helsinki

    assert slots_of("", {"date": "+1"}, late, "UTC")["date"] == "2026-03-02"
    assert slots_of("", {"date": "+1"}, late, ZONE)["date"] == "2026-03-03"
    decision = said(None, "pause until next monday", 1, NOW)
    assert decision.trace.slots == {"date": "monday"} and decision.reply.choices
    assert decision.person.spending.pauses == ()


@pytest.mark.parametrize("text", ["in Finnish", "speak suomi", "suomeksi", "talk in English"])
def test_a_language_is_named_in_english_or_by_itself(text: str) -> None:
    assert heard(text).slots["language"] in ("fi", "en")


def test_every_zone_that_can_be_named_is_one() -> None:
    assert all(is_zone(zone) for zone in slots.zones().values.values())
