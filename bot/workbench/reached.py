"""What the stories reached of the shipped files, and what none of them did."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.catalog import Catalog
from bot.talk import dialogue
from bot.talk.story import Step


@dataclass
class Reached:
    """Names that some story reached; steps are those of content/dialogue.yaml."""

    steps: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    replies: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Coverage:
    """One kind of thing: how many there are, and which of them no story reached."""

    what: str
    all: int
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        return 1 - len(self.missing) / self.all if self.all else 1.0


def watched(catalog: Catalog) -> Reached:
    """A record that fills while stories are played with this catalog."""
    reached = Reached()
    dialogue.watch(catalog.script.dialogue, lambda step: reached.steps.add(_name(step)))
    return reached


def coverage(catalog: Catalog, reached: Reached) -> tuple[Coverage, Coverage, Coverage]:
    """Transitions, rules and replies."""
    script = catalog.script
    names = script.rules.ordered
    return (
        _covered("transitions", map(_name, script.dialogue.story.steps), reached.steps),
        _covered("rules", (rule.name for rule in names), reached.rules),
        _covered("replies", sorted(script.content.reply_names), reached.replies),
    )


def _covered(what: str, names: Iterable[str], reached: set[str]) -> Coverage:
    known = list(dict.fromkeys(names))
    return Coverage(what, len(known), tuple(name for name in known if name not in reached))


def _name(step: Step) -> str:
    """A transition as people know it: where it stands, and what it does."""
    conditions = "".join(
        f" if {'not ' if is_not else ''}{name}" for name, is_not in step.conditions
    )
    sources = ", ".join(step.sources) if len(step.sources) <= 2 else "*"
    place = f"{step.node.file}:{step.node.line}"
    return f"{sources} --{step.trigger}{conditions}--> {step.to or 'stay'}  ({place})"
