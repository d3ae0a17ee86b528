"""Content files: what is read, what is missing, what is a mistake."""

from bot.content.allowed import REPLIES
from bot.model.money import Tier
from tests.content.files import parsed, problems, shipped, small_replies

TOPICS = """topics:
  - id: salt
    title: Salt
    names: [sodium]
    depths:
      free: a
      premium: {text: b, financial_promotion: true}
"""


def test_the_shipped_files_are_right() -> None:
    content, report = shipped()
    assert not report.mistakes, problems(report)
    assert set(REPLIES) <= content.reply_names
    assert {"comeback", "market_alert"} <= content.template_names


def test_an_item_is_a_topic_at_a_depth_at_the_price_of_its_tier() -> None:
    content, _ = parsed({"content/en/topics.yaml": TOPICS})
    assert list(content.items) == ["salt.free", "salt.premium"]
    item = content.items["salt.premium"]
    assert (item.tier, item.price, item.financial_promotion) == (Tier.PREMIUM, 5, True)
    assert not content.items["salt.free"].financial_promotion
    assert content.spoken == {"en": {"topic": {"salt": ("Salt", "sodium")}, "reward": {}}}
    assert content.title("salt.premium", "en") == "Salt (premium)"


def test_a_reply_the_code_says_by_name_must_exist() -> None:
    texts = small_replies()
    line = next(line for line in texts.splitlines() if line.startswith("  cap_day:"))
    _, report = parsed({"content/en/replies.yaml": texts.replace(line + "\n", "")})
    assert "C003  the reply 'cap_day' is missing" in problems(report)


def test_a_missing_file_of_replies_is_told_reply_by_reply() -> None:
    _, report = parsed({"content/en/replies.yaml": "replies: {}"})
    assert len(report.errors) == len(REPLIES)


def test_a_reply_may_be_a_text_a_list_or_a_mapping_with_choices() -> None:
    content, report = parsed(
        {
            "content/en/replies.yaml": small_replies(
                one="just this",
                two="[this, that]",
                three="{say: both, choices: [{label: 'Go', send: 'go'}]}",
            )
        }
    )
    assert not report.mistakes, problems(report)
    assert content.replies["", "en", "one"].variants[0].source == "just this"
    assert len(content.replies["", "en", "two"].variants) == 2
    assert content.replies["", "en", "three"].choices[0].send.source == "go"


def test_mistakes_name_their_place() -> None:
    texts = small_replies(extra="{sya: hello}", wrong="{say: '{{ price_nwo }}'}")
    found = problems(parsed({"content/en/replies.yaml": texts})[1])
    assert "C001  'sya' is not a key here; did you mean 'say'?" in found
    assert "did you mean 'price'?" in found


def test_a_variable_of_the_market_is_refused_in_a_farewell() -> None:
    texts = small_replies(onboarding="{say: '{{ price_now }}'}")
    found = problems(parsed({"content/en/replies.yaml": texts})[1])
    assert "'price_now' is not known where this text is said" in found


def test_a_persona_says_known_replies_in_its_own_words_below_the_same_choices() -> None:
    replies = small_replies(onboarding="{say: a, choices: [{label: Go, send: go}]}")
    persona = "title: T\nurgent: {en: u}\nphrases: {en: {onboarding: mine, onbording: typo}}"
    content, report = parsed({"content/en/replies.yaml": replies, "personas/terse.yaml": persona})
    assert "'onbording' is not a reply; did you mean 'onboarding'?" in problems(report)
    mine = content.replies["terse", "en", "onboarding"]
    assert mine.variants[0].source == "mine"
    assert mine.choices == content.replies["", "en", "onboarding"].choices


def test_a_translation_cannot_add_a_topic_or_a_depth() -> None:
    more = TOPICS.replace("free: a", "basic: c")
    found = problems(
        parsed(
            {
                "content/en/topics.yaml": TOPICS,
                "content/fi/topics.yaml": more + "  - {id: new, title: N, depths: {free: x}}\n",
            }
        )[1]
    )
    assert "C006  'salt' has no depth basic in 'en'" in found
    assert "C006  'new' is not a topic in 'en'" in found


def test_a_lesson_that_is_not_translated_is_told_in_english() -> None:
    finnish = "topics: [{id: salt, title: Suola, depths: {free: ä}}]"
    content, report = parsed({"content/en/topics.yaml": TOPICS, "content/fi/topics.yaml": finnish})
    assert not report.mistakes, problems(report)
    assert content.lesson("salt.free", "fi").source == "ä"
    assert content.lesson("salt.premium", "fi").source == "b"
    assert content.lesson("salt.free", "sv").source == "a"
    assert content.topic_title("salt", "fi") == "Suola"
    assert content.topic_title("gone", "fi") == "gone"


def test_a_topic_stands_once() -> None:
    twice = TOPICS + "  - {id: salt, title: Again, depths: {free: x}}\n"
    assert "'salt' stands twice" in problems(parsed({"content/en/topics.yaml": twice})[1])


QUIZZED = """
topic:
  id: salt
  title: Salt
  depths: {free: Salt keeps.}
  quiz:
    - {ask: What keeps?, options: [Salt, Sugar], right: 1, because: It draws water.}
    - {ask: What draws?, options: [Sand, Salt, Ice], right: 2, because: Salt does.}
    - {ask: Where from?, options: [Sea, Moon], right: 1, because: Mostly.}
"""


def test_a_topic_may_have_a_file_of_its_own_and_a_quiz() -> None:
    content, report = parsed({"content/en/topics/salt.yaml": QUIZZED})
    assert problems(report) == ""
    assert [question.right for question in content.quiz("salt", "fi")] == [0, 1, 0]
    assert "salt.free" in content.items


def test_a_quiz_that_cannot_be_asked_is_told_with_its_place() -> None:
    wrong = QUIZZED.replace("right: 2", "right: 4").replace("[Sea, Moon]", "[Sea, sea]")
    told = problems(parsed({"content/en/topics/salt.yaml": wrong})[1])
    assert "content/en/topics/salt.yaml:8:" in told
    assert "two options say the same" in told


def test_a_translated_quiz_keeps_the_places_of_its_answers() -> None:
    turned = QUIZZED.replace("[Salt, Sugar], right: 1", "[Sugar, Salt], right: 2")
    files = {"content/en/topics/salt.yaml": QUIZZED, "content/fi/topics/salt.yaml": turned}
    assert "does not match" in problems(parsed(files)[1])


COURSES = "courses:\n  - {id: c, title: C, topics: [salt]}\n"


def test_topics_come_in_the_order_of_the_courses() -> None:
    earlier = QUIZZED.replace("id: salt", "id: aloe").replace("title: Salt", "title: Aloe")
    files = {"content/en/topics/salt.yaml": QUIZZED, "content/en/topics/aloe.yaml": earlier}
    assert list(parsed(files)[0].topics["en"]) == ["aloe", "salt"]
    content, _ = parsed({**files, "content/en/courses.yaml": COURSES})
    assert list(content.topics["en"]) == ["salt", "aloe"]
    course = content.course_of("salt", "en")
    assert course is not None and course.title == "C"
    assert content.course_of("aloe", "en") is None


def test_a_course_names_topics_that_exist_each_in_one_course() -> None:
    twice = COURSES + "  - {id: d, title: D, topics: [salt, sult]}\n"
    told = problems(
        parsed({"content/en/topics/salt.yaml": QUIZZED, "content/en/courses.yaml": twice})[1]
    )
    assert "'sult' is not a topic" in told and "did you mean 'salt'" in told
    assert "is in 'c' and in 'd'" in told
