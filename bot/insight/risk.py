"""How likely somebody is to leave, 0 to 100, its reasons, and a level that does not flicker."""

import math

from msgspec import Struct

from bot.insight.scorecard import RiskRule, Scorecard
from bot.model.person import Person
from bot.model.risk import LEVELS, Absence, Level, Night, Part, Risk
from bot.people.calendar import local_date

REASONS = 3  # R4
LESSONS_SCALE = 3.0  # lessons after which "few" has fallen to a third
STALE_NIGHTS = 2  # a level that is older is not held on to


class Signals(Struct, frozen=True):
    """What is measured of a person at an instant; `values` by the names of a scorecard."""

    values: dict[str, float]
    days_away: int
    days_known: int
    active_days: int
    absence: Absence = ""


def reckoned(
    person: Person, now: int, zone: str, streak: int, rule: RiskRule, before: Risk | None = None
) -> Risk:
    """The risk at `now`, beside what was stored; `zone` is ours, a night is a date of it.

    Reckoned again in the same night, it stands where it would have stood the first time.
    """
    night = local_date(now, zone).toordinal()
    seen = signals(person, now, zone, streak, rule)
    past = _past(before, night)
    plain = Risk(person.id, now, night, days_away=seen.days_away, absence=seen.absence)
    if seen.absence:
        return plain
    points = score(seen, rule.card)
    leaning = _leaning(points, past, rule)
    leaned = past.leaned + 1 if past is not None and past.leaning == leaning else 1
    is_settled = past is None or leaned >= rule.nights
    level = leaning if past is None or is_settled else past.level
    since = past.since if past is not None and level == past.level else night
    return Risk(
        person.id,
        now,
        night,
        points,
        confidence(seen, rule),
        rule.card.label,
        seen.days_away,
        reasons(seen, rule.card),
        level,
        leaning,
        leaned,
        since,
        before=past,
    )


def signals(person: Person, now: int, zone: str, streak: int, rule: RiskRule) -> Signals:
    """Everything the score is made of; nothing of it is about money."""
    own_zone = person.profile.time_zone or zone
    today = local_date(now, own_zone).toordinal()
    active = [one.day for one in person.progress.days if one.day <= today]
    spoken = local_date(person.seen_at or person.created_at, own_zone).toordinal()
    days_away = max(0, today - max(*active, spoken) if active else today - spoken)
    first = local_date(person.created_at, own_zone).toordinal()
    first = min(first, person.progress.streaks.since or first)
    answers = person.progress.answers
    values = {
        "away": math.log1p(days_away),
        "rare": 1.0 - 1.0 / _gap(active),
        "no_streak": float(streak <= 0),
        "few_lessons": math.exp(-lessons_of(person) / LESSONS_SCALE),
        "hard_quizzes": 1.0 - sum(answers) / len(answers) if answers else 0.0,
    }
    absence = _absence(person, today, today - first, rule)
    return Signals(values, days_away, today - first, len(active), absence)


def lessons_of(person: Person) -> int:
    """Finished lessons: those of the chat, or those that were reported."""
    progress = person.progress
    return max(len(progress.lessons), progress.counts.get("lesson_complete", 0))


def score(seen: Signals, card: Scorecard) -> int:
    """0 to 100: the chance that the log-odds amount to, rounded."""
    log_odds = card.base + sum(part.log_odds for part in parts(seen, card))
    return round(100.0 / (1.0 + math.exp(-log_odds)))


def parts(seen: Signals, card: Scorecard) -> tuple[Part, ...]:
    """What each signal adds; with the base they add up to the log-odds."""
    return tuple(
        Part(name, round(seen.values[name], 4), weight * seen.values[name])
        for name, weight in card.weights.items()
    )


def reasons(seen: Signals, card: Scorecard) -> tuple[Part, ...]:
    """The three parts that raised the score most; what adds nothing is no reason."""
    raising = [part for part in parts(seen, card) if part.log_odds > 0]
    return tuple(sorted(raising, key=lambda part: (-part.log_odds, part.name))[:REASONS])


def confidence(seen: Signals, rule: RiskRule) -> float:
    """0 to 1: how much was seen of the person; of rules it is never sure."""
    known = seen.days_known + seen.active_days
    doubt: float = 0.5 ** (known / rule.half_days)
    return round(rule.most_sure * (1.0 - doubt), 2)


def level_of(points: int, rule: RiskRule) -> Level:
    """The level of a score by the cut-offs alone."""
    return next((one for one in reversed(LEVELS[1:]) if points >= rule.cuts[one]), LEVELS[0])


def _leaning(points: int, past: Night | None, rule: RiskRule) -> Level:
    """R3: a level is left downwards only so many points below its cut-off."""
    found = level_of(points, rule)
    if past is None or LEVELS.index(found) >= LEVELS.index(past.level):
        return found
    return past.level if points > rule.cuts[past.level] - rule.points else found


def _past(before: Risk | None, night: int) -> Night | None:
    """The night before as stored; None where there is none, or it is too long ago."""
    if before is None:
        return None
    held = before.before if before.night >= night else _night_of(before)
    return held if held is not None and night - held.night <= STALE_NIGHTS else None


def _night_of(risk: Risk) -> Night | None:
    if risk.score is None:
        return None
    return Night(risk.night, risk.score, risk.level, risk.leaning, risk.leaned, risk.since)


def _gap(active: list[int]) -> float:
    """Days between the latest active dates; of a single one nothing is known: a week and more."""
    if len(active) < 2:
        return 14.0
    return max(1.0, (active[-1] - active[0]) / (len(active) - 1))


def _absence(person: Person, today: int, days_known: int, rule: RiskRule) -> Absence:
    """R4: whoever is new or paused has no score."""
    pauses = person.progress.streaks.pauses
    if any(first <= today <= last for first, last in pauses):
        return "paused"
    return "new" if days_known < rule.new_days else ""
