"""The authored dialogue: states, transitions, conditions, and every mistake in them."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.talk.acts import NEVER_TOLD, NONE, RESULTS, WORDLESS, Command, Result

ANY = "*"
KEPT = ("topic", "sku", "data")
SLOTS = (
    *("topic", "asset", "amount", "period", "duration", "tier", "persona", "number"),
    *("zone", "age", "answer"),
)
STANDING = ("has_topic", "has_offer")  # of the conversation; the others are of the message
CONDITIONS = (*STANDING, "is_fresh", *(f"names_{slot}" for slot in SLOTS))
RESULT_NAMES = frozenset(result.value for result in Result)


class State(Struct, frozen=True):
    """One place a conversation may stand; a passing one is left again within the turn."""

    name: str
    keeps: frozenset[str] = frozenset()
    is_passing: bool = False


class Step(Struct, frozen=True):
    """One transition; `to` None stays. `conditions` are names, with True for `not`."""

    sources: tuple[str, ...]
    trigger: str
    to: str | None
    act: str
    command: Command
    conditions: tuple[tuple[str, bool], ...]
    node: Node


class Story(Struct, frozen=True):
    """The dialogue as read; steps with named sources stand before those from everywhere."""

    initial: str
    resume: str
    states: dict[str, State]
    steps: tuple[Step, ...]

    def steps_from(self, state: str, trigger: str) -> list[Step]:
        """The steps a trigger may take in a state, in the order they are tried."""
        found = []
        for step in self.steps:
            if step.trigger == trigger and state in step.sources:
                found.append(step)
                if not step.conditions:
                    break
        return found


class Known(Struct, frozen=True):
    """What a dialogue may point to; an empty set is not checked."""

    intents: frozenset[str] = frozenset()
    replies: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()  # those that phrases are bound to


def parse_story(root: Node, known: Known, report: Report) -> Story | None:
    """The dialogue of content/dialogue.yaml; None when its shape is beyond reading."""
    place = report.fields(root, ["dialogue"], ["dialogue"], "F001").get("dialogue")
    if place is None:
        return None
    keys = ["initial", "resume", "states", "transitions"]
    pairs = report.fields(place, keys, keys, "F001")
    if len(pairs) < len(keys):
        return None
    states = {
        name: _state(name, node, report)
        for name, node in report.mapping(pairs["states"], "F001").items()
    }
    ends = [_one_of(pairs[key], states, "state", "F002", report) for key in keys[:2]]
    nodes = report.items(pairs["transitions"], "F001")
    steps = [step for node in nodes for step in _steps(node, states, report)]
    steps.sort(key=lambda step: len(step.sources) == len(_everywhere(step.trigger, states)))
    story = Story(ends[0], ends[1], states, tuple(steps))
    if not report.errors:
        _point_somewhere(story, known, place, report)
        _lead_on(story, place, report)
        _are_all_taken(story, report)
        _can_be_reached(story, pairs["states"], report)
    return story


def _state(name: str, node: Node, report: Report) -> State:
    pairs = report.fields(node, ["keeps", "passing"], code="F001")
    keeps = [_one_of(n, KEPT, "thing to keep", "F001", report) for n in _listed(pairs, "keeps")]
    return State(name, frozenset(keeps), report.boolean(pairs.get("passing"), code="F001"))


def _steps(node: Node, states: Mapping[str, State], report: Report) -> list[Step]:
    """One transition of the file: a step for each trigger it names."""
    keys = ["from", "on", "to", "if", "act", "do"]
    pairs = report.fields(node, keys, ["from", "on"], "F001")
    if "from" not in pairs or "on" not in pairs:
        return []
    triggers = [report.text(one, code="F001") for one in _listed(pairs, "on")]
    return [_step(node, pairs, trigger, states, report) for trigger in triggers]


def _step(
    node: Node,
    pairs: Mapping[str, Node],
    trigger: str,
    states: Mapping[str, State],
    report: Report,
) -> Step:
    to = pairs.get("to")
    act = report.text(pairs.get("act"), code="F001")
    commands = [command.value for command in Command]
    command = _one_of(pairs["do"], commands, "command", "F006", report) if "do" in pairs else ""
    if trigger in RESULT_NAMES and (act or command):
        report.error(node, "F012", f"'{trigger}' is a result: it leads on and says nothing")
    if trigger not in RESULT_NAMES and not act and not command:
        report.error(node, "F012", "an intent needs an act (a reply) or a do (a command)")
    return Step(
        sources=_sources(pairs["from"], trigger, states, report),
        trigger=trigger,
        to=_one_of(to, states, "state", "F002", report) if to is not None else None,
        act=act,
        command=Command(command) if command in commands else Command.SAY,
        conditions=tuple(_condition(n, trigger, report) for n in _listed(pairs, "if")),
        node=node,
    )


def _sources(
    node: Node, trigger: str, states: Mapping[str, State], report: Report
) -> tuple[str, ...]:
    if node.value == ANY:
        return _everywhere(trigger, states)
    nodes = node.value if isinstance(node.value, list) else [node]
    return tuple(_one_of(n, states, "state", "F002", report) for n in nodes)


def _everywhere(trigger: str, states: Mapping[str, State]) -> tuple[str, ...]:
    """Every state a trigger can meet: an intent never meets a passing one."""
    is_result = trigger in RESULT_NAMES
    return tuple(name for name, state in states.items() if is_result or not state.is_passing)


def _condition(node: Node, trigger: str, report: Report) -> tuple[str, bool]:
    text = report.text(node, code="F004")
    name = text.removeprefix("not ").strip()
    known = STANDING if trigger in RESULT_NAMES else CONDITIONS
    if name not in known:
        hint = did_you_mean(name, known)
        report.error(node, "F004", f"'{name}' is not a condition of '{trigger}'", hint)
    return name, text.startswith("not ")


def _listed(pairs: Mapping[str, Node], key: str) -> list[Node]:
    node = pairs.get(key)
    if node is None:
        return []
    return node.value if isinstance(node.value, list) else [node]


def _one_of(node: Node, names: Iterable[str], what: str, code: str, report: Report) -> str:
    text = report.text(node, code=code)
    if text not in names:
        report.error(node, code, f"'{text}' is not a {what}", did_you_mean(text, names))
    return text


def _point_somewhere(story: Story, known: Known, place: Node, report: Report) -> None:
    """Intents and replies that steps name exist, and every intent is heard somewhere."""
    words = known.intents | RESULT_NAMES | WORDLESS
    for step in story.steps:
        if known.intents and step.trigger not in words:
            hint = did_you_mean(step.trigger, words)
            report.error(step.node, "F003", f"'{step.trigger}' is not an intent or a result", hint)
        if known.replies and step.act and step.act not in known.replies:
            hint = did_you_mean(step.act, known.replies)
            report.error(step.node, "F005", f"'{step.act}' is not a reply", hint)
    for state in sorted(known.states - story.states.keys()):
        hint = did_you_mean(state, story.states)
        report.error(place, "F015", f"phrases are bound to '{state}', which is no state", hint)
    heard = {step.trigger for step in story.steps}
    for intent in sorted(known.intents - heard):
        message = f"the intent '{intent}' is in no transition: it is answered as '{NONE}'"
        report.warning(place, "F013", message)


def _lead_on(story: Story, place: Node, report: Report) -> None:
    """Every state can answer anything, and every result of a command leads somewhere."""
    for name, state in story.states.items():
        if not state.is_passing and not _is_sure(story, name, NONE):
            problem = f"the state '{name}' has no unconditional transition on '{NONE}'"
            report.error(place, "F011", problem, f"add one from '{ANY}'")
    for step in story.steps:
        if step.trigger in RESULT_NAMES:
            if step.to is not None and story.states[step.to].is_passing:
                report.error(step.node, "F014", f"a result ends a turn; '{step.to}' does not")
            continue
        for name in {step.to} if step.to else set(step.sources):
            for result in RESULTS.get(step.command, ()):
                if not _is_sure(story, name, result):
                    problem = f"'{step.command}' may end as '{result}', which '{name}' ignores"
                    report.error(step.node, "F009", problem)
            if story.states[name].is_passing:
                _passes(story, step, name, report)


def _passes(story: Story, step: Step, name: str, report: Report) -> None:
    """A step into a passing state has a command whose every result leaves it."""
    if step.command not in NEVER_TOLD:
        problem = f"'{step.command}' may be told at once, so nothing leads on from '{name}'"
        report.error(step.node, "F014", problem)
    for result in RESULTS.get(step.command, ()):
        for onward in story.steps_from(name, result):
            if onward.to is None or story.states[onward.to].is_passing:
                problem = f"the passing state '{name}' must be left on '{result}'"
                report.error(onward.node, "F014", problem)


def _is_sure(story: Story, state: str, trigger: str) -> bool:
    return any(not step.conditions for step in story.steps_from(state, trigger))


def _are_all_taken(story: Story, report: Report) -> None:
    """A step behind an unconditional one, in all its states, is never taken."""
    for position, step in enumerate(story.steps):
        earlier = {
            source
            for other in story.steps[:position]
            if other.trigger == step.trigger
            and (not other.conditions or other.conditions == step.conditions)
            for source in other.sources
        }
        if earlier.issuperset(step.sources):
            problem = f"never taken: earlier transitions on '{step.trigger}' always win"
            report.error(step.node, "F010", problem)


def _can_be_reached(story: Story, place: Node, report: Report) -> None:
    """Every state can be entered and left."""
    reached = {story.initial, story.resume}
    while True:
        more = {s.to for s in story.steps if s.to and reached.intersection(s.sources)} - reached
        if not more:
            break
        reached |= more
    for name in story.states:
        node = place.keys.get(name, place)
        if name not in reached:
            report.error(node, "F007", f"no transition leads to the state '{name}'")
        if not any(name in s.sources and s.to not in (None, name) for s in story.steps):
            report.error(node, "F008", f"no transition leads out of the state '{name}'")
