"""What a story may name: states, replies, rules and the like of a catalog."""

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.catalog import Catalog
from bot.model.money import TIERS
from bot.model.person import SKILLS
from bot.settings import Jobs
from bot.talk.acts import CRISIS, WORDLESS
from bot.talk.answers import LESSON
from bot.talk.quizzing import EXPLANATION, QUESTION

JOBS = tuple(name.removesuffix("_s") for name in Jobs.__struct_fields__)
FIXED = ("jobs", "ages", "words of the market")  # names that no authored file changes


class Names(Struct, frozen=True):
    """What a story may name, by sort; a sort that is absent is not checked."""

    of: dict[str, frozenset[str]]

    def check(self, sort: str, node: Node, report: Report) -> None:
        known = self.of.get(sort)
        for one in node.value if isinstance(node.value, list) else [node]:
            if known is not None and one.value not in known:
                hint = did_you_mean(str(one.value), known)
                report.error(one, "W003", f"'{one.value}' is not one of the {sort}", hint)


def names_of(catalog: Catalog) -> Names:
    """The names of a catalog."""
    script = catalog.script
    return Names(
        {
            "states": frozenset(script.dialogue.story.states),
            "replies": script.content.reply_names | {LESSON, EXPLANATION, QUESTION, CRISIS},
            "rules": frozenset(rule.name for rule in script.rules.ordered),
            "intents": script.understanding.intents | WORDLESS | {CRISIS},
            "personas": frozenset(script.personas.names),
            "tiers": frozenset(tier.value for tier in TIERS),
            "items": frozenset(script.content.items),
            "topics": frozenset(item.topic for item in script.content.items.values()),
            "jobs": frozenset(JOBS),
            "skills": frozenset(SKILLS),
            "words of the market": frozenset({"silent", "back"}),
            "ages": frozenset({"unknown", "adult", "minor"}),
        }
    )
