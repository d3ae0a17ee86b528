"""Team challenges: a goal that a few people share, and what each award gives to it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.authored import Node, Report, did_you_mean
from bot.model.progress import Award
from bot.model.team import Membership
from bot.people.locales import parse_words, worded
from bot.progress.actions import CAPPED, OLD, TRADING, Action
from bot.progress.habits import HUNDRED, Habits

WON = "challenge_won"  # the action of having what a goal brings; it gives nothing to a team
FIELDS = ("goal", "days", "team_size", "points", "badge", "name", "text")
MOST_AMOUNT = 10_000_000
MOST_DAYS, MOST_PEOPLE, MOST_POINTS = 90, 50, 10_000

Of = Literal["xp", "points", "action", "category"]


class Goal(Struct, frozen=True):
    """`amount` XP, hundredths of points, or times: of one action, or of habits of a category."""

    of: Of
    name: str
    amount: int

    @property
    def unit(self) -> int:
        """What one of it is kept as: points are hundredths."""
        return HUNDRED if self.of == "points" else 1


class Challenge(Struct, frozen=True):
    """One challenge; `points` are hundredths, for each member of a team that meets the goal."""

    id: str
    goal: Goal
    days: int
    team_size: int
    points: int
    badge: str
    names: dict[str, str]
    texts: dict[str, str]

    def title(self, locale: str) -> str:
        """What it is called; in English where the locale has no name for it."""
        return worded(self.names, locale, self.id)

    def text(self, locale: str) -> str:
        """What it is about."""
        return worded(self.texts, locale)


def with_share(
    membership: Membership, challenges: Mapping[str, Challenge], awards: Iterable[Award]
) -> Membership:
    """The membership with what these awards give; E3: by when it happened, late or not."""
    challenge = challenges.get(membership.challenge)
    if challenge is None:
        return membership
    added = sum(
        _share(one, challenge.goal)
        for one in awards
        if membership.since <= one.at < membership.until and OLD not in one.flags
    )
    return replace(membership, given=membership.given + added) if added else membership


def _share(one: Award, goal: Goal) -> int:
    if one.action == WON:
        return 0
    match goal.of:
        case "xp":
            return one.xp
        case "points":
            return one.points
        case "action":
            return int(one.action == goal.name and CAPPED not in one.flags)
        case "category":
            return int(one.category == goal.name and one.value > 0 and CAPPED not in one.flags)


def parse_challenges(
    node: Node | None, actions: Mapping[str, Action], habits: Habits, report: Report
) -> dict[str, Challenge]:
    """rules/challenges.yaml; without the file there are none.

    Where the actions or the habits are deleted, so are the challenges that count them.
    """
    paying = {name for name, one in actions.items() if TRADING not in one.tags}
    names = {"action": paying | set(habits.actions), "category": set(habits.weights)}
    is_off = not actions or not habits.weights
    bodies = report.mapping(node, "R084")
    return {
        id: _challenge(id, body, names, report)
        for id, body in bodies.items()
        if not (is_off and _counts_what_is_not_there(body, names))
    }


def _counts_what_is_not_there(body: Node, names: Mapping[str, Collection[str]]) -> bool:
    goal = dict(dict(body.items()).get("goal", body).items()).get("of")
    of, _, name = str(goal.value if goal is not None else "").partition(" ")
    return of in names and name not in names[of]


def _challenge(
    id: str, body: Node, names: Mapping[str, Collection[str]], report: Report
) -> Challenge:
    fields = report.fields(body, FIELDS, ("goal", "days", "team_size", "name", "text"), "R084")
    return Challenge(
        id,
        _goal(fields.get("goal"), names, report),
        report.integer(fields.get("days"), 7, 1, MOST_DAYS, "R084"),
        report.integer(fields.get("team_size"), 2, 2, MOST_PEOPLE, "R084"),
        report.integer(fields.get("points"), 0, 0, MOST_POINTS, "R084") * HUNDRED,
        report.text(fields.get("badge"), code="R084"),
        parse_words(fields.get("name"), report, "R084"),
        parse_words(fields.get("text"), report, "R084"),
    )


def _goal(node: Node | None, names: Mapping[str, Collection[str]], report: Report) -> Goal:
    if node is None:
        return Goal("xp", "", 1)
    fields = report.fields(node, ("of", "amount"), ("of", "amount"), "R084")
    amount = report.integer(fields.get("amount"), 1, 1, MOST_AMOUNT, "R084")
    of, _, name = report.text(fields.get("of"), "xp", "R084").partition(" ")
    match of:
        case "xp" if not name:
            return Goal("xp", "", amount)
        case "points" if not name:
            return Goal("points", "", amount * HUNDRED)
        case "action" | "category":
            if name not in names[of]:
                known = sorted(names[of])
                hint = did_you_mean(name, known) or f"one of {', '.join(known)}"
                report.error(fields["of"], "R084", f"there is no {of} '{name}' that earns", hint)
            return Goal(of, name, amount)
        case _:
            found = report.text(fields.get("of"))
            expected = "xp, points, action <name> or category <name>"
            report.error(fields.get("of", node), "R084", f"'{found}' is no goal", expected)
            return Goal("xp", "", amount)
