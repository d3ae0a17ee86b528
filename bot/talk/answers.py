"""Which words an answer is made of, and how they go over the wire."""

import hashlib
from typing import Any

from bot.content.render import Said
from bot.ledger.postings import derived_id
from bot.model.message import Choice, Inbound, Reply
from bot.model.money import Outcome, Remaining, Tier
from bot.model.person import Person
from bot.people.calendar import rfc3339
from bot.people.locales import DEFAULT
from bot.talk.acts import CRISIS, Command, Result
from bot.talk.case import Case, Done
from bot.talk.dialogue import Proposal
from bot.talk.filling import WHICH_ZONE
from bot.talk.quizzing import QUESTION, TOPIC, open_question
from bot.talk.script import Script
from bot.talk.words import View

BACK_SILENT = frozenset(
    {"greet", "welcome", "goodbye", "recap"}
)  # they greet or part by themselves
LESSON = "*lesson*"  # stands for the item's own text in a list of acts
MARK_CHARS = 16
ASKED = frozenset({"market", "ask_topic"})  # a first question; what we are for comes after it


def acts_of(case: Case, done: Done, proposal: Proposal, person: Person) -> tuple[str, ...]:
    """The replies an answer is joined from, in order."""
    if done.act == CRISIS:
        return (CRISIS,)
    opening = ("disclosure",) if person.seen.disclosed_at == case.now else ()
    if case.needs_break:
        opening = (*opening, "take_a_break")
    main = _in_english(case, done, person, _main_acts(case, done, proposal))
    asked = _question(case, person, main)
    stood = case.person.state.topic or case.script.dialogue.story.question(case.person.state)
    if case.is_back and stood and case.inbound.kind == "message" and main[0] not in BACK_SILENT:
        opening = (*opening, "welcome_back")
    news = ("achieved",) if "achieved" in done.words else ()
    said = opening + _with_risk(main) + news + asked
    if case.intent.language:
        said = (*said, "language_heard")
    is_first = case.is_new and case.inbound.kind == "message" and case.intent.name in ASKED
    return (*said, "onboarding") if is_first else said


def _in_english(case: Case, done: Done, person: Person, main: tuple[str, ...]) -> tuple[str, ...]:
    """A lesson or quiz that has no words in somebody's language says so."""
    content, language = case.script.content, person.profile.language
    if language == DEFAULT:
        return main
    if done.lesson is not None and not content.is_told_in(done.lesson.sku, language):
        place = main.index(LESSON)
        return (*main[:place], "lesson_in_english", *main[place:])
    if main == ("quiz_begin",) and not content.has_quiz_in(str(case.slots["topic"]), language):
        return (*main, "quiz_in_english")
    return main


def _main_acts(case: Case, done: Done, proposal: Proposal) -> tuple[str, ...]:
    if done.lesson is not None:
        match done.result:
            case Result.UNLOCKED:
                return ("unlocked", LESSON)
            case Result.ALREADY_OWNED:
                return ("already_owned", LESSON)
            case _:
                return (LESSON, "lesson_more")
    if done.acts:
        return done.acts
    if done.act:
        return (done.act,)
    wished = case.verdict.effects.get("reply") if case.verdict is not None else None
    if wished and case.command == Command.SAY:
        return (str(wished),)
    return (proposal.act,)


def _question(case: Case, person: Person, main: tuple[str, ...]) -> tuple[str, ...]:
    """What stands to be answered is asked, and asked again after whatever else was said."""
    question = case.script.dialogue.story.question(person.state)
    if not question or question in main or WHICH_ZONE in main:
        return ()
    language = person.profile.language
    is_quiz = TOPIC in person.state.data
    if is_quiz and open_question(case.script, person.state, language) is None:
        return ()
    return (QUESTION, question) if is_quiz else (question,)


def _with_risk(acts: tuple[str, ...]) -> tuple[str, ...]:
    """Market content carries the risk line."""
    return (*acts, "risk") if "market" in acts else acts


def asks_from(script: Script, person: Person, acts: tuple[str, ...]) -> int:
    """Where among the replies the question that stands begins; 0 when none of them asks it."""
    question = script.dialogue.story.question(person.state)
    return acts.index(question) if question in acts else 0


def view_of(case: Case, done: Done, person: Person, persona: str) -> View:
    """What the words are about."""
    item = done.lesson or case.item
    given = {name: value for name, value in done.words.items() if not name.startswith("_")}
    given.pop("explanation", None)
    given.setdefault("choices", case.intent.nearest)
    verdict = case.verdict
    return View(
        script=case.script,
        person=person,
        now=case.now,
        zone=person.profile.time_zone or case.zone,
        is_new=case.is_new,
        item=item,
        price=int(given.get("price", item.price if item else 0)),
        until=done.words.get("_until"),
        reason=str(given.get("reason", "")),
        because=verdict.because("gate") if verdict is not None else "",
        persona=persona,
        market=done.words.get("_market"),
        given=given,
    )


def reply_of(
    case: Case,
    done: Done,
    person: Person,
    persona: str,
    said: Said,
) -> Reply:
    """The reply, with the wire answer of an unlock that came without words."""
    item = done.lesson or case.item
    is_priced = item is not None and (done.outcome is not None or done.result == Result.OFFERED)
    turn_id = _turn_id(case, done)
    body = None
    if case.inbound.kind == "purchase" and done.outcome is not None:
        content = said.last if done.lesson is not None else None
        body = _unlock_body(done.outcome, turn_id, said.text, content, said.choices)
    return Reply(
        turn_id=turn_id,
        text=said.text,
        blocks=said.blocks,
        choices=said.choices,
        tier=item.tier if item is not None else Tier.FREE,
        price=int(done.words.get("price", item.price)) if is_priced and item else 0,
        persona=persona,
        state=person.state.name,
        outcome=done.outcome.outcome if done.outcome is not None else None,
        body=body,
    )


def _turn_id(case: Case, done: Done) -> str:
    """An attempt that is not final leaves its id free: the same call is decided afresh."""
    turn_id = case.moment.turn_id
    if case.inbound.kind == "purchase" and done.outcome is not None and not done.outcome.is_final:
        return derived_id(turn_id, case.person.version)
    return turn_id


def _unlock_body(
    outcome: Outcome, turn_id: str, text: str, content: str | None, choices: tuple[Choice, ...]
) -> dict[str, Any]:
    return {
        "outcome": outcome.outcome,
        "sku": outcome.sku,
        "tier": outcome.tier.value,
        "price": outcome.price,
        "balance": outcome.balance,
        "remaining": _per_period(outcome.remaining),
        "reason": outcome.reason,
        "until": rfc3339(outcome.until) if outcome.until is not None else None,
        "text": text,
        "content": content,
        "choices": [{"label": choice.label, "send": choice.send} for choice in choices],
        "unlock_id": outcome.unlock_id,
        "transfer_id": outcome.transfer_id,
        "turn_id": turn_id,
    }


def _per_period(remaining: Remaining) -> dict[str, int | None]:
    return {"day": remaining.day, "week": remaining.week, "month": remaining.month}


def outcome_id(case: Case, done: Done) -> str:
    """The id this answer is kept under for ever; nothing for questions and for chat."""
    outcome = done.outcome
    if outcome is None:
        return kept_id(case.inbound)
    is_again = outcome.outcome == "already_owned" and not case.inbound.fingerprint
    if not outcome.is_final or is_again or case.inbound.kind != "purchase":
        return ""
    return f"unlock:{outcome.unlock_id}"


def kept_id(inbound: Inbound) -> str:
    """The id whose outcome is kept for ever, or nothing when the caller gave none."""
    return f"{inbound.name}:{inbound.id}" if inbound.fingerprint else ""


def text_mark(inbound: Inbound) -> str:
    """A mark by which the same text said twice is known; it does not give the text away."""
    if not inbound.text:
        return ""
    text = f"{inbound.person_id}|{inbound.text.strip().casefold()}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:MARK_CHARS]
