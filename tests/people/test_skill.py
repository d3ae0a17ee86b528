"""Skill: by finished lessons and quizzes alone, whatever their order, and never downwards."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model.person import SKILLS, Skill
from bot.people.skill import SHIPPED, SkillSteps, grown, next_step

NEW = Skill()
SHIPPED_STEPS = SkillSteps()
steps = st.sets(st.integers(1, 60), min_size=5, max_size=5).map(
    lambda needed: SkillSteps(dict(zip(SKILLS[1:], sorted(needed), strict=True)))
)
finished = st.lists(st.sampled_from([(1, 0), (0, 1), (1, 1), (0, 0)]), max_size=40)


def after(done: list[tuple[int, int]], needed: SkillSteps, skill: Skill = NEW) -> Skill:
    for lessons, quizzes in done:
        skill = grown(skill, lessons, quizzes, needed)
    return skill


@given(finished, steps, st.randoms())
def test_the_order_of_lessons_and_quizzes_does_not_matter(done, needed, random):
    shuffled = list(done)
    random.shuffle(shuffled)
    assert after(done, needed) == after(shuffled, needed)


@given(finished, steps)
def test_one_at_a_time_or_all_at_once_is_the_same(done, needed):
    at_once = grown(Skill(), sum(a for a, _ in done), sum(b for _, b in done), needed)
    assert after(done, needed) == at_once


@given(finished, finished, steps)
def test_more_never_lowers_a_level(done, more, needed):
    before = after(done, needed)
    later = after(more, needed, before)
    assert SKILLS.index(later.level) >= SKILLS.index(before.level)
    assert (later.lessons, later.quizzes) >= (before.lessons, before.quizzes)


@given(finished, steps, steps)
def test_higher_thresholds_take_no_level_away(done, needed, other):
    before = after(done, needed)
    assert SKILLS.index(grown(before, 0, 0, other).level) >= SKILLS.index(before.level)


@given(finished, steps)
def test_a_level_is_the_highest_whose_threshold_is_reached(done, needed):
    skill = after(done, needed)
    reached = [one for one in SKILLS[1:] if needed.needed[one] <= skill.lessons + skill.quizzes]
    assert skill.level == (reached[-1] if reached else "novice")


@given(finished, steps)
def test_the_next_level_comes_with_exactly_the_steps_that_are_told(done, needed):
    skill = after(done, needed)
    coming = next_step(skill, needed)
    if coming is None:
        assert skill.level == "master"
        return
    level, left = coming
    assert left >= 1
    assert grown(skill, left, 0, needed).level == level
    assert grown(skill, 0, left - 1, needed).level == skill.level


def test_the_shipped_thresholds_are_those_of_the_file():
    assert SHIPPED_STEPS.needed == SHIPPED == {
        "developing": 2, "skilled": 5, "advanced": 9, "expert": 14, "master": 20,
    }  # fmt: skip
