"""What a person earned, as variables of the templates: XP, levels, points, streak, badges."""

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from bot.content.formats import Formats
from bot.model.money import Spending
from bot.model.person import Person
from bot.progress import points, streaks
from bot.progress.habits import HUNDRED
from bot.progress.levels import Level
from bot.progress.streaks import Standing
from bot.talk.script import Script


class Seen(Protocol):
    """What of a view these words need."""

    @property
    def script(self) -> Script: ...
    @property
    def person(self) -> Person: ...
    @property
    def now(self) -> int: ...
    @property
    def language(self) -> str: ...
    @property
    def formats(self) -> Formats: ...
    @property
    def spending(self) -> Spending: ...


def plain(hundredths: int) -> int | float:
    """Points as they are said: whole ones without decimals."""
    return hundredths // HUNDRED if hundredths % HUNDRED == 0 else hundredths / HUNDRED


def rewards(view: Seen) -> tuple[dict[str, Any], ...]:
    """What points buy, in the person's words."""
    return tuple(
        {"id": one.id, "title": one.title, "points": plain(one.points), "text": one.text}
        for one in view.script.content.rewards_in(view.language).values()
    )


def _number(view: Seen) -> int:
    return view.person.progress.shown_level


def _above(view: Seen) -> Level | None:
    return view.script.book.ladder.after(_number(view))


def _next_level(view: Seen) -> str:
    above = _above(view)
    return view.formats.word(above.name) if above is not None else ""


def _xp_left(view: Seen) -> int:
    above = _above(view)
    return max(0, above.xp - view.person.progress.xp) if above is not None else 0


def _standing(view: Seen) -> Standing:
    return streaks.standing(view.person.progress.streaks, view.now, view.script.book.streaks)


def _broken(view: Seen) -> int:
    broken = _standing(view).repairable
    return broken.days if broken is not None else 0


def _paused(view: Seen) -> str:
    pauses = _standing(view).pauses
    return view.formats.day(date.fromordinal(pauses[0][1])) if pauses else ""


def _achievements(view: Seen) -> tuple[dict[str, str], ...]:
    known = view.script.book.achievements
    found = [known.one(id) for id in view.person.progress.achievements]
    return tuple(
        {"badge": one.badge, "name": one.name(view.language), "text": one.text(view.language)}
        for one in found
        if one is not None
    )


def _more_achievements(view: Seen) -> int:
    held = view.person.progress.achievements
    return sum(one.id not in held for one in view.script.book.achievements.all)


WORDS: dict[str, Callable[[Seen], Any]] = {
    "xp": lambda v: v.person.progress.xp,
    "level_number": _number,
    "level_name": lambda v: v.formats.word(v.script.book.ladder.level(_number(v)).name),
    "next_level": _next_level,
    "xp_left": _xp_left,
    "points": lambda v: plain(points.balance(v.spending, v.now)),
    "free_rewards": lambda v: v.person.progress.free_rewards,
    "rewards": rewards,
    "achievements": _achievements,
    "more_achievements": _more_achievements,
    "streak": lambda v: _standing(v).days,
    "best_streak": lambda v: _standing(v).best,
    "freezes": lambda v: _standing(v).freezes,
    "freezes_at": lambda v: tuple(map(str, v.script.book.streaks.freezes)),
    "is_today_done": lambda v: _standing(v).is_today_done,
    "broken_streak": _broken,
    "streak_pause": _paused,
    "is_listed": lambda v: v.person.boards.is_listed,
    "board_name": lambda v: v.person.boards.name,
}
