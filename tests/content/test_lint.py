"""What no text may say, in every file that is said."""

import pytest

from tests.content.files import parsed, policy_text, problems, small_replies


def _said(text: str) -> str:
    quoted = text.replace("'", "''")
    return problems(
        parsed({"content/en/replies.yaml": small_replies(extra=f"{{say: '{quoted}'}}")})[1]
    )


@pytest.mark.parametrize(
    "text",
    [
        "This is a risk-free trade.",
        "Guaranteed returns for everyone.",
        "BTC will definitely rise tomorrow.",
        "You can't lose with this.",
        "Easy money, really.",
    ],
)
def test_a_promise_of_gain_is_refused(text: str) -> None:
    assert "C020" in _said(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm a real person, believe me.",
        "I am licensed to advise you.",
        "Please don't go!",
        "We missed you!",
        "How could you stop now?",
    ],
)
def test_a_machine_is_no_human_and_is_not_left(text: str) -> None:
    assert "C021" in _said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nobody can promise a return.",
        "You can lose everything you put in.",
        "I am a machine, not a person.",
        "Prices may rise or fall.",
        "Goodbye, take care.",
    ],
)
def test_plain_words_pass(text: str) -> None:
    assert _said(text) == ""


def test_no_reward_and_nothing_that_is_earned_promises_or_shames() -> None:
    """P09, P10: rewards, achievements and levels in every language."""
    rewards = "rewards: {guide: {points: 5, title: Guide, text: Guaranteed returns for everyone}}"
    earned = """
progress:
  levels: [{name: Easy money, xp: 0}]
  achievements:
    first:
      when: earned.xp >= 1
      badge: "*"
      name: {en: First, fi: Varma voitto}
      text: {en: Please don't go!, fi: Ensimmäinen}
"""
    found = problems(
        parsed(
            {
                "content/en/rewards.yaml": rewards,
                "content/fi/formats.yaml": "formats: {words: {Sage: Varma voitto}}",
                "content/fi/policy.yaml": policy_text("content/fi/policy.yaml"),
                "rules/progress.yaml": earned,
                "rules/challenges.yaml": "challenges: {us: {text: {fi: Varma voitto yhdessä}}}",
            }
        )[1]
    )
    assert "rules/challenges.yaml:1:30  error C020" in found
    assert "content/en/rewards.yaml:1:50  error C020" in found
    assert "content/fi/formats.yaml:1:25  error C020" in found  # what levels are in Finnish
    assert "rules/progress.yaml:3:19  error C020" in found
    assert "rules/progress.yaml:8:29  error C020" in found
    assert "rules/progress.yaml:9:25  error C021" in found


def test_what_a_persona_never_says_is_refused_wherever_it_may_be_said() -> None:
    persona = "title: T\nurgent: {en: u}\nnever: [last chance]\nphrases: {en: {risk: Last chance}}"
    found = problems(
        parsed(
            {
                "personas/terse.yaml": persona,
                "content/en/replies.yaml": small_replies(extra="{say: a last chance indeed}"),
            }
        )[1]
    )
    assert found.count("C022  'last chance' is something terse never says") == 2
    assert "personas/terse.yaml:4:22" in found


@pytest.mark.parametrize("label", ["No, thanks", "Not now", "no", "Cancel"])
def test_a_no_is_worded_neutrally(label: str) -> None:
    reply = f"{{say: a, choices: [{{label: '{label}', send: 'No'}}]}}"
    assert problems(parsed({"content/en/replies.yaml": small_replies(extra=reply)})[1]) == ""


@pytest.mark.parametrize("label", ["No, I like losing money", "I give up", "Miss out"])
def test_a_no_that_shames_is_refused(label: str) -> None:
    reply = f"{{say: a, choices: [{{label: '{label}', send: 'No'}}]}}"
    found = problems(parsed({"content/en/replies.yaml": small_replies(extra=reply)})[1])
    assert "C023" in found


def test_markdown_that_would_not_show_is_refused() -> None:
    assert "C012" in _said("[here](http://example.org)")
    numbered = "\n    say: |\n      1. one\n      2. two"
    found = problems(parsed({"content/en/replies.yaml": small_replies(extra=numbered)})[1])
    assert "C012  numbered lines run together" in found
