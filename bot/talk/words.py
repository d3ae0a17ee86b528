"""The variables of the templates, computed only when a text asks for them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from bot.content.formats import Formats
from bot.insight import market
from bot.ledger import windows
from bot.model.message import Market
from bot.model.money import NO_LIMIT, PERIODS, TIERS, Item, Period, Remaining, Spending
from bot.model.person import Person
from bot.people import calendar, skill
from bot.people.calendar import DAY_US
from bot.talk import merits
from bot.talk.asks import next_depth
from bot.talk.quizzing import NUMBER, TOPIC, open_question
from bot.talk.script import Script

DECLINED_US = 30 * DAY_US  # P16: what was declined is not pointed at again before
MOST_PURCHASES = 5  # shown in a report


class View(Struct, frozen=True):
    """What the words are about: the person after the decision, and what was decided."""

    script: Script
    person: Person
    now: int
    zone: str
    is_new: bool = False
    item: Item | None = None
    price: int = 0
    until: int | None = None
    reason: str = ""
    because: str = ""
    persona: str = ""
    market: Market | None = None
    given: Mapping[str, Any] = {}

    @property
    def spending(self) -> Spending:
        return self.person.spending

    @property
    def language(self) -> str:
        return self.person.profile.language

    @property
    def formats(self) -> Formats:
        return self.script.content.format(self.language)


def variables(view: View, names: Iterable[str]) -> dict[str, Any]:
    """The variables a template asks for; what a command gave comes first."""
    found: dict[str, Any] = {}
    for name in names:
        if name in view.given:
            found[name] = view.given[name]
        elif name in PROVIDERS:
            found[name] = PROVIDERS[name](view)
    return found


def money(credits: int, view: View) -> str:
    """What credits cost in money, like EUR 5.00."""
    terms = view.script.terms
    return view.formats.price(credits * terms.credit_price, terms.currency)


def _limits(view: View) -> dict[str, str]:
    def cap(period: Period) -> str:
        held = windows.cap(view.spending, period, view.now, view.script.limits)
        return view.formats.credits(held)

    return {period: cap(period) for period in PERIODS}


def _remaining(view: View) -> dict[str, str]:
    left: Remaining = windows.remaining(view.spending, view.script.limits, view.now)
    return {period: view.formats.credits(getattr(left, period)) for period in PERIODS}


def _until(view: View) -> str:
    return view.formats.instant(view.until, view.zone) if view.until is not None else ""


def _closed_until(view: View) -> str:
    closing = windows.closed(view.spending, view.now)
    return view.formats.instant(closing.until, view.zone) if closing is not None else ""


def _wait(view: View) -> str:
    return view.formats.span(view.until - view.now) if view.until is not None else ""


def _lacking(view: View) -> int:
    return max(0, view.price - windows.balance(view.spending, view.now))


def _topic(view: View) -> str:
    topic = view.person.state.topic
    return view.script.content.topic_title(topic, view.language) if topic else ""


def _is_declined(view: View) -> bool:
    topic = view.item.topic if view.item is not None else view.person.state.topic
    item = next_depth(view.script, view.person, topic)
    declined_at = view.person.seen.offers.get(item.sku) if item is not None else None
    return declined_at is not None and view.now - declined_at < DECLINED_US


def _title(view: View) -> str:
    return view.script.content.title(view.item.sku, view.language) if view.item else ""


def _owned(view: View) -> tuple[str, ...]:
    content = view.script.content
    return tuple(
        content.title(sku, view.language) for sku in view.spending.owned if sku in content.items
    )


def _request(view: View) -> str:
    request = view.spending.request
    if request is None:
        return ""
    ways = view.formats
    asked = request.amounts.items()
    parts = (f"{ways.credits(_or_none(value))} {ways.per[period]}" for period, value in asked)
    return ", ".join(parts)


def _or_none(credits: int) -> int | None:
    return None if credits >= NO_LIMIT else credits


def _when(read: str) -> Callable[[View], str]:
    def provider(view: View) -> str:
        request = view.spending.request
        if request is None:
            return ""
        return view.formats.instant(getattr(request, read), view.zone)

    return provider


def _reality(read: str) -> Callable[[View], int]:
    def provider(view: View) -> int:
        checked = windows.reality(view.spending, view.script.limits, view.now)
        return int(getattr(checked, read))

    return provider


def _next_skill(view: View) -> tuple[str, int]:
    return skill.next_step(view.person.skill, view.script.skill) or ("", 0)


def _option(place: int) -> Callable[[View], str]:
    def provider(view: View) -> str:
        options = _options(view)
        return options[place] if place < len(options) else ""

    return provider


def _options(view: View) -> tuple[str, ...]:
    asked = open_question(view.script, view.person.state, view.language)
    return asked.options if asked is not None else ()


def _question_count(view: View) -> int:
    topic = view.person.state.data.get(TOPIC, "")
    return len(view.script.content.quiz(topic, view.language))


def _course(view: View) -> str:
    course = view.script.content.course_of(view.person.state.topic, view.language)
    return course.title if course is not None else ""


def _spent_by(view: View) -> dict[str, str]:
    spending = view.spending
    zone = spending.limits_zone
    return {p: str(windows.spent(spending, p, view.now, zone)) for p in PERIODS}


def _purchases(view: View) -> tuple[dict[str, str], ...]:
    """The latest unlocks, newest first; days in the person's own time."""
    content = view.script.content
    return tuple(
        {
            "title": content.title(spend.sku, view.language),
            "price": str(spend.amount),
            "on": view.formats.day(calendar.local_date(spend.at, view.zone)),
        }
        for spend in reversed(view.spending.spends[-MOST_PURCHASES:])
    )


def _market(read: Callable[[Market, int, int], Any]) -> Callable[[View], Any]:
    def provider(view: View) -> Any:
        known = view.market
        if known is None:
            return ""
        return read(known, view.now, view.script.terms.stale_minutes)

    return provider


PROVIDERS: dict[str, Callable[[View], Any]] = {
    "bot": lambda v: v.script.terms.bot_name,
    "options": _options,
    "option_a": _option(0),
    "option_b": _option(1),
    "option_c": _option(2),
    "option_d": _option(3),
    "question_number": lambda v: int(v.person.state.data.get(NUMBER, "0")) + 1,
    "question_count": _question_count,
    "has_quiz": lambda v: bool(v.script.content.quiz(v.person.state.topic, v.language)),
    "course": _course,
    "quizzes": lambda v: len(v.person.progress.quizzes),
    "goal": lambda v: v.formats.word(v.person.profile.goal),
    "experience": lambda v: v.formats.word(v.person.profile.experience),
    "learning_style": lambda v: v.formats.word(v.person.profile.learning_style),
    "language": lambda v: v.language,
    "languages": lambda v: v.script.content.locales,
    "spent_by": _spent_by,
    "purchases": _purchases,
    "name": lambda v: v.person.profile.name,
    "topic": _topic,
    "balance": lambda v: windows.balance(v.spending, v.now),
    "is_new": lambda v: v.is_new,
    "is_paused": lambda v: windows.closed(v.spending, v.now) is not None,
    "closed_until": _closed_until,
    "is_declined": _is_declined,
    "title": _title,
    "sku": lambda v: v.item.sku if v.item else "",
    "depth": lambda v: v.formats.word(v.item.tier.value) if v.item else "",
    "price": lambda v: v.price,
    "money": lambda v: money(v.price, v),
    "balance_after": lambda v: windows.balance(v.spending, v.now) - v.price,
    "lacking": _lacking,
    "remaining": _remaining,
    "limits": _limits,
    "prices": lambda v: {tier.value: v.script.prices.of(tier) for tier in TIERS[1:]},
    "reason": lambda v: v.reason,
    "because": lambda v: v.formats.reason(v.because),
    "until": _until,
    "wait": _wait,
    "has_request": lambda v: v.spending.request is not None,
    "request": _request,
    "confirm_from": _when("confirm_from"),
    "lapses": _when("lapses_at"),
    "spent": _reality("credits"),
    "spent_money": lambda v: money(_reality("credits")(v), v),
    "minutes": _reality("minutes"),
    "age": lambda v: v.person.profile.age,
    "zone": lambda v: v.zone,
    "skill": lambda v: v.formats.word(v.person.skill.level),
    "next_skill": lambda v: v.formats.word(_next_skill(v)[0]),
    "steps_left": lambda v: _next_skill(v)[1],
    "lessons": lambda v: len(v.person.progress.lessons),
    "answer": lambda v: "on" if v.person.consent.nudges else "off",
    "topics": lambda v: v.script.content.topic_titles(v.language),
    "free_topics": lambda v: v.script.content.free_titles(v.language),
    "courses": lambda v: v.script.content.course_lists(v.language),
    "owned": _owned,
    "watched": lambda v: v.person.watch,
    "voices": lambda v: v.script.personas.titles(v.language),
    "persona": lambda v: v.persona,
    "assets": lambda v: v.script.terms.assets,
    **merits.WORDS,
    **{name: _market(read) for name, read in market.WORDS.items()},
}
