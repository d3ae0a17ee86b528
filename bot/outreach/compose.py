"""The text of a message we begin, with the figures of the moment it is sent."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from bot.content.choose import choose, notice
from bot.content.markdown import joined
from bot.content.parse import Content
from bot.content.policy import DISCLOSED_EVERY_US
from bot.content.render import render
from bot.insight import market
from bot.ledger import windows
from bot.model.message import Alert, Market
from bot.model.person import Person
from bot.people.calendar import DAY_US, HOUR_US
from bot.progress import streaks
from bot.progress.downtime import Outages
from bot.progress.terms import PLAIN, StreakRule


class Subject(Struct, frozen=True):
    """Who is written to about what: everything the variables are computed from.

    `given` are variables that the message brought along.
    """

    person: Person
    now: int
    zone: str
    bot: str
    persona: str = ""
    voice: str = ""
    market: Market | None = None
    alert: Alert | None = None
    stale_minutes: int = 15
    streaks: StreakRule = PLAIN
    outages: Outages = ()
    given: Mapping[str, Any] = {}


class Composed(Struct, frozen=True):
    """Subject line and body in a persona's voice; a `fault` instead when there is no text.

    `discloses`: the body says that a machine wrote it.
    """

    subject: str = ""
    body: str = ""
    persona: str = ""
    discloses: bool = False
    fault: str = ""


def compose(content: Content, template: str, about: Subject) -> Composed:
    """The notification in the person's language and voice; market news carry the risk line."""
    urgency = about.alert.urgency if about.alert is not None else 0
    discloses = about.now - about.person.seen.disclosed_at >= DISCLOSED_EVERY_US
    below = ["risk"] * (about.alert is not None) + ["disclosure"] * discloses
    locale, voice = about.person.profile.language, about.persona
    try:
        chosen = notice(content, template, voice, locale, urgency)
        lines = [choose(content, name, voice, locale, 0).template for name in below]
    except KeyError as error:
        return Composed(fault=str(error.args[0]))
    words = variables(about)
    body = render(chosen.body, words)
    if not body.text:
        return Composed(fault=f"the text of '{template}' came out empty")
    whole = joined(body, *(render(line, words) for line in lines))
    return Composed(render(chosen.subject, words).text, whole.text, voice, discloses)


def variables(about: Subject) -> dict[str, Any]:
    """What a notification may say; the keys are those of content's NOTIFICATION."""
    person, now = about.person, about.now
    words: dict[str, Any] = {
        "bot": about.bot,
        "name": person.profile.name,
        "persona": about.voice,
        "balance": windows.balance(person.spending, now),
        "is_paused": windows.closed(person.spending, now) is not None,
        "streak": _streak(about),
        "lessons": len(person.progress.lessons),
        "days_idle": max(0, now - person.seen_at) // DAY_US,
        "watched": person.watch,
    }
    known, stale = about.market, about.stale_minutes
    if known is not None and not market.is_stale(known, now, stale):  # an old price is not told
        words |= {name: read(known, now, stale) for name, read in market.WORDS.items()}
    if about.alert is not None:
        words |= _alert_words(about.alert, now)
    return {**words, **about.given}


def _streak(about: Subject) -> int:
    own = about.person.progress.streaks
    return streaks.current(own, about.now, about.streaks, about.outages)


def _alert_words(alert: Alert, now: int) -> Mapping[str, Any]:
    """The news and its own age: it may have been held over night."""
    return {
        "asset": alert.asset,
        "alert_type": alert.alert_type,
        "alert": _sentence(alert.message),
        "alert_hours": max(0, now - alert.at) // HOUR_US,
        "urgency": alert.urgency,
    }


def _sentence(text: str) -> str:
    """News as a sentence that another may follow."""
    whole = text.strip()
    return whole if whole.endswith((".", "!", "?", "\u2026")) or not whole else f"{whole}."
