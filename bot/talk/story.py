"""The authored dialogue: states, transitions, conditions, and every mistake in them."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.model.person import Conversation
from bot.talk.acts import Command, Result
from bot.talk.forms import FIELD, Form, parse_forms

ANY = "*"
KEPT = ("topic", "sku", "data")
SLOTS = (
    *("topic", "asset", "amount", "period", "duration", "tier", "persona", "number"),
    *("zone", "age", "answer", "option", "language"),
    *("name", "goal", "experience", "learning_style", "date", "reward"),
)
STANDING = ("has_topic", "has_offer")  # of the conversation; the others are of the message
CONDITIONS = (*STANDING, "is_fresh", *(f"names_{slot}" for slot in SLOTS))
RESULT_NAMES = frozenset(result.value for result in Result)


class State(Struct, frozen=True):
    """One place a conversation may stand; a passing one is left again within the turn.

    In one that rests nothing is asked. `asks` is the reply that asks what stands here, `form` the
    form whose fields are asked here; such a question outlasts what else is said. `hears` is the
    slot that takes words nobody understands.
    """

    name: str
    keeps: frozenset[str] = frozenset()
    is_passing: bool = False
    rests: bool = False
    asks: str = ""
    form: str = ""
    hears: str = ""

    @property
    def is_asking(self) -> bool:
        return bool(self.asks or self.form)


class Step(Struct, frozen=True):
    """One transition; `to` None stays. `conditions` are names, with True for `not`.

    `beside` is the reply told instead of all this where the message asks something else too.
    One from everywhere is taken beside what a state asks: it does not end the question there.
    """

    sources: tuple[str, ...]
    trigger: str
    to: str | None
    act: str
    command: Command
    conditions: tuple[tuple[str, bool], ...]
    node: Node
    is_from_everywhere: bool = False
    beside: str = ""


class Story(Struct, frozen=True):
    """The dialogue as read; steps with named sources stand before those from everywhere."""

    initial: str
    resume: str
    states: dict[str, State]
    steps: tuple[Step, ...]
    forms: dict[str, Form] = {}

    def place(self, conversation: Conversation) -> str:
        """Where phrases are listened for: the state, with the field its form asks for."""
        state = self.states.get(conversation.name)
        if state is None or not state.form:
            return conversation.name
        return f"{conversation.name}.{conversation.data.get(FIELD, '')}"

    def question(self, conversation: Conversation) -> str:
        """The reply that asks what stands here; empty where nothing is asked."""
        state = self.states.get(conversation.name)
        if state is None or not state.is_asking:
            return ""
        if not state.form:
            return state.asks
        return self.forms[state.form].ask(conversation.data.get(FIELD, ""))

    @property
    def asides(self) -> frozenset[str]:
        """Intents that wait where a message asks something else too."""
        return frozenset(step.trigger for step in self.steps if step.beside)

    def places(self) -> dict[str, str]:
        """Every place that phrases may be bound to -> the slot that takes free words there."""
        found: dict[str, str] = {}
        for state in self.states.values():
            found[state.name] = state.hears
            for field in self.forms[state.form].fields if state.form in self.forms else ():
                found[f"{state.name}.{field.name}"] = field.name if field.is_free else ""
        return found

    def target(self, step: Step, state: str) -> str:
        """Where a step leads from a state; a question that stands outlasts a side question."""
        if step.to is None:
            return state
        is_aside = step.is_from_everywhere and self.states[state].is_asking
        return state if is_aside and self.states[step.to].rests else step.to

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


def parse_story(root: Node, report: Report) -> Story | None:
    """The dialogue of content/dialogue.yaml; None when its shape is beyond reading."""
    place = report.fields(root, ["dialogue"], ["dialogue"], "F001").get("dialogue")
    if place is None:
        return None
    keys = ["initial", "resume", "states", "transitions"]
    pairs = report.fields(place, [*keys, "forms"], keys, "F001")
    if not pairs.keys() >= set(keys):
        return None
    asked = parse_forms(pairs.get("forms"), report)
    states = {
        name: _state(name, node, asked, report)
        for name, node in report.mapping(pairs["states"], "F001").items()
    }
    ends = [_one_of(pairs[key], states, "state", "F002", report) for key in keys[:2]]
    nodes = report.items(pairs["transitions"], "F001")
    steps = [step for node in nodes for step in _steps(node, states, report)]
    steps.sort(key=lambda step: len(step.sources) == len(_everywhere(step.trigger, states)))
    return Story(ends[0], ends[1], states, tuple(steps), asked)


def _state(name: str, node: Node, asked: Mapping[str, Form], report: Report) -> State:
    keys = ["keeps", "passing", "rests", "asks", "form", "hears"]
    pairs = report.fields(node, keys, code="F001")
    keeps = [_one_of(n, KEPT, "thing to keep", "F001", report) for n in _listed(pairs, "keeps")]
    form = _one_of(pairs["form"], asked, "form", "F016", report) if "form" in pairs else ""
    if form and ("asks" in pairs or "hears" in pairs):
        report.error(node, "F016", "the fields of a form ask and hear; the state need not")
    if form and "data" not in keeps:
        report.error(node, "F016", "a form needs keeps: [data], or it forgets where it stands")
    return State(
        name=name,
        keeps=frozenset(keeps),
        is_passing=report.boolean(pairs.get("passing"), code="F001"),
        rests=report.boolean(pairs.get("rests"), code="F001"),
        asks=report.text(pairs.get("asks"), code="F001"),
        form=form,
        hears=report.text(pairs.get("hears"), code="F001"),
    )


def _steps(node: Node, states: Mapping[str, State], report: Report) -> list[Step]:
    """One transition of the file: a step for each trigger it names."""
    keys = ["from", "on", "to", "if", "act", "do", "beside"]
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
        is_from_everywhere=pairs["from"].value == ANY,
        beside=report.text(pairs.get("beside"), code="F001"),
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
