"""Facts about rules/outreach.yaml."""

from bot.authored import Report, parse
from bot.outreach.policy import Caps, KindPolicy, OutreachPolicy, QuietHours, parse_outreach

WHOLE = """
quiet_hours: {start: 20, end: 9}
jitter_min: 10
max_lateness_h: 3
caps:
  promotional: {day: 1, week: 2}
  flagged: {day: 0, week: 0}
  all: {day: 4, week: 10}
kinds:
  comeback: {promotional: true, consent: promotions, ttl_h: 12}
  market_alert: {promotional: false, fresh_h: 6, priority: 10}
  receipt: {promotional: false, transactional: true, channel: email}
"""


def read(text: str) -> tuple[OutreachPolicy, Report]:
    report = Report()
    node = parse(text, "rules/outreach.yaml", report)
    return parse_outreach(node, report), report


def problems(text: str) -> list[str]:
    return [str(mistake) for mistake in read(text)[1].mistakes]


def test_every_key_is_read():
    policy, report = read(WHOLE)
    assert not report.mistakes
    assert policy.quiet == QuietHours(20, 9)
    assert (policy.jitter_min, policy.max_lateness_h) == (10, 3)
    assert (policy.promotional, policy.flagged, policy.every) == (
        Caps(1, 2),
        Caps(0, 0),
        Caps(4, 10),
    )
    assert policy.kinds["comeback"].consent == "promotions"
    assert policy.kinds["comeback"].ttl_us == 12 * 3_600_000_000
    assert policy.kinds["market_alert"].fresh_h == 6
    assert policy.kinds["receipt"].transactional


def test_without_the_file_the_shipped_numbers_hold():
    policy = parse_outreach(None, Report())
    assert policy.quiet == QuietHours(21, 8)
    assert policy.promotional == Caps(1, 3)


def test_a_kind_no_file_names_is_promotional():
    policy, _ = read(WHOLE)
    assert policy.kind("surprise") == KindPolicy("surprise", promotional=True)


def test_an_unknown_key_is_named_with_its_place_and_the_nearest_word():
    found = problems("jiter_min: 3")
    assert found == [
        "rules/outreach.yaml:1:1  error O001  'jiter_min' is not a key here; "
        "did you mean 'jitter_min'?"
    ]


def test_more_promotions_than_the_policy_allows_are_refused():
    assert "O004" in problems("caps: {promotional: {day: 2, week: 3}}")[0]
    assert "O004" in problems("caps: {promotional: {day: 1, week: 4}}")[0]


def test_quiet_hours_of_no_length_are_refused_and_short_ones_warned_about():
    assert "error O003" in problems("quiet_hours: {start: 8, end: 8}")[0]
    assert "warning O003" in problems("quiet_hours: {start: 23, end: 6}")[0]
    assert not problems("quiet_hours: {start: 20, end: 9}")


def test_a_kind_says_whether_it_is_promotional():
    assert "the key 'promotional' is missing" in problems("kinds: {comeback: {ttl_h: 3}}")[0]


def test_nothing_is_both_promotional_and_transactional():
    assert "O005" in problems("kinds: {x: {promotional: true, transactional: true}}")[0]


def test_all_mistakes_are_told_at_once():
    text = "jitter_min: soon\nkinds: {x: {promotional: yes, channel: pigeon}}"
    assert len(problems(text)) == 3
