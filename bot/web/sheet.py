"""The person's page as HTML: templates filled with numbers and authored words."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.app import Service
from bot.content.formats import Formats
from bot.content.parse import Content
from bot.content.render import render
from bot.people.calendar import from_rfc3339, local_date
from bot.web.page import POLICY
from bot.web.standing import LevelLine, Standing
from bot.web.wire import PerPeriod

FOLDER = Path(__file__).parent / "pages"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# What was done with a form -> where on the page it is said.
SECTION_OF: Mapping[str, str] = {
    "limits": "credits",
    "higher": "credits",
    "nothing": "credits",
    "refused_limits": "credits",
    "pause": "credits",
    "messages": "messages",
    "refused_quiet": "messages",
    "days": "streak",
    "streak_paused": "streak",
    "refused_pause": "streak",
    "reward": "wallet",
    "refused_reward": "wallet",
    "board": "board",
    "left_board": "board",
    "refused_name": "board",
    "language": "data",
}
# What a day can be -> the shape that is drawn for it.
SHAPE_OF: Mapping[str, str] = {
    "done": "done",
    "repaired": "repaired",
    "frozen": "frozen",
    "paused": "paused",
    "amnesty": "kept",
    "skipped": "kept",
    "missed": "missed",
    "today": "today",
}
ELSEWHERE = ("again", "erased", "left")  # said where nobody is known any more
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    **POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # without one a form's Origin is "null"
    "Cache-Control": "no-store",
}

Text = Callable[..., str]


def drawn(service: Service, stands: Standing, own: str, told: str) -> web.Response:
    """The page of somebody known; `told` names what a form of it just did."""
    content, locale = service.catalogs.current.script.content, stands.language
    formats = content.format(locale)
    text = _texts(content, locale, service.settings.bot.name)
    values = {
        **_frame(service, locale, text),
        "own": own,
        "stands": stands,
        "told": told,
        "said_in": SECTION_OF.get(told, ""),
        "said_text": text(f"told_{told}") if told in SECTION_OF else "",
        "send": _send(stands, text),
        "week": _week(stands, formats, text),
        **_money(stands, formats),
        **_words(content, stands, formats, text),
    }
    return _answer("me.html", values, formats)


def arrival(service: Service, accepted: str, told: str = "") -> web.Response:
    """The page for somebody not known yet: its script finds out who it is, or says how to come."""
    content = service.catalogs.current.script.content
    wished = [part.split(";")[0].strip()[:2].lower() for part in accepted.split(",")]
    locale = next((one for one in wished if one in content.locales), content.locales[0])
    text = _texts(content, locale, service.settings.bot.name)
    values = {
        **_frame(service, locale, text),
        "site_key": service.settings.widget.site_key,
        "is_demo": service.settings.auth.mode == "demo",
        "said": text(f"told_{told}") if told in ELSEWHERE else "",
    }
    return _answer("arrive.html", values, content.format(locale))


def _answer(name: str, values: Mapping[str, Any], formats: Formats) -> web.Response:
    body = _templates(formats.decimal).get_template(name).render(values)
    response = web.Response(text=body, headers=HEADERS)
    response.enable_compression()
    return response


@lru_cache(maxsize=4)
def _templates(decimal: str) -> Environment:
    """The templates, with numbers written as a language does."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    between = "\u202f" if decimal == "," else ","
    made.filters["whole"] = lambda number: f"{number:,}".replace(",", between)
    made.filters["decimal"] = lambda number: f"{number:,.1f}".translate(
        str.maketrans(",.", between + decimal)
    )
    return made


def _texts(content: Content, locale: str, bot: str) -> Text:
    def text(name: str, /, **values: Any) -> str:
        return render(content.page_text(name, locale), {"bot": bot, **values}).text

    return text


def _frame(service: Service, locale: str, text: Text) -> dict[str, Any]:
    return {"t": text, "locale": locale, "bot": service.settings.bot.name}


def _send(stands: Standing, text: Text) -> str:
    """What to write in the chat for the next step."""
    if stands.next.kind in ("lesson", "quiz"):
        return text(f"send_{stands.next.kind}", what=stands.next.title)
    return ""


def _week(stands: Standing, formats: Formats, text: Text) -> list[dict[str, Any]]:
    """The rows of the week strip and of the chart of XP, today last."""
    rows = []
    for one in stands.days:
        day = date.fromisoformat(one.date)
        rows.append(
            {
                "label": text(f"day_{WEEKDAYS[day.weekday()]}"),
                "date": formats.day(day),
                "state": one.state,
                "shape": SHAPE_OF.get(one.state, "none"),
                "value": one.xp,
                "shown": str(one.xp),
            }
        )
    return rows


def _money(stands: Standing, formats: Formats) -> dict[str, Any]:
    limits = stands.limits
    pending = limits.pending
    return {
        "cap": lambda caps, period: formats.credits(getattr(caps, period)),
        "caps": _caps(limits.limits),
        "no_limit": formats.no_limit,
        "closed": {
            "paused": limits.paused_until,
            "resting": limits.resting_until,
            "care": limits.care_until,
        },
        "is_confirmable": pending is not None
        and (from_rfc3339(pending.confirm_from) or 0) <= (from_rfc3339(stands.at) or 0),
    }


def _caps(caps: PerPeriod) -> dict[str, str]:
    given = {"day": caps.day, "week": caps.week, "month": caps.month}
    return {period: "" if cap is None else str(cap) for period, cap in given.items()}


def _words(
    content: Content, stands: Standing, formats: Formats, text: Text
) -> dict[str, Callable[..., str]]:
    def when(at: str) -> str:
        return formats.instant(from_rfc3339(at) or 0, stands.time_zone)

    def when_day(at: str) -> str:
        return formats.day(local_date(from_rfc3339(at) or 0, stands.time_zone))

    def on(day: str) -> str:
        return formats.day(date.fromisoformat(day))

    def action(name: str) -> str:
        spoken = formats.word(name.replace("_", " "))
        return spoken[:1].upper() + spoken[1:]

    def brings(rung: LevelLine) -> str:
        parts = [
            text(f"brings_{what}", n=n)
            for what in ("freezes", "discount", "early_days")
            if (n := getattr(rung, what))
        ]
        return ", ".join(parts)

    def tongue(locale: str) -> str:
        return render(content.page_text("tongue", locale), {}).text

    return {
        "when": when,
        "when_day": when_day,
        "on": on,
        "action": action,
        "brings": brings,
        "tongue": tongue,
        "word": formats.word,
    }
