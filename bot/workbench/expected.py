"""What a story may expect of one step, and how what came is compared with it."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct, json

from bot.authored import Node
from bot.ledger import windows
from bot.ledger.settings import LimitSettings
from bot.model.decision import Trace
from bot.model.message import Reply
from bot.model.money import PERIODS
from bot.model.person import Person

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
OK = ""


class Came(Struct, frozen=True):
    """What one step led to: an answer with its trace, a job's counts, or an error; and the person
    afterwards.
    """

    now: int
    limits: LimitSettings
    text: str = ""
    reply: Reply | None = None
    trace: Trace | None = None
    person: Person | None = None
    counts: Mapping[str, int] = {}
    error: str = ""
    is_repeated: bool = False


class Miss(Struct, frozen=True):
    """One expectation that was not met."""

    node: Node
    key: str
    wanted: str
    came: str


class Expectation(Struct, frozen=True):
    """One key of `expect`: the sort of its value, what it names, and what came when it differs."""

    sort: str
    differs: Callable[[Any, Came], str]
    names: str = ""


def misses(lines: Iterable[tuple[str, Node]], came: Came) -> list[Miss]:
    """Every expectation that was not met; an error nobody expected is one too."""
    return [
        Miss(node, key, _shown(node.plain()), differs)
        for key, node in lines
        if (differs := EXPECTED[key].differs(node.plain(), came)) != OK
    ]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(one)}" for key, one in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _folded(text: str) -> str:
    return " ".join(text.split())


def _text(wanted: Any, came: Came) -> str:
    """Every text stands in what was said; else the sentence that is nearest to it."""
    whole = _folded(came.text)
    lacking = [text for text in _listed(wanted) if _folded(text) not in whole]
    if not lacking:
        return OK
    sentences = [_folded(one) for one in _SENTENCE.split(came.text) if one.strip()]
    near = difflib.get_close_matches(lacking[0], sentences, n=1, cutoff=0.0)
    return f"nearest to '{lacking[0]}': '{near[0]}'" if near else "nothing was said"


def _not_text(wanted: Any, came: Came) -> str:
    whole = _folded(came.text)
    said = [text for text in _listed(wanted) if _folded(text) in whole]
    return f"it says '{said[0]}'" if said else OK


def _choices(wanted: Any, came: Came) -> str:
    """Every label stands among the choices; an empty list means there are none."""
    labels = _labels(came)
    if wanted == []:
        return ", ".join(labels)
    lacking = [one for one in _listed(wanted) if not any(one in label for label in labels)]
    return f"the choices are {_shown(labels)}" if lacking else OK


def _not_choices(wanted: Any, came: Came) -> str:
    found = [label for label in _labels(came) for one in _listed(wanted) if one in label]
    return f"there is the choice {found[0]}" if found else OK


def _labels(came: Came) -> list[str]:
    return [choice.label for choice in came.reply.choices] if came.reply is not None else []


def _of_reply(name: str) -> Callable[[Any, Came], str]:
    def differs(wanted: Any, came: Came) -> str:
        found = getattr(came.reply, name) if came.reply is not None else None
        return _same(wanted, "none" if found is None else _plain(found))

    return differs


def _of_body(name: str) -> Callable[[Any, Came], str]:
    def differs(wanted: Any, came: Came) -> str:
        body = (came.reply.body if came.reply is not None else None) or {}
        return _same(wanted, body.get(name, "none") or "none")

    return differs


def _same(wanted: object, found: object) -> str:
    return OK if wanted == found else _shown(found) or "nothing"


def _all_in(name: str) -> Callable[[Any, Came], str]:
    """Every name stands in a list of the trace."""

    def differs(wanted: Any, came: Came) -> str:
        found = getattr(came.trace, name) if came.trace is not None else ()
        lacking = [one for one in _listed(wanted) if one not in found]
        return (_shown(list(found)) if found else "none") if lacking else OK

    return differs


def _none_in(name: str) -> Callable[[Any, Came], str]:
    def differs(wanted: Any, came: Came) -> str:
        found = getattr(came.trace, name) if came.trace is not None else ()
        there = [one for one in _listed(wanted) if one in found]
        return f"there is {_shown(there)}" if there else OK

    return differs


def _intent(wanted: Any, came: Came) -> str:
    return _same(wanted, came.trace.intent if came.trace is not None else "none")


def _pairs(found: Callable[[Came], Mapping[str, Any]]) -> Callable[[Any, Came], str]:
    """Every pair that is named has the value that came."""

    def differs(wanted: Any, came: Came) -> str:
        pairs = found(came)
        wrong = {
            name: pairs.get(name, "none")
            for name in wanted
            if _plain(pairs.get(name)) != wanted[name]
        }
        return _shown(wrong)

    return differs


def _slots(came: Came) -> Mapping[str, Any]:
    return came.trace.slots if came.trace is not None else {}


def _facts(came: Came) -> Mapping[str, Any]:
    facts = came.trace.facts if came.trace is not None else {}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in facts.items()}


def _counts(wanted: Any, came: Came) -> str:
    wrong = {name: came.counts.get(name, 0) for name, count in wanted.items()
             if came.counts.get(name, 0) != count}  # fmt: skip
    return f"{_shown(wrong)} (of {_shown(dict(came.counts)) or 'nothing'})" if wrong else OK


def _balance(wanted: Any, came: Came) -> str:
    person = came.person
    return _same(wanted, windows.balance(person.spending, came.now) if person is not None else 0)


def _caps(came: Came) -> Mapping[str, Any]:
    if came.person is None:
        return {}
    spending, now = came.person.spending, came.now
    return {period: windows.cap(spending, period, now, came.limits) for period in PERIODS}


def _remaining(came: Came) -> Mapping[str, Any]:
    if came.person is None:
        return {}
    left = windows.remaining(came.person.spending, came.limits, came.now)
    return {period: getattr(left, period) for period in PERIODS}


def _owned(wanted: Any, came: Came) -> str:
    found = sorted(came.person.spending.owned) if came.person is not None else []
    return _same(sorted(_listed(wanted)), found)


def _is_known(wanted: Any, came: Came) -> str:
    return _same(wanted, came.person is not None)


def _person(wanted: Any, came: Came) -> str:
    """Paths like profile.name, and what stands there."""
    wrong = {path: _at(came.person, path) for path in wanted}
    wrong = {path: found for path, found in wrong.items() if found != wanted[path]}
    return ", ".join(f"{path}: {_shown(found)}" for path, found in wrong.items())


def _at(whole: Any, path: str) -> object:
    """What stands at a path; a struct has all of its fields, also those left at their default."""
    for name in path.split("."):
        if isinstance(whole, dict):
            whole = whole.get(name, "none")
        elif isinstance(whole, Struct):
            whole = getattr(whole, name, "none")
        else:
            return "none"
    return _plain(whole)


def _plain(value: object) -> Any:
    """As YAML would have it: mappings, lists and scalars."""
    return json.decode(json.encode(value))


def _error(wanted: Any, came: Came) -> str:
    return _same(wanted, came.error or "none")


def _repeated(wanted: Any, came: Came) -> str:
    return _same(wanted, came.is_repeated)


EXPECTED: dict[str, Expectation] = {
    "text": Expectation("texts", _text),
    "not_text": Expectation("texts", _not_text),
    "said": Expectation("texts", _all_in("said"), "replies"),
    "not_said": Expectation("texts", _none_in("said"), "replies"),
    "choices": Expectation("texts", _choices),
    "not_choices": Expectation("texts", _not_choices),
    "persona": Expectation("text", _of_reply("persona"), "personas"),
    "state": Expectation("text", _of_reply("state"), "states"),
    "tier": Expectation("text", _of_reply("tier"), "tiers"),
    "price": Expectation("integer", _of_reply("price")),
    "outcome": Expectation("text", _of_reply("outcome")),
    "reason": Expectation("text", _of_body("reason")),
    "until": Expectation("text", _of_body("until")),
    "intent": Expectation("text", _intent, "intents"),
    "slots": Expectation("mapping", _pairs(_slots)),
    "facts": Expectation("mapping", _pairs(_facts)),
    "fired": Expectation("texts", _all_in("fired"), "rules"),
    "not_fired": Expectation("texts", _none_in("fired"), "rules"),
    "balance": Expectation("integer", _balance),
    "limits": Expectation("mapping", _pairs(_caps)),
    "remaining": Expectation("mapping", _pairs(_remaining)),
    "owned": Expectation("texts", _owned, "items"),
    "person": Expectation("mapping", _person),
    "is_known": Expectation("flag", _is_known),
    "counts": Expectation("mapping", _counts),
    "error": Expectation("text", _error),
    "repeated": Expectation("flag", _repeated),
}
