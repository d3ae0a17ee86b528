"""Lessons: topics in depths, and the items that can be unlocked."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from bot.authored import Node, Report
from bot.content.allowed import LESSON
from bot.content.compile import Template, compile_text
from bot.content.quizzes import Question, parse_quiz
from bot.ledger.tiers import Prices
from bot.model.money import TIERS, Item, Tier


class Topic(Struct, frozen=True):
    """One topic in one locale; a topic may have some depths only."""

    id: str
    title: str
    about: str
    names: tuple[str, ...]
    texts: dict[Tier, Template]
    promotional: frozenset[Tier]
    quiz: tuple[Question, ...]
    node: Node
    opens: dict[Tier, int] = {}


def parse_topics(
    files: Mapping[str, Node], locale: str, report: Report, is_fast: bool
) -> dict[str, Topic]:
    """The topics of a locale, in catalog order: those of topics.yaml, then a file for each.

    Files of their own, content/<locale>/topics/<id>.yaml, come in the order of their names.
    """
    nodes: list[Node] = []
    listed = files.get(f"content/{locale}/topics.yaml")
    if listed is not None:
        pairs = report.fields(listed, ["topics"], ["topics"], "C001")
        nodes += report.items(pairs.get("topics"), "C001")
    for file in sorted(files):
        if file.startswith(f"content/{locale}/topics/"):
            pairs = report.fields(files[file], ["topic"], ["topic"], "C001")
            nodes += [pairs["topic"]] if "topic" in pairs else []
    return _by_id(nodes, report, is_fast)


def _by_id(nodes: list[Node], report: Report, is_fast: bool) -> dict[str, Topic]:
    found: dict[str, Topic] = {}
    for node in nodes:
        topic = _topic(node, report, is_fast)
        if topic is None:
            continue
        if topic.id in found:
            report.error(node, "C005", f"the topic '{topic.id}' stands twice")
        found.setdefault(topic.id, topic)
    return found


def items(topics: Mapping[str, Topic], prices: Prices) -> dict[str, Item]:
    """What can be unlocked, sku -> item, in catalog order: tier by tier in each topic."""
    return {
        sku_of(topic.id, tier): Item(
            sku=sku_of(topic.id, tier),
            topic=topic.id,
            tier=tier,
            price=prices.of(tier),
            financial_promotion=tier in topic.promotional,
            opens_on=topic.opens.get(tier, 0),
        )
        for topic in topics.values()
        for tier in TIERS
        if tier in topic.texts
    }


def sku_of(topic: str, tier: Tier) -> str:
    """The item of a topic's depth."""
    return f"{topic}.{tier.value}"


def check_translations(
    found: Mapping[str, Mapping[str, Topic]], default: str, report: Report
) -> None:
    """Other locales translate topics; they never add one, or change what is a promotion."""
    known = found[default]
    for locale, topics in found.items():
        for topic in topics.values() if locale != default else ():
            first = known.get(topic.id)
            if first is None:
                report.error(topic.node, "C006", f"'{topic.id}' is not a topic in '{default}'")
            elif extra := set(topic.texts) - set(first.texts):
                names = ", ".join(sorted(extra))
                problem = f"'{topic.id}' has no depth {names} in '{default}'"
                report.error(topic.node, "C006", problem)
            elif topic.quiz and not _are_alike(topic, first):
                problem = f"the quiz of '{topic.id}' does not match the one in '{default}'"
                hint = "as many questions and options, the right ones in the same places"
                report.error(topic.node, "C006", problem, hint)


def _are_alike(topic: Topic, first: Topic) -> bool:
    """Answers are kept by position, so a translated quiz has its options in the same order."""
    ours = [(len(one.options), one.right) for one in topic.quiz]
    return ours == [(len(one.options), one.right) for one in first.quiz]


def _topic(node: Node, report: Report, is_fast: bool) -> Topic | None:
    known = ["id", "title", "about", "names", "financial_promotion", "depths", "quiz"]
    pairs = report.fields(node, known, ["id", "title", "depths"], "C001")
    if not {"id", "title", "depths"} <= pairs.keys():
        return None
    depths = report.fields(pairs["depths"], [tier.value for tier in TIERS], code="C001")
    promotional = set(TIERS) if _is_promotion(pairs, report) else set()
    texts: dict[Tier, Template] = {}
    opens: dict[Tier, int] = {}
    for name, depth in depths.items():
        place = depth
        if isinstance(depth.value, dict):
            keys = ["text", "financial_promotion", "from"]
            inner = report.fields(depth, keys, ["text"], "C001")
            if "from" in inner:
                opens[Tier(name)] = _date(inner["from"], report)
            place = inner.get("text", depth)
            if _is_promotion(inner, report):
                promotional.add(Tier(name))
        text = compile_text(place, LESSON, report, is_fast)
        if text is not None:
            texts[Tier(name)] = text
    return Topic(
        id=report.text(pairs["id"], code="C001"),
        title=report.text(pairs["title"], code="C001"),
        about=report.text(pairs.get("about"), code="C001"),
        names=report.texts(pairs.get("names"), code="C001"),
        texts=texts,
        promotional=frozenset(promotional),
        quiz=parse_quiz(pairs.get("quiz"), report, is_fast),
        node=node,
        opens=opens,
    )


def _date(node: Node, report: Report) -> int:
    """A date like 2026-12-01, as an ordinal."""
    try:
        return date.fromisoformat(report.text(node, code="C001")).toordinal()
    except ValueError:
        report.error(node, "C001", f"'{node.value}' is no date like 2026-12-01")
        return 0


def _is_promotion(pairs: Mapping[str, Node], report: Report) -> bool:
    return report.boolean(pairs.get("financial_promotion"), code="C001")
