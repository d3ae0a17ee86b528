"""What points buy: content/<locale>/rewards.yaml."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from bot.authored import Node, Report

FIELDS = ("points", "title", "text", "names", "per_person", "by", "within_days")
BY = ("bot", "staff")
WITHIN_D, MOST_D = 14, 90  # days in which staff hands a reward over
WORDS = ("title", "text")
MOST_POINTS = 1_000_000
HUNDRED = 100


class Reward(Struct, frozen=True):
    """One reward; `points` are hundredths, `per_person` how often one may have it (0: any).

    `names` are what people call it, besides its title. Staff hands it over `within_days`, and its
    points are held until then; 0: it is had at once.
    """

    id: str
    points: int
    title: str
    text: str
    per_person: int = 0
    names: tuple[str, ...] = ()
    within_days: int = 0


Rewards = dict[str, dict[str, Reward]]  # locale -> id -> reward


def parse_rewards(
    files: Mapping[str, Node], locales: tuple[str, ...], first: str, report: Report
) -> Rewards:
    """The rewards in every locale; what they cost stands in the first one only."""
    known = {id: _reward(id, body, report) for id, body in _bodies(files, first, report).items()}
    found = {first: known}
    for locale in locales:
        if locale != first:
            own = _bodies(files, locale, report)
            found[locale] = known | {
                id: _said(known[id], body, report)
                for id, body in own.items()
                if id in known or _stray(id, body, report)
            }
    return found


def _bodies(files: Mapping[str, Node], locale: str, report: Report) -> dict[str, Node]:
    root = files.get(f"content/{locale}/rewards.yaml")
    if root is None:
        return {}
    return report.mapping(report.fields(root, ("rewards",), code="C090").get("rewards"), "C090")


def _reward(id: str, body: Node, report: Report) -> Reward:
    fields = report.fields(body, FIELDS, ("points", *WORDS), "C090")
    by = report.choice(fields.get("by"), BY, "bot", "C090")
    if "within_days" in fields and by != "staff":
        report.error(fields["within_days"], "C090", "only staff needs days to hand it over")
    days = report.integer(fields.get("within_days"), WITHIN_D, 1, MOST_D, "C090")
    return Reward(
        id,
        report.integer(fields.get("points"), 1, 1, MOST_POINTS, "C090") * HUNDRED,
        report.text(fields.get("title"), code="C090"),
        report.text(fields.get("text"), code="C090"),
        report.integer(fields.get("per_person"), 0, 0, 1_000, "C090"),
        report.texts(fields.get("names"), "C090"),
        days if by == "staff" else 0,
    )


def _said(reward: Reward, body: Node, report: Report) -> Reward:
    fields = report.fields(body, (*WORDS, "names"), WORDS, "C090")
    title, text = (report.text(fields.get(name), code="C090") for name in WORDS)
    names = report.texts(fields.get("names"), "C090")
    return replace(reward, title=title, text=text, names=names)


def _stray(id: str, body: Node, report: Report) -> bool:
    report.error(body, "C090", f"there is no reward '{id}' in English, where its points stand")
    return False
