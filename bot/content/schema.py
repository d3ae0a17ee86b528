"""The variables a template may use: their kinds, meanings and what stands in when absent."""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

Sort = Literal["text", "number", "flag", "record", "list"]


class Variable(Struct, frozen=True):
    """One name templates may use; records and lists of records name their fields."""

    sort: Sort
    about: str
    fields: dict[str, Sort] = {}

    def empty(self) -> Any:
        """What a template sees when nobody gave the variable."""
        if self.sort == "record":
            return {name: _EMPTY[sort] for name, sort in self.fields.items()}
        return _EMPTY[self.sort]


_EMPTY: dict[str, Any] = {"text": "", "number": 0, "flag": False, "list": (), "record": {}}
_PERIODS: dict[str, Sort] = {"day": "text", "week": "text", "month": "text"}
_PAID: dict[str, Sort] = {"basic": "number", "premium": "number", "exclusive": "number"}


def _text(about: str) -> Variable:
    return Variable("text", about)


def _number(about: str) -> Variable:
    return Variable("number", about)


VARIABLES: Mapping[str, Variable] = {
    # always
    "bot": _text("what the bot calls itself"),
    "name": _text("the person's name, or empty"),
    "persona": _text("the title of the voice that speaks"),
    "topic": _text("the title of the topic that stands open"),
    "balance": _number("credits the person has"),
    "is_new": Variable("flag", "the first message of this person"),
    "is_paused": Variable("flag", "paid depths are closed: a pause, a rest or care"),
    "closed_until": _text("until when they are, in the person's own time"),
    # an item, its price, a refusal
    "is_declined": Variable("flag", "a no to the next depth of the topic, less than 30 days ago"),
    "title": _text("the title of the item: topic and depth"),
    "sku": _text("the item, as topic.depth"),
    "depth": _text("free, basic, premium or exclusive"),
    "price": _number("credits it costs now"),
    "money": _text("the price in money, like EUR 5.00"),
    "balance_after": _number("credits left once it is bought"),
    "lacking": _number("credits that are missing for it"),
    "remaining": Variable("record", "credits the limits leave, or 'no limit'", _PERIODS),
    "limits": Variable("record", "the limits in credits, or 'no limit'", _PERIODS),
    "prices": Variable("record", "credits each paid depth costs", _PAID),
    "reason": _text("why, in one word of the ledger or a rule"),
    "because": _text("why, in the sentence of the rule that decided"),
    "reasons": Variable("list", "every sentence behind the last answer"),
    "heard": _text("how the message was understood: phrase, answer, mended, likely, none or call"),
    "likeness": _number("how sure that was, in per cent, where it was only likely"),
    "meant": _text("what it was understood as, in words that may be said"),
    "voice": _text("the sentence of the rule that chose the voice"),
    "is_pinned": Variable("flag", "the person chose the voice"),
    "until": _text("when it frees up, in the person's own time"),
    "wait": _text("how long that is, like 2 hours"),
    # limits, pauses, profile
    "amount": _number("the credits named in the message"),
    "period": _text("day, week or month"),
    "hours": _number("how long a pause was asked for"),
    "has_request": Variable("flag", "an increase of the limits waits for its second yes"),
    "request": _text("that increase, in words"),
    "confirm_from": _text("when that increase may be confirmed"),
    "lapses": _text("when that increase is forgotten"),
    "spent": _number("credits spent since the session began"),
    "spent_money": _text("the same in money"),
    "minutes": _number("minutes since the session began"),
    "age": _text("adult, minor or unknown"),
    "zone": _text("the time zone"),
    "zones": Variable(
        "list",
        "the zones to choose from, each with its city and the time there",
        {"zone": "text", "city": "text", "time": "text"},
    ),
    "skill": _text("the level reached by finished lessons"),
    "next_skill": _text("the level after it, or empty"),
    "steps_left": _number("lessons or quizzes that level still takes"),
    "lessons": _number("lessons finished"),
    "achieved": Variable("list", "achievements and levels reached just now"),
    "xp": _number("XP, which are earned and never spent"),
    "level_number": _number("the level of the ladder that these XP reached, from 1"),
    "level_name": _text("what that level is called"),
    "next_level": _text("the level above, or empty"),
    "xp_left": _number("XP that the level above still takes"),
    "points": _number("habit points that can be spent"),
    "free_rewards": _number("rewards that cost the person nothing"),
    "rewards": Variable(
        "list",
        "what points buy",
        {"id": "text", "title": "text", "points": "number", "text": "text"},
    ),
    "reward": _text("the reward this is about"),
    "reward_points": _number("the points it costs the person"),
    "points_after": _number("points left once it is had"),
    "points_missing": _number("points that are missing for it"),
    "achievements": Variable(
        "list",
        "achievements of the person, the latest last",
        {"badge": "text", "name": "text", "text": "text"},
    ),
    "more_achievements": _number("achievements that can still be reached"),
    "streak": _number("days in a row"),
    "best_streak": _number("the most days in a row there ever were"),
    "freezes": _number("freezes held: each keeps the streak over a day that was missed"),
    "freezes_at": Variable("list", "the lengths of a streak at which a freeze is earned"),
    "is_today_done": Variable("flag", "today counts for the streak already"),
    "broken_streak": _number("days of a streak that may come back now, or 0"),
    "streak_pause": _text("the last day of a planned pause that is not over, or empty"),
    "pause_days": _number("days of the year that may still be paused"),
    "is_listed": Variable("flag", "the person joined the leaderboards"),
    "board_name": _text("the name others see there, or empty"),
    "week_rank": _number("the rank by XP of this week; 0 without any"),
    "week_people": _number("how many have XP this week"),
    "week_xp": _number("XP of this week"),
    "week_top": _number("the first so many per cent; 0 where too few are compared"),
    "ever_rank": _number("the rank by all XP ever earned; 0 without any"),
    "ever_people": _number("how many have XP at all"),
    "neighbours": Variable(
        "list",
        "who stands around the person on the board of the week",
        {"rank": "number", "name": "text", "xp": "number", "mark": "text"},
    ),
    "challenges": Variable(
        "list",
        "the challenges that teams take on",
        {"name": "text", "text": "text", "badge": "text"},
    ),
    "challenge": _text("the challenge of the person's team"),
    "team_name": _text("the name of their team, or empty"),
    "team_code": _text("the code that others join it by"),
    "team_total": _number("what all in it gave: XP, points or times"),
    "team_goal": _number("what it is to reach"),
    "team_share": _number("what the person gave"),
    "team_people": _number("how many are in it"),
    "is_team_done": Variable("flag", "its goal is met"),
    "answer": _text("on or off"),
    "topics": Variable("list", "the titles of all topics"),
    "free_topics": Variable("list", "the titles of topics whose first lesson is free"),
    "courses": Variable(
        "list",
        "courses, each with its topics",
        {"title": "text", "about": "text", "topics": "text"},
    ),
    "owned": Variable("list", "the titles of what was unlocked"),
    "watched": Variable("list", "the assets followed"),
    "voices": Variable("list", "the titles of all voices"),
    # a quiz, a form, a report
    "options": Variable("list", "the answers to choose from"),
    "option_a": _text("the first of them"),
    "option_b": _text("the second"),
    "option_c": _text("the third, or empty"),
    "option_d": _text("the fourth, or empty"),
    "question_number": _number("which question of the quiz stands"),
    "question_count": _number("how many the quiz has"),
    "right_option": _text("the right answer to the question just answered"),
    "right_count": _number("questions answered right in this quiz"),
    "has_quiz": Variable("flag", "the topic that stands open has a quiz"),
    "course": _text("the title of the course the topic belongs to, or empty"),
    "quizzes": _number("quizzes finished, one a topic"),
    "goal": _text("what the person wants, in their words"),
    "experience": _text("how long they have been at it, as told"),
    "learning_style": _text("how they like to learn, as told"),
    "language": _text("the language of the replies, like en"),
    "languages": Variable("list", "the languages there are"),
    "spent_by": Variable("record", "credits counted so far in each period", _PERIODS),
    "purchases": Variable(
        "list", "the latest unlocks", {"title": "text", "price": "text", "on": "text"}
    ),
    # somebody of staff is wanted
    "is_on_duty": Variable("flag", "somebody of staff is there; until says how long"),
    "is_again": Variable("flag", "this was asked for before and is not answered yet"),
    # the market
    "asset": _text("BTC and the like"),
    "assets": Variable("list", "the assets the feed knows"),
    "price_now": _text("the price, like 43,200"),
    "change": _number("per cent over a day"),
    "trend": _text("up, down or sideways"),
    "volatility": _number("0 to 1"),
    "level": _text("the price level an alert is about, or empty"),
    "age_minutes": _number("how old these figures are"),
    "age_hours": _number("the same in whole hours"),
    "age_days": _number("the same in whole days"),
    "is_stale": Variable("flag", "they are too old to be those of now"),
    "is_simulated": Variable("flag", "the figures come from a simulation"),
    "is_replayed": Variable("flag", "the figures are of the past, played again"),
    "clusters": Variable(
        "list", "liquidation clusters", {"price": "text", "side": "text", "size": "text"}
    ),
    "whales": Variable("list", "large moves of coins", {"amount": "text", "direction": "text"}),
    "alert_type": _text("what kind of news"),
    "alert": _text("the news itself, as it was sent to us"),
    "alert_hours": _number("whole hours since that news came"),
    "urgency": _number("1 to 10"),
    "days_idle": _number("days since the last visit"),
    "choices": Variable("list", "what the person may have meant"),
    # a person's page
    "n": _number("the number shown"),
    "most": _number("the most it can be, or what it is counted towards"),
    "what": _text("what is named: a title, a name, a number with decimals"),
}

DEFAULTS: Mapping[str, Any] = {name: variable.empty() for name, variable in VARIABLES.items()}
