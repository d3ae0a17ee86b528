"""Why the last answer was what it was: how it was understood, what decided, whose voice it is."""

from bot.model.message import Intent
from bot.model.person import Grounds, Heard, Person
from bot.talk.acts import ANSWERED, NONE, Command, Result
from bot.talk.case import Case, Done

DECIDING = (
    "gate",
    "price",
    "reply",
    "nudge",
    "award",
    "set",
)  # slots of rules, the weightiest first
VOICE = "persona"
SURE = 0.95  # confidence in words that stand as authored; below it slips were put right


def of(case: Case, done: Done, person: Person) -> Grounds:
    """The grounds of this answer; whoever asks why keeps those of the one before."""
    if case.command == Command.WHY:
        return person.seen.grounds
    reasons = case.verdict.reasons if case.verdict is not None else {}
    heard: Heard = _heard(case.intent) if case.inbound.kind == "message" else "call"
    is_refused = done.outcome is not None or done.result != Result.TOLD
    return Grounds(
        heard=heard,
        likeness=round(100 * case.intent.confidence) if heard == "likely" else 0,
        intent=case.intent.name,
        refusal=str(done.words.get("reason", "")) if is_refused else "",
        rules=tuple(dict.fromkeys(reasons[slot] for slot in DECIDING if slot in reasons)),
        voice="" if person.persona else reasons.get(VOICE, ""),
    )


def told(case: Case) -> Done:
    """The grounds in words: what decided first, the voice last."""
    known, language = case.person.seen.grounds, case.person.profile.language
    ways = case.script.content.format(language)
    words = {
        "heard": known.heard,
        "likeness": known.likeness,
        "meant": case.script.understanding.example(known.intent, language),
        "reason": known.refusal,
        "reasons": tuple(ways.reason(one) for one in known.rules),
        "voice": ways.reason(known.voice),
        "is_pinned": bool(case.person.persona),
    }
    return Done(Result.TOLD, case.person, "why", words=words)


def _heard(intent: Intent) -> Heard:
    if intent.name in (NONE, ANSWERED):
        return "none" if intent.name == NONE else "answer"
    if intent.source == "classifier":
        return "likely"
    return "phrase" if intent.confidence >= SURE else "mended"
