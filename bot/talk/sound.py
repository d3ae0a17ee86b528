"""Whether an authored dialogue is sound: names exist, results lead on, states come and go."""

from bot.authored import Node, Report, did_you_mean
from bot.talk.acts import ANSWERED, NEVER_TOLD, NONE, RESULTS, WORDLESS
from bot.talk.story import ANY, RESULT_NAMES, Known, Step, Story


def check(story: Story, known: Known, root: Node, report: Report) -> None:
    """Every mistake that shows only in the whole of a dialogue; `root` is its file."""
    place = report.mapping(root)["dialogue"]
    _point_somewhere(story, known, place, report)
    _hear_and_ask(story, known, place, report)
    _lead_on(story, place, report)
    _are_all_taken(story, report)
    _can_be_reached(story, report.mapping(place)["states"], report)


def _point_somewhere(story: Story, known: Known, place: Node, report: Report) -> None:
    """Intents and replies that steps name exist, and every intent is heard somewhere."""
    words = known.intents | RESULT_NAMES | WORDLESS
    for step in story.steps:
        if known.intents and step.trigger not in words:
            hint = did_you_mean(step.trigger, words)
            report.error(step.node, "F003", f"'{step.trigger}' is not an intent or a result", hint)
        for reply in {step.act, step.beside} - {""} - known.replies if known.replies else ():
            hint = did_you_mean(reply, known.replies)
            report.error(step.node, "F005", f"'{reply}' is not a reply", hint)
    places = story.places()
    for state in sorted(known.states - places.keys()):
        hint = did_you_mean(state, places)
        report.error(place, "F015", f"phrases are bound to '{state}', which is no state", hint)
    heard = {step.trigger for step in story.steps}
    for intent in sorted(known.intents - heard):
        message = f"the intent '{intent}' is in no transition: it is answered as '{NONE}'"
        report.warning(place, "F013", message)


def _hear_and_ask(story: Story, known: Known, place: Node, report: Report) -> None:
    """What states ask can be said, and what they hear has a meaning."""
    asking = {state.asks for state in story.states.values()} - {""}
    asking |= {reply for form in story.forms.values() for reply in form.replies}
    for reply in sorted(asking - known.replies) if known.replies else ():
        hint = did_you_mean(reply, known.replies)
        report.error(place, "F005", f"'{reply}' is not a reply", hint)
    if any(story.places().values()) and known.intents and ANSWERED not in known.intents:
        problem = f"free words are heard, so the intent '{ANSWERED}' is needed"
        report.error(place, "F016", problem)


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
        for name in {story.target(step, source) for source in step.sources}:
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
        more = {
            story.target(step, source)
            for step in story.steps
            for source in reached.intersection(step.sources)
        } - reached
        if not more:
            break
        reached |= more
    for name in story.states:
        node = place.keys.get(name, place)
        if name not in reached:
            report.error(node, "F007", f"no transition leads to the state '{name}'")
        if all(name not in s.sources or story.target(s, name) == name for s in story.steps):
            report.error(node, "F008", f"no transition leads out of the state '{name}'")
