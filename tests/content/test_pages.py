"""The words of a person's page: all there, in every language, and each of them used."""

import re
from pathlib import Path

from msgspec.structs import replace

from bot.authored import Report, parse
from bot.content.pages import NAMES, parse_pages
from bot.content.texts import Reading
from tests.conftest import ROOT, shipped_catalog

PAGES = ROOT / "bot" / "web" / "pages"
SAID = re.compile(r"\bt\('(\w+)'")
MADE = re.compile(r"\bt\('(\w+)' ~")


def _parsed(text: str, locale: str = "en") -> tuple[Report, dict[str, object]]:
    report = Report()
    file = f"content/{locale}/pages.yaml"
    node = parse(text, file, report)
    assert node is not None
    found = parse_pages({file: node}, (locale,), Reading(report))
    return report, dict(found[locale])


def test_finnish_has_every_text_that_english_has() -> None:
    pages = shipped_catalog().script.content.pages
    assert set(pages["en"]) == set(pages["fi"]) == NAMES


def test_templates_say_only_texts_that_there_are() -> None:
    for file in PAGES.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        made = set(MADE.findall(text))
        assert set(SAID.findall(text)) - made <= NAMES, file.name
        for start in made:
            assert any(name.startswith(start) for name in NAMES), start


def test_every_text_is_said_somewhere() -> None:
    code = (ROOT / "bot" / "web" / "sheet.py").read_text(encoding="utf-8")
    whole = code + "".join(file.read_text(encoding="utf-8") for file in PAGES.glob("*.html"))
    starts = {*MADE.findall(whole), "brings_", "day_", "told_", "send_"}
    heads = set(re.findall(r"head\('(\w+)'\)", whole))
    unused = {
        name
        for name in NAMES - set(SAID.findall(whole)) - heads - {"tongue"}
        if not name.startswith(tuple(starts))
    }
    assert not unused


def test_a_misspelt_text_is_told_with_its_place_and_the_right_word() -> None:
    report, _ = _parsed("pages:\n  titel: Your page\n")
    wrong = next(one for one in report.mistakes if one.code == "C041")
    assert (wrong.file, wrong.line) == ("content/en/pages.yaml", 2)
    assert "title" in wrong.hint


def test_a_text_that_english_lacks_is_told_and_one_that_finnish_lacks_is_not() -> None:
    report, _ = _parsed("pages:\n  title: Your page\n")
    assert any(one.code == "C042" and "'hello'" in one.problem for one in report.mistakes)
    report, found = _parsed("pages:\n  title: Oma sivu\n", "fi")
    assert not report.mistakes and set(found) == {"title"}


def test_what_finnish_lacks_is_said_in_english() -> None:
    content = shipped_catalog().script.content
    pages = {"en": content.pages["en"], "fi": {}}
    partly = replace(content, pages=pages)
    assert partly.page_text("title", "fi") is content.pages["en"]["title"]


def test_the_page_promises_nothing_that_ends_and_blames_nobody() -> None:
    words = re.compile(r"hurry|last chance|lose your|don't miss|only \d+ left|behind|failed", re.I)
    for locale in ("en", "fi"):
        text = Path(ROOT / "content" / locale / "pages.yaml").read_text(encoding="utf-8")
        assert not words.search(text)


def test_finnish_has_a_word_for_everything_that_earns_and_for_every_level() -> None:
    script = shipped_catalog().script
    words = script.content.format("fi").words
    book = script.book
    earning = [name for name, one in book.actions.items() if one.xp]
    spoken = [name.replace("_", " ") for name in (*earning, *book.habits.actions)]
    missing = {*spoken, *(level.name for level in book.ladder.levels)} - words.keys()
    assert not missing
