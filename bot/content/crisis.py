"""The one answer to words of somebody who may not want to go on, by language and country."""

from collections.abc import Mapping

from bot.authored import Node, Report
from bot.content.compile import Template
from bot.content.markdown import read_markdown

FILE = "crisis.yaml"
KEYS = ("say", "elsewhere", "countries", "country", "unknown")  # what is said
HEARD = ("signs", "loss", "despair", "harmless")  # what is heard: talk.alarm reads it
LINES = "{lines}"

Answers = dict[tuple[str, str], Template]  # by locale and country; country "" is anywhere


def parse_crisis(files: Mapping[str, Node], default: str, report: Report) -> Answers:
    """The answer of every locale, for every country any of them knows lines of.

    A locale without lines for a country takes those of the default and the locales before it.
    The text has no variables: nothing a person or a rule says can change it.
    """
    found: Answers = {}
    known: dict[str, tuple[str, ...]] = {}
    roots = {
        file.split("/")[1]: root
        for file, root in sorted(files.items())
        if file.startswith("content/") and file.endswith(f"/{FILE}")
    }
    for locale, root in sorted(roots.items(), key=lambda pair: pair[0] != default):
        keys = [*KEYS, *HEARD]
        needed = ["say", "elsewhere"]
        place = report.fields(root, ["crisis"], ["crisis"], "C030").get("crisis")
        if place is None:
            continue
        pairs = report.fields(place, keys, needed, "C030")
        countries = report.mapping(pairs.get("countries"), "C030")
        known = known | {name: report.texts(node, "C030") for name, node in countries.items()}
        texts = {key: report.text(pairs.get(key), code="C030") for key in needed}
        if LINES not in texts["say"]:
            report.error(place, "C031", f"the answer lacks {LINES}, where help can be found")
        usual = report.text(pairs.get("country"), code="C030")
        lines = report.texts(pairs.get("unknown"), "C030") or known.get(usual, ())
        found |= _answers(locale, texts, {**known, "": lines})
    return found


def _answers(
    locale: str, texts: Mapping[str, str], known: Mapping[str, tuple[str, ...]]
) -> Answers:
    """The answer for each country; the lines of all end with where the others are found."""
    found = {}
    for country, lines in known.items():
        rows = "\n".join(f"- {line}" for line in (*lines, texts["elsewhere"]))
        found[locale, country] = _fixed(texts["say"].replace(LINES, rows))
    return found


def _fixed(text: str) -> Template:
    return Template(text, frozenset(), lambda _: text, read_markdown(text))
