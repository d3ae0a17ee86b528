"""Facts about the format of stories: mistakes have a place, failures say what came."""

import json
from pathlib import Path

import pytest

from bot import config
from bot.errors import AuthorError
from bot.settings import Jobs
from bot.workbench import stories
from bot.workbench.stories import Stories, explained
from tests.models import SHELF, shipped_catalog

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = config.override(config.load(ROOT / "bot.toml", {}), data=str(SHELF.parent))
HEAD = "story: A test\nat: 2026-03-02T20:00:00\nzone: Europe/Helsinki\nsteps:\n"


def told(tmp_path: Path, steps: str, head: str = HEAD) -> Stories:
    path = tmp_path / "one.yaml"
    path.write_text(head + steps)
    return Stories(SETTINGS, [path], shipped_catalog())


def failed(tmp_path: Path, steps: str, head: str = HEAD) -> list[str]:
    """What is printed of a story that fails."""
    book = told(tmp_path, steps, head)
    failure = book.play(book.stories[0])
    assert failure is not None
    return list(explained(book.stories[0], failure))


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("  - sya: hello\n", "one.yaml:5:5  error W001  'sya' is not a key here; did you mean 's"),
        ("  - {say: hello, tick: nudges}\n", "5:5  error W004  one thing at a time"),
        ("  - {say: hi, expect: {said: welcom}}\n", "W003  'welcom' is not one of the replies; d"),
        ("  - {say: hi, expect: {state: idel}}\n", "W003  'idel' is not one of the states; did"),
        ("  - {say: hi, expect: {fired: daly-limit}}\n", "not one of the rules; did you mean 'da"),
        ("  - {say: hi, expect: {person: {profil.name: A}}}\n", "a person has no 'profil'; did"),
        ("  - {say: hi, expect: {price: two}}\n", "5:31  error W005  'price' takes a whole"),
        ("  - {say: 5}\n", "W005  'say' takes a text; put it in quotes"),
        ("  - {wait: soon}\n", "W006  'soon' is no time like 10m, 2h, 1d or 1w"),
        ("  - {at: soon}\n", "W006  'soon' is no time like 2026-03-02T20:00 or 20:00"),
        ("  - {tick: [nudge]}\n", "W003  'nudge' is not one of the jobs; did you mean 'nudges'?"),
        ("  - {call: {unlok: {}}}\n", "'unlok' is not a key here; did you mean 'unlock'?"),
        ("  - {call: {unlock: {skus: a}}}\n", "'skus' is not a key here; did you mean 'sku'?"),
        ("  - {market: {asst: BTC}}\n", "'asst' is not a key here; did you mean 'asset'?"),
        ("  - {market: silnt}\n", "'silnt' is not one of the words of the market; did you"),
        ("  - {market: 5}\n", "'market' takes silent, back, or the figures of an asset"),
        ("  - {alert: {asset: BTC}}\n", "the key 'type' is missing"),
        ("  - {together: [{wait: 1d}]}\n", "'wait' is not a key here"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_place(tmp_path: Path, steps: str, problem: str) -> None:
    with pytest.raises(AuthorError) as caught:
        told(tmp_path, steps)
    assert problem in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    head = HEAD.replace("Europe/Helsinki", "Europe/Helsinki\nwho: {agee: adult, owned: [a.b]}")
    with pytest.raises(AuthorError) as caught:
        told(tmp_path, "  - sya: hello\n  - {wait: soon}\n", head)
    assert len(caught.value.mistakes) == 4


def test_a_zone_nobody_knows_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="'Mars/Base' is not an IANA time zone"):
        told(tmp_path, "  - say: hi\n", HEAD.replace("Europe/Helsinki", "Mars/Base"))


def test_a_failure_says_where_what_was_said_what_was_expected_and_what_came(
    tmp_path: Path,
) -> None:
    steps = "  - say: hello\n  - wait: 2h\n    say: teach me leverage\n    expect:\n"
    lines = failed(tmp_path, steps + "      text: Trade with money you borrow\n      price: 2\n")
    assert lines[0].endswith("one.yaml:6:5  say: teach me leverage   (2026-03-02 22:00:01, "
                             "Europe/Helsinki)")  # fmt: skip
    whole = "\n".join(lines)
    assert "expected  text: Trade with money you borrow" in whole and "one.yaml:9:13" in whole
    assert "came      nearest to 'Trade with money you borrow': '" in whole
    assert "expected  price: 2" in whole and "came      0" in whole
    assert "answer    mentor [learning]" in whole and "Go deeper" in whole
    assert "rules     persona-choice" in whole


@pytest.mark.parametrize(
    ("expect", "came"),
    [
        ("not_text: machine", "it says 'machine'"),
        ("choices: Pizza", "the choices are "),
        ("choices: []", "Leverage"),
        ("not_choices: Leverage", "there is the choice Leverage"),
        ("said: offer", "disclosure, welcome"),
        ("not_said: welcome", "there is welcome"),
        ("state: learning", "idle"),
        ("persona: calm", "mentor"),
        ("intent: help", "greet"),
        ("outcome: unlocked", "none"),
        ("fired: daily-limit", "persona-choice"),
        ("balance: 3", "20"),
        ("limits: {day: 5}", "day: 20"),
        ("remaining: {week: 5}", "week: 60"),
        ("owned: [leverage.basic]", "nothing"),
        ("person: {profile.age: minor}", "profile.age: adult"),
        ("person: {profile.shoes: 44}", "profile.shoes: none"),
        ("is_known: false", "true"),
        ("repeated: true", "false"),
        ("error: too_many", "none"),
        ("counts: {sent: 1}", "sent: 0"),
    ],
)
def test_every_expectation_can_fail(tmp_path: Path, expect: str, came: str) -> None:
    lines = failed(tmp_path, f"  - say: hello\n    expect: {{{expect}}}\n")
    assert any(line.startswith("  came") and came in line for line in lines), lines


def test_what_was_not_expected_to_fail_fails(tmp_path: Path) -> None:
    assert "no_choice: 'Pizza' was not to choose" in "\n".join(
        failed(tmp_path, "  - say: hello\n  - choose: Pizza\n")
    )
    assert "other_feed: nothing was said first" in "\n".join(
        failed(tmp_path, "  - say: hello\n  - expect_feed: [{kind: comeback}]\n")
    )


def test_a_part_of_what_happens_together_fails_by_its_own_place(tmp_path: Path) -> None:
    steps = "  - together:\n      - say: hello\n      - {say: bye, expect: {said: offer}}\n"
    assert "one.yaml:7:9  say: bye" in failed(tmp_path, steps)[0]


def test_every_job_can_be_run_in_a_story(tmp_path: Path) -> None:
    jobs = ", ".join(name.removesuffix("_s") for name in Jobs.__struct_fields__)
    book = told(tmp_path, f"  - say: hello\n  - tick: [{jobs}]\n")
    assert book.play(book.stories[0]) is None


def test_a_person_set_up_is_known_and_owes_nothing_to_the_limits(tmp_path: Path) -> None:
    who = "who: {name: Eva, credits: 9, owned: [leverage.premium], skill: skilled, nudges: true}\n"
    steps = (
        "  - say: hello\n    expect:\n      not_said: welcome\n      balance: 9\n"
        "      owned: [leverage.premium]\n      remaining: {day: 20, month: 120}\n"
        "      person: {profile.name: Eva, skill.level: skilled, consent.nudges: true}\n"
    )
    book = told(tmp_path, steps, who + HEAD)
    assert book.play(book.stories[0]) is None


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    steps = (
        "  - say: unlock leverage basic\n  - restart: true\n"
        "  - say: 'yes'\n    expect: {outcome: unlocked, balance: 18}\n"
    )
    book = told(tmp_path, steps)
    assert book.play(book.stories[0]) is None


def test_the_command_prints_coverage_and_ends_with_1_when_a_story_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.yaml").write_text(HEAD + "  - say: hello\n")
    assert stories.run(SETTINGS, [tmp_path], "text", True) == 0
    printed = capsys.readouterr().out
    assert "1 passed, 0 failed" in printed and "not reached: daily-limit" in printed
    assert "* --thanks--> stay  (content/dialogue.yaml:" in printed
    (tmp_path / "two.yaml").write_text(HEAD + "  - {say: hello, expect: {state: offer}}\n")
    assert stories.run(SETTINGS, [tmp_path], "json", False) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["passed"], told["failed"]) == (1, 1)
    assert told["stories"][1]["failure"]["misses"][0]["key"] == "state"
    assert "greet" not in " ".join(told["coverage"]["rules"]["missing"])
