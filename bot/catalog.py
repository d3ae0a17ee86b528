"""personas/, rules/ and content/ as one immutable compiled Catalog; all mistakes in one report."""

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from bot.authored import Mistake, Node, Report, parse
from bot.config import Settings
from bot.content.parse import Content, parse_content
from bot.errors import AuthorError
from bot.insight.scorecard import parse_risk
from bot.ledger.settings import parse_limits
from bot.ledger.tiers import parse_tiers
from bot.outreach.playbook import Playbook
from bot.outreach.policy import OutreachPolicy, parse_outreach
from bot.people.engagement import parse_engagement
from bot.people.skill import parse_skill
from bot.personas.parse import Personas, parse_personas
from bot.progress.rulebook import Rulebook, parse_rulebook
from bot.rules import engine, prove
from bot.rules.facts import Vocabulary, parse_facts
from bot.sources import read_files, strays, version_of
from bot.talk import dialogue, tongues
from bot.talk.classify import Classifier
from bot.talk.script import Script, Terms
from bot.talk.story import Known

NEEDED = (
    "rules/facts.yaml",
    "rules/effects.yaml",
    "rules/tiers.yaml",
    "rules/limits.yaml",
    "content/dialogue.yaml",
    "content/en/crisis.yaml",
)


class Catalog(Struct, frozen=True):
    """Everything authors wrote, compiled; `version` is the hash of all its files."""

    version: str
    script: Script
    playbook: Playbook
    vocabulary: Vocabulary
    mistakes: tuple[Mistake, ...]
    files: int


def load(root: Path, terms: Terms) -> Catalog:
    """The catalog of a project folder; AuthorError carries every mistake found."""
    catalog = compile_catalog(read_files(root), terms)
    return replace(catalog, mistakes=(*strays(root), *catalog.mistakes))


def on_terms(catalog: Catalog, terms: Terms) -> Catalog:
    """The same files under other terms."""
    script = replace(catalog.script, terms=terms)
    return replace(catalog, script=script, playbook=_playbook(script, catalog.playbook.policy))


def with_model(catalog: Catalog, model: Classifier | None) -> Catalog:
    """The catalog with this classifier."""
    script = catalog.script
    learnt = replace(script.understanding.learnt, model=model)
    understanding = replace(script.understanding, learnt=learnt)
    return replace(catalog, script=replace(script, understanding=understanding))


def terms_of(settings: Settings) -> Terms:
    """What of bot.toml the core needs."""
    return Terms(
        bot_name=settings.bot.name,
        time_zone=settings.bot.time_zone,
        new_age="adult" if settings.auth.mode == "demo" else "unknown",
        credit_price=settings.money.credit_price,
        currency=settings.money.currency,
        starting_credits=settings.money.starting_credits,
        granted_expire_days=settings.money.granted_expire_days,
        points_expire_days=settings.habits.points_expire_days,
        session_minutes=settings.bot.session_minutes,
        assets=settings.assets,
        stale_minutes=settings.market.stale_minutes,
        on_duty=settings.handoff.shifts,
        has_handoff_hook=bool(settings.handoff.url),
        has_habit_hook=bool(settings.habits.forward_url),
    )


def compile_catalog(texts: dict[str, str], terms: Terms) -> Catalog:
    """The catalog of these files; a rerun over the same texts gives the same version."""
    report = Report()
    nodes = {file: node for file, text in texts.items() if (node := _root(text, file, report))}
    for file in NEEDED:
        if file not in texts:
            report.error(
                Node(file, 1, 1, ""), "A000", "this file is missing; nothing runs without"
            )
    if len(nodes) < len(texts) or any(file not in nodes for file in NEEDED):
        raise AuthorError(_in_order(report.mistakes))  # what a broken file lacks is no mistake
    version = version_of(texts)
    script, vocabulary, playbook = _compiled(nodes, version, terms, report)
    if report.errors:
        raise AuthorError(_in_order(report.mistakes))
    mistakes = tuple(_in_order(report.mistakes))
    return Catalog(version, script, playbook, vocabulary, mistakes, len(texts))


def _root(text: str, file: str, report: Report) -> Node | None:
    """The root node of a file, which is always a mapping."""
    node = parse(text, file, report)
    if node is not None and not isinstance(node.value, dict):
        report.error(node, "A006", "a file holds keys and their values, like 'rules:' and a list")
        return None
    return node


def _compiled(
    nodes: dict[str, Node], version: str, terms: Terms, report: Report
) -> tuple[Script, Vocabulary, Playbook]:
    """Every part from its files; with errors in the report they are not to be used."""
    rules = {file: node for file, node in nodes.items() if file.startswith("rules/")}
    own = {_stem(file): dict(node.items()).get(_stem(file)) for file, node in rules.items()}
    progress = report.mapping(own.get("progress"))
    book = parse_rulebook(own.get("progress"), own.get("habits"), report, own.get("challenges"))
    vocabulary = parse_facts(own.get("facts"), report)
    prices = parse_tiers(own.get("tiers"), report)
    personas = parse_personas(nodes, report)
    content = parse_content(nodes, prices, report)
    limits = parse_limits(own.get("limits"), report)
    skill = parse_skill(progress.get("skill"), report)
    engagement = parse_engagement(progress.get("engagement"), report)
    policy = parse_outreach(own.get("outreach"), report)
    ruleset = _rules(rules, book, vocabulary, content, personas, report)
    talked, understanding = _talk(nodes, content, report)
    script = Script(
        version=version,
        terms=terms,
        rules=ruleset,
        prices=prices,
        limits=limits,
        skill=skill,
        engagement=engagement,
        book=book,
        content=content,
        personas=personas,
        understanding=understanding,
        dialogue=talked,
        risk=parse_risk(own.get("risk"), report),
    )
    return script, vocabulary, _playbook(script, policy)


def _talk(
    nodes: dict[str, Node], content: Content, report: Report
) -> tuple[dialogue.Dialogue, tongues.Understanding]:
    understanding = tongues.build(nodes, content.spoken, report)
    known = Known(understanding.intents, content.reply_names, understanding.states)
    talked = dialogue.build(nodes["content/dialogue.yaml"], known, report)
    if talked is None:
        raise AuthorError(_in_order(report.mistakes))
    free = {place: slot for place, slot in talked.story.places().items() if slot}
    return talked, replace(understanding, free=free, asides=talked.story.asides)


def _rules(
    files: dict[str, Node],
    book: Rulebook,
    vocabulary: Vocabulary,
    content: Content,
    personas: Personas,
    report: Report,
) -> engine.RuleSet:
    """The rules, proven."""
    names = engine.Names(content.reply_names, content.template_names, personas.names)
    ruleset = engine.build(files, vocabulary, names, report)
    prove.prove(ruleset, vocabulary, report)
    prove.prove_pay(ruleset, book.actions, report)
    return ruleset


def _playbook(script: Script, policy: OutreachPolicy) -> Playbook:
    return Playbook(
        version=script.version,
        policy=policy,
        rules=script.rules,
        content=script.content,
        personas=script.personas,
        limits=script.limits,
        engagement=script.engagement,
        streaks=script.book.streaks,
        risk=script.risk,
        bot=script.terms.bot_name,
        zone=script.terms.time_zone,
        stale_minutes=script.terms.stale_minutes,
    )


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".yaml")


def _in_order(mistakes: list[Mistake]) -> list[Mistake]:
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(mistakes, key=lambda m: (order[m.level], m.file, m.line, m.column))
