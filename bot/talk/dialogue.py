"""Where a conversation stands: every change of its state is a trigger of one shared machine."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from transitions import Machine

from bot.authored import Node, Report
from bot.model.message import Intent
from bot.model.person import Conversation
from bot.people.calendar import DAY_US
from bot.talk import sound
from bot.talk.acts import CRISIS, NONE, RESULTS, Command, Result
from bot.talk.story import RESULT_NAMES, SLOTS, Known, State, Step, Story, parse_story

FRESH_US = DAY_US  # a yes counts for a question asked at most a day ago
_RESUME = "resume"  # the trigger of conversations whose state was removed; no author can name it
_OURS = frozenset({_RESUME, CRISIS})  # triggers no transition of the file is on


class Dialogue(Struct, frozen=True):
    """The compiled dialogue; `events` are the machine's own, by trigger."""

    machine: Machine
    story: Story
    events: dict[str, Any]


class Proposal(Struct, frozen=True):
    """What an intent led to: what is asked for, and where the conversation stands meanwhile.

    `topic` and `sku` are what the command is about, even where `left`, the conversation as the
    intent left it, no longer keeps them. `act` is the reply to say when nothing else decides it,
    `results` what settle will accept besides `told`, `triggers` those fired so far, `path` the
    same for people to read. `beside` is told instead where the message asks something else too.
    """

    act: str
    command: Command
    slots: dict[str, str]
    topic: str
    sku: str
    left: Conversation
    results: tuple[Result, ...]
    triggers: tuple[str, ...]
    path: str
    beside: str = ""

    @property
    def state(self) -> str:
        return self.left.name


def build(root: Node, known: Known, report: Report) -> Dialogue | None:
    """The dialogue of content/dialogue.yaml, or None when the report says why not."""
    before = len(report.errors)
    story = parse_story(root, report)
    if story is not None and len(report.errors) == before:
        sound.check(story, known, root, report)
    if story is None or len(report.errors) > before:
        return None
    machine = Machine(
        model=None,
        states=[
            {"name": state.name, "on_enter": [_enter(state)]} for state in story.states.values()
        ],
        initial=story.initial,
        auto_transitions=False,
        send_event=True,
        ignore_invalid_triggers=True,
    )
    for trigger in {step.trigger for step in story.steps}:
        for state in story.states:
            for step in _tried(story, state, trigger):
                _add(machine, story, trigger, state, step)
    machine.add_transition(_RESUME, story.initial, story.resume)
    care = Step((), CRISIS, story.resume, CRISIS, Command.CARE, (), root)
    for state in story.states:  # P24: from everywhere, and no author can say otherwise
        machine.add_transition(CRISIS, state, story.resume, before=[_carry(care)])
    return Dialogue(machine, story, dict(machine.events))


def step(dialogue: Dialogue, conversation: Conversation, intent: Intent, now: int) -> Proposal:
    """Fires the intent's trigger; an intent that a state does not handle fires as `none`."""
    events = dialogue.events
    walker = _Walker(conversation, intent, now)
    if walker.state not in dialogue.story.states:
        walker.state = dialogue.story.initial
        events[_RESUME].trigger(walker)
        walker.fired.append(_RESUME)
    trigger = intent.name
    if trigger not in events or trigger in RESULT_NAMES or trigger == _RESUME:
        trigger = NONE
    events[trigger].trigger(walker)
    walker.fired.append(trigger)
    return Proposal(
        act=walker.act,
        command=walker.command,
        slots=intent.slots,
        topic=walker.asked_topic,
        sku=walker.asked_sku,
        left=Conversation(
            name=walker.state,
            topic=walker.topic,
            sku=walker.sku,
            at=now,
            data=walker.data,
            asked_at=walker.asked_at,
        ),
        results=RESULTS.get(walker.command, ()),
        triggers=tuple(walker.fired),
        path=f"{conversation.name} --{trigger}--> {walker.state} ({walker.command})",
        beside=walker.beside,
    )


def settle(
    dialogue: Dialogue,
    proposal: Proposal,
    result: str,
    now: int,
    topic: str | None = None,
    sku: str | None = None,
    data: dict[str, str] | None = None,
) -> Conversation:
    """Fires the result's trigger; `told` fires nothing, the intent had said where to stand.

    `topic`, `sku` and `data` (when given) are what the command found: the item on offer, say.
    """
    if result != Result.TOLD:
        if result not in proposal.results:
            raise ValueError(f"'{result}' is no result of '{proposal.command}'")
    elif (topic, sku, data) == (None, None, None) and now == proposal.left.at:
        return proposal.left
    walker = _Settler(proposal.left, now, topic, sku, data)
    if result != Result.TOLD:
        dialogue.events[result].trigger(walker)
    return Conversation(walker.state, walker.topic, walker.sku, now, walker.data, walker.asked_at)


def watch(dialogue: Dialogue, noted: Callable[[Step], None]) -> None:
    """Calls `noted` with each transition of the file that is taken from now on."""
    story = dialogue.story
    for trigger, event in dialogue.events.items():
        for state in story.states if trigger not in _OURS else ():
            taken = event.transitions.get(state, ())
            for one, step in zip(taken, _tried(story, state, trigger), strict=True):
                one.add_callback("before", _noting(noted, step))


def _noting(noted: Callable[[Step], None], step: Step) -> Callable[[Any], None]:
    return lambda _: noted(step)


class _Walker:
    """A throw-away model: it walks the shared machine for one intent and is forgotten."""

    __slots__ = (
        *("state", "topic", "sku", "data", "act", "beside", "command", "fired"),
        *("asked_topic", "asked_sku", "asked_at", "conversation", "intent", "now"),
    )

    def __init__(self, conversation: Conversation, intent: Intent, now: int) -> None:
        self.state = conversation.name
        self.topic, self.sku, self.data = conversation.topic, conversation.sku, conversation.data
        self.conversation, self.intent, self.now = conversation, intent, now
        self.asked_at = conversation.asked_at
        self.act, self.beside, self.command = "", "", Command.SAY
        self.asked_topic, self.asked_sku = self.topic, self.sku
        self.fired: list[str] = []


class _Settler:
    """A throw-away model for one result."""

    __slots__ = ("asked_at", "data", "now", "sku", "state", "topic")

    def __init__(
        self,
        left: Conversation,
        now: int,
        topic: str | None,
        sku: str | None,
        data: dict[str, str] | None,
    ) -> None:
        self.state, self.now, self.asked_at = left.name, now, left.asked_at
        self.topic = left.topic if topic is None else topic
        self.sku = left.sku if sku is None else sku
        self.data = left.data if data is None else data


def _tried(story: Story, state: str, trigger: str) -> list[Step]:
    """The steps of a trigger in a state; where none is sure, those of `none` come after."""
    steps = story.steps_from(state, trigger)
    if trigger in RESULT_NAMES or trigger == NONE:
        return steps
    if story.states[state].is_passing or any(not step.conditions for step in steps):
        return steps
    return steps + story.steps_from(state, NONE)


def _add(machine: Machine, story: Story, trigger: str, state: str, step: Step) -> None:
    """One transition; one to where it stands already drops what an entry would, and is quicker."""
    to = story.target(step, state)
    stays = step.to is not None and to == state
    before: list[str | Callable[..., bool | None]] = []
    if step.trigger not in RESULT_NAMES:
        before.append(_carry(step))
    if stays:
        before.append(_enter(story.states[state]))
    machine.add_transition(
        trigger,
        state,
        None if to == state else to,
        conditions=[_CONDITIONS[name] for name, is_not in step.conditions if not is_not],
        unless=[_CONDITIONS[name] for name, is_not in step.conditions if is_not],
        before=before,
    )


def _carry(step: Step) -> Callable[[Any], None]:
    """Before the change: the walker takes the step's act and command, and what was named."""

    def carry(event: Any) -> None:
        walker: _Walker = event.model
        walker.act, walker.beside, walker.command = step.act, step.beside, step.command
        slots = walker.intent.slots
        if slots:
            walker.sku = slots.get("sku", walker.sku)
            walker.topic = slots.get("topic", walker.topic)
        walker.asked_topic, walker.asked_sku = walker.topic, walker.sku

    return carry


def _enter(state: State) -> Callable[[Any], None]:
    """On entry: what a state does not keep is dropped, and what it asks is asked now."""
    keeps, rests = state.keeps, state.rests

    def enter(event: Any) -> None:
        model: _Walker | _Settler = event.model
        model.asked_at = 0 if rests else model.now
        if "topic" not in keeps:
            model.topic = ""
        if "sku" not in keeps:
            model.sku = ""
        if model.data and "data" not in keeps:
            model.data = {}

    return enter


def _names(slot: str) -> Callable[[Any], bool]:
    return lambda event: slot in event.model.intent.slots


def _has_topic(event: Any) -> bool:
    """A topic stands open, or the message names one."""
    model = event.model
    return bool(model.topic) or (isinstance(model, _Walker) and "topic" in model.intent.slots)


def _is_fresh(event: Any) -> bool:
    """The question that stands was the last thing said, at most a day ago."""
    conversation, now = event.model.conversation, event.model.now
    was_last = conversation.asked_at == conversation.at
    return was_last and bool(now - conversation.at <= FRESH_US)


_CONDITIONS: Mapping[str, Callable[[Any], bool]] = {
    "has_topic": _has_topic,
    "has_offer": lambda event: bool(event.model.sku),
    "is_fresh": _is_fresh,
    **{f"names_{slot}": _names(slot) for slot in SLOTS},
}
