"""How skilled a person is, by what they finished."""

from msgspec import Struct, field

from bot.authored import Node, Report
from bot.model.person import SKILLS, Skill, SkillName

SHIPPED = {"developing": 2, "skilled": 5, "advanced": 9, "expert": 14, "master": 20}


class SkillSteps(Struct, frozen=True):
    """Finished lessons and quizzes needed for each level above novice, ascending."""

    needed: dict[str, int] = field(default_factory=lambda: dict(SHIPPED))


def parse_skill(node: Node | None, report: Report) -> SkillSteps:
    """The `skill` part of rules/progress.yaml: level -> finished lessons and quizzes."""
    if node is None:
        return SkillSteps()
    fields = report.fields(node, SKILLS[1:], SKILLS[1:], "R060")
    needed: dict[str, int] = {
        name: report.integer(fields.get(name), 0, 1, 10_000) for name in SKILLS[1:]
    }
    steps = list(needed.values())
    if not report.errors and steps != sorted(set(steps)):
        report.error(node, "R060", "each level must need more than the one before")
    return SkillSteps(needed)


def next_step(skill: Skill, steps: SkillSteps) -> tuple[SkillName, int] | None:
    """The level after this one and how many lessons or quizzes it still takes; None at the top."""
    place = SKILLS.index(skill.level) + 1
    if place == len(SKILLS):
        return None
    return SKILLS[place], max(0, steps.needed[SKILLS[place]] - skill.lessons - skill.quizzes)


def grown(skill: Skill, lessons: int, quizzes: int, steps: SkillSteps) -> Skill:
    """The skill after `lessons` and `quizzes` more were finished; a level never drops."""
    done = Skill(skill.level, skill.lessons + lessons, skill.quizzes + quizzes)
    reached: SkillName = "novice"
    for level in SKILLS[1:]:
        if done.lessons + done.quizzes >= steps.needed[level]:
            reached = level
    best = max(SKILLS.index(skill.level), SKILLS.index(reached))
    return Skill(SKILLS[best], done.lessons, done.quizzes)
