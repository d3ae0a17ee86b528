"""The widget's own words: every language says all of them, and mistakes are told by place."""

import pytest

from bot.authored import Report
from bot.content.labels import Labels, parse_labels
from tests.content.files import nodes, problems, shipped


def test_every_label_has_finnish_words() -> None:
    content, _ = shipped()
    english, finnish = content.label("en"), content.label("fi-FI")
    assert finnish.chat.locale == "fi" and english.chat.locale == "en"
    for ours, theirs in ((english.chat, finnish.chat), (english.settings, finnish.settings)):
        for name in set(ours.__struct_fields__) - {"name"}:
            assert getattr(ours, name) != getattr(theirs, name), f"content/fi/widget.yaml: {name}"


def test_what_a_language_lacks_is_said_in_english() -> None:
    report = Report()
    files = nodes({"content/sv/widget.yaml": "chat: {send: Skicka}"}, report)
    found = parse_labels(files, report)["sv"]
    assert (found.chat.locale, found.chat.send) == ("sv", "Skicka")
    assert found.chat.close == "Close chat" and found.settings == Labels().settings


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("chat: {sned: Skicka}", "'sned' is not a key here; did you mean 'send'?"),
        ("chat: {said: sade}", "content/sv/widget.yaml:1:14  error C031  'sade' lacks {name}"),
        ("chat: {you: '{who}'}", "'{who}' has {who}, which nothing fills in"),
        ("settings: {until: 3}", "expected text, found"),
        ("words: {}", "'words' is not a key here"),
        ("chat: {name: Pat}", "'name' is not a key here"),
    ],
)
def test_a_mistake_in_the_labels_is_told(text: str, problem: str) -> None:
    report = Report()
    parse_labels(nodes({"content/sv/widget.yaml": text}, report), report)
    assert problem in problems(report)
