"""Where a conversation stands, and that only triggers move it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transitions.core import Event, Transition

from bot.authored import Report
from bot.model.message import Intent
from bot.model.person import Conversation
from bot.talk.acts import NONE, PURCHASE, RESULTS, Command, Result
from bot.talk.dialogue import FRESH_US, Dialogue, build, settle, step
from bot.talk.story import Known
from tests.content.files import nodes, problems, shipped, shipped_texts
from tests.sizes import size
from tests.talk.test_understand import UNDERSTANDING

REPLIES = shipped()[0].reply_names
KNOWN = Known(UNDERSTANDING.intents, REPLIES, UNDERSTANDING.states)
NOW = 1_772_366_400_000_000


def _shipped() -> tuple[Dialogue, Report]:
    report = Report()
    found = build(nodes(shipped_texts(), report)["content/dialogue.yaml"], KNOWN, report)
    assert found is not None, problems(report)
    return found, report


def offered(at: int = NOW) -> Conversation:
    """A price was asked at this moment, and nothing was said since."""
    return Conversation("offer", "leverage", "leverage.basic", at, asked_at=at)


DIALOGUE, REPORT = _shipped()
STATES = DIALOGUE.story.states


def told(
    conversation: Conversation, intent: str, result: str = "told", **slots: str
) -> Conversation:
    proposal = step(DIALOGUE, conversation, Intent(intent, slots), NOW)
    return settle(DIALOGUE, proposal, result, NOW)


def test_the_shipped_dialogue_is_right() -> None:
    assert not REPORT.mistakes, problems(REPORT)
    assert len(DIALOGUE.machine.models) == 0


def test_a_conversation_learns_is_offered_and_unlocks() -> None:
    conversation = told(Conversation(), "greet")
    assert conversation == Conversation("idle", at=NOW)
    conversation = told(conversation, "ask_topic", topic="leverage")
    assert (conversation.name, conversation.topic) == ("learning", "leverage")

    proposal = step(DIALOGUE, conversation, Intent("more"), NOW)
    assert (proposal.command, proposal.topic) == (Command.OFFER, "leverage")
    conversation = settle(DIALOGUE, proposal, "offered", NOW, sku="leverage.basic")
    assert (conversation.name, conversation.sku) == ("offer", "leverage.basic")

    proposal = step(DIALOGUE, conversation, Intent("yes"), NOW)
    assert (proposal.command, proposal.sku) == (Command.CHARGE, "leverage.basic")
    assert proposal.state == "charging"
    conversation = settle(DIALOGUE, proposal, "unlocked", NOW)
    assert conversation == Conversation("learning", "leverage", "", NOW)


@pytest.mark.parametrize(
    ("result", "state", "keeps_sku"),
    [
        ("unlocked", "learning", False),
        ("already_owned", "learning", False),
        ("refused", "learning", False),
        ("offered", "offer", True),
        ("ask", "confirming", True),
        ("ask_age", "asking_age", True),
    ],
)
def test_every_result_of_a_charge_leads_on(result: str, state: str, keeps_sku: bool) -> None:
    after = told(offered(), "yes", result)
    assert (after.name, after.topic) == (state, "leverage")
    assert bool(after.sku) == keeps_sku


def test_a_no_declines_the_offer_and_forgets_it() -> None:
    offer = Conversation("offer", "leverage", "leverage.basic", NOW)
    proposal = step(DIALOGUE, offer, Intent("no"), NOW)
    assert proposal.command == Command.DECLINE
    assert settle(DIALOGUE, proposal, "told", NOW) == Conversation("learning", "leverage", "", NOW)


def test_what_is_declined_is_still_named_to_decide() -> None:
    offer = Conversation("offer", "leverage", "leverage.basic", NOW)
    proposal = step(DIALOGUE, offer, Intent("no"), NOW)
    assert (proposal.sku, proposal.left.sku) == ("leverage.basic", "")


def test_a_yes_to_an_old_offer_asks_the_price_again() -> None:
    late, soon = offered(NOW - FRESH_US - 1), offered(NOW - FRESH_US)
    assert step(DIALOGUE, late, Intent("yes"), NOW).command == Command.OFFER
    assert step(DIALOGUE, soon, Intent("yes"), NOW).command == Command.CHARGE


@pytest.mark.parametrize(
    ("asking", "answer", "done"),
    [
        ("offer", "yes", "charge"),
        ("confirming", "confirm", "confirm"),
        ("erasing", "yes", "erase"),
    ],
)
def test_a_yes_counts_only_right_after_its_question(asking: str, answer: str, done: str) -> None:
    asked = Conversation(asking, "leverage", "leverage.basic", NOW, asked_at=NOW)
    assert step(DIALOGUE, asked, Intent(answer), NOW).command == done
    for between in ("balance", "none", "insult"):
        proposal = step(DIALOGUE, asked, Intent(between), NOW + 1)
        aside = settle(DIALOGUE, proposal, "told", NOW + 1)
        assert (aside.name, aside.asked_at, aside.at) == (asking, NOW, NOW + 1)
        again = step(DIALOGUE, aside, Intent(answer), NOW + 2)
        assert again.command != done
        result = {"erasing": "told", "redeeming": "reward_offered"}.get(asking, "offered")
        repeated = settle(DIALOGUE, again, result, NOW + 2, sku="leverage.basic")
        assert repeated.asked_at == repeated.at == NOW + 2


@pytest.mark.parametrize(
    "state", sorted(set(STATES) - {"offer", "confirming", "erasing", "redeeming"})
)
def test_a_yes_buys_nothing_where_nothing_was_asked(state: str) -> None:
    if STATES[state].is_passing:
        return
    conversation = Conversation(state, "leverage", "leverage.basic", NOW)
    assert step(DIALOGUE, conversation, Intent("yes"), NOW).command == Command.SAY


def test_a_question_before_a_charge_is_confirmed_with_a_second_yes() -> None:
    data = {"because": "slowly"}
    asked = Conversation("confirming", "leverage", "leverage.basic", NOW, data, NOW)
    proposal = step(DIALOGUE, asked, Intent("confirm"), NOW)
    assert (proposal.command, proposal.left.data) == (Command.CONFIRM, {"because": "slowly"})
    assert settle(DIALOGUE, proposal, "unlocked", NOW).data == {}


def test_an_unlock_without_words_charges_from_any_state() -> None:
    slots = {"sku": "leverage.premium", "topic": "leverage"}
    for state in STATES.values():
        if not state.is_passing:
            proposal = step(DIALOGUE, Conversation(state.name), Intent(PURCHASE, slots), NOW)
            assert (proposal.command, proposal.sku) == (Command.CHARGE, "leverage.premium")
            after = settle(DIALOGUE, proposal, "ask_age", NOW)
            assert (after.name, after.sku) == ("asking_age", "leverage.premium")


def test_a_text_nobody_understands_leaves_the_conversation_where_it_is() -> None:
    offer = Conversation("offer", "leverage", "leverage.basic", NOW)
    proposal = step(DIALOGUE, offer, Intent(NONE), NOW)
    assert (proposal.act, proposal.command) == ("unknown", Command.SAY)
    assert settle(DIALOGUE, proposal, "told", NOW) == offer


@pytest.mark.parametrize("name", ["no_such_intent", "unlocked", "resume", "", "__class__"])
def test_an_intent_the_dialogue_does_not_know_is_answered_as_not_understood(name: str) -> None:
    proposal = step(DIALOGUE, Conversation("learning", "leverage"), Intent(name), NOW)
    assert (proposal.act, proposal.state) == ("unknown", "learning")


def test_a_conversation_in_a_removed_state_resumes_by_a_trigger() -> None:
    gone = Conversation("removed", "leverage", "leverage.basic", NOW)
    proposal = step(DIALOGUE, gone, Intent("thanks"), NOW)
    assert (proposal.act, proposal.state, proposal.left.sku) == ("thanks", "idle", "")
    assert proposal.triggers == ("resume", "thanks")


def test_a_result_that_a_command_cannot_have_is_a_fault() -> None:
    proposal = step(DIALOGUE, Conversation("idle"), Intent("thanks"), NOW)
    with pytest.raises(ValueError, match="'unlocked' is no result of 'say'"):
        settle(DIALOGUE, proposal, "unlocked", NOW)


class _Watch:
    """Counts what the machine itself does: triggers fired, states entered."""

    def __init__(self) -> None:
        self.fired: list[str] = []
        self.changes: list[tuple[str, str]] = []


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Watch]:
    found = _Watch()
    trigger, change = Event.trigger, Transition._change_state

    def counted(self: Event, model: Any, *args: Any, **kwargs: Any) -> Any:
        found.fired.append(self.name)
        return trigger(self, model, *args, **kwargs)

    def noted(self: Transition, event: Any) -> None:
        found.changes.append((self.source, self.dest))
        change(self, event)

    monkeypatch.setattr(Event, "trigger", counted)
    monkeypatch.setattr(Transition, "_change_state", noted)
    yield found


def _moves(intents: list[str], results: list[int], watch: _Watch) -> int:
    """Walks a conversation; returns how often its state changed, seen from outside."""
    conversation = Conversation()
    seen = 0
    for name, pick in zip(intents, results, strict=True):
        watch.changes.clear()
        watch.fired.clear()
        slots = {"topic": "leverage", "sku": "leverage.basic"} if pick % 2 else {}
        proposal = step(DIALOGUE, conversation, Intent(name, slots), NOW)
        assert tuple(watch.fired) == proposal.triggers
        choices = list(RESULTS.get(proposal.command, ())) or [Result.TOLD]
        result = choices[pick % len(choices)]
        after = settle(DIALOGUE, proposal, result, NOW)
        path = [conversation.name, *(there for _, there in watch.changes)]
        assert watch.changes == list(pairwise(path))
        assert path[-1] == after.name
        assert len(watch.fired) == len(proposal.triggers) + (result != Result.TOLD)
        assert not STATES[after.name].is_passing
        seen += conversation.name != after.name
        conversation = after
    return seen


NAMES = sorted(UNDERSTANDING.intents | {PURCHASE, NONE})


def test_every_change_of_state_is_a_trigger_of_the_machine(watch: _Watch) -> None:
    strategy = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 9)), max_size=30)
    changes = 0

    @settings(max_examples=size(60, 2_000), deadline=None)
    @given(strategy)
    def walk(moves: list[tuple[str, int]]) -> None:
        nonlocal changes
        changes += _moves([name for name, _ in moves], [pick for _, pick in moves], watch)

    walk()
    assert changes > 0


GOOD = """dialogue:
  initial: start
  resume: idle
  states: {start: {}, idle: {}, room: {keeps: [topic]}, paying: {passing: true}}
  transitions:
    - {from: start, on: go, to: idle, act: fine}
    - {from: "*", on: enter, if: has_topic, to: room, act: fine}
    - {from: room, on: leave, to: idle, act: fine}
    - {from: room, on: pay, to: paying, do: charge}
    - {from: "*", on: [unlocked, already_owned, offered, ask, ask_age, refused], to: idle}
    - {from: "*", on: none, act: fine}
"""
SMALL = Known(frozenset({"go", "enter", "leave", "pay"}), frozenset({"fine"}), frozenset({"room"}))


def _small(text: str, known: Known = SMALL) -> tuple[Dialogue | None, str]:
    report = Report()
    root = nodes({"content/dialogue.yaml": text}, report)["content/dialogue.yaml"]
    return build(root, known, report), problems(report)


def test_a_small_dialogue_is_right() -> None:
    dialogue, found = _small(GOOD)
    assert dialogue is not None
    assert found == ""


def test_conditions_are_those_of_the_machine() -> None:
    dialogue, _ = _small(GOOD)
    assert dialogue is not None
    without = step(dialogue, Conversation("idle"), Intent("enter"), NOW)
    assert (without.state, without.act) == ("idle", "fine")
    named = step(dialogue, Conversation("idle"), Intent("enter", {"topic": "salt"}), NOW)
    assert (named.state, named.topic) == ("room", "salt")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("to: room", "to: rom", "F002  'rom' is not a state; did you mean 'room'?"),
        ("initial: start", "initial: strat", "F002  'strat' is not a state"),
        ("on: leave", "on: leve", "F003  'leve' is not an intent or a result"),
        ("if: has_topic", "if: has_topc", "F004  'has_topc' is not a condition of 'enter'"),
        ("room, act: fine", "room, act: fin", "F005  'fin' is not a reply"),
        ("do: charge", "do: chrge", "F006  'chrge' is not a command; did you mean 'charge'?"),
        ("room: {keeps: [topic]}", "room: {}, attic: {}", "F007  no transition leads to"),
        ("offered, ask, ask_age", "offered, ask", "F009  'charge' may end as 'ask_age'"),
        ("on: pay", "on: leave", "F010  never taken"),
        ('{from: "*", on: none', "{from: room, on: none", "F011  the state 'start' has no"),
        ("on: go, to: idle, act: fine", "on: go, to: idle", "F012  an intent needs an act"),
        ("refused], to: idle}", "refused], to: idle, act: fine}", "F012  'unlocked' is a result"),
        ("do: charge", "do: offer", "F014  'offer' may be told at once"),
        ("refused], to: idle}", "refused]}", "F014  the passing state 'paying' must be left"),
        ("refused], to: idle}", "refused], to: paying}", "F014  a result ends a turn"),
        ("room: {keeps: [topic]}", "room: {keeps: [topci]}", "'topci' is not a thing to keep"),
        ("if: has_topic", "iff: has_topic", "F001  'iff' is not a key here; did you mean 'if'?"),
    ],
)
def test_a_mistake_of_an_author_is_named(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    _, found = _small(GOOD.replace(old, new))
    assert problem in found


def test_a_state_without_a_way_out_is_named() -> None:
    text = GOOD.replace("    - {from: room, on: leave, to: idle, act: fine}\n", "")
    text = text.replace("    - {from: room, on: pay, to: paying, do: charge}\n", "")
    text = text.replace('from: "*", on: [unlocked', "from: paying, on: [unlocked")
    found = _small(text)[1]
    assert "F008  no transition leads out of the state 'room'" in found


def test_an_intent_in_no_transition_and_a_phrase_of_no_state_are_named() -> None:
    known = Known(SMALL.intents | {"sing"}, SMALL.replies, frozenset({"attic"}))
    found = _small(GOOD, known)[1]
    assert "warning F013  the intent 'sing' is in no transition" in found
    assert "F015  phrases are bound to 'attic', which is no state" in found


def test_a_result_may_ask_only_where_the_conversation_stands() -> None:
    text = GOOD.replace("refused], to: idle}", "refused], if: is_fresh, to: idle}")
    assert "F004  'is_fresh' is not a condition of 'unlocked'" in _small(text)[1]
