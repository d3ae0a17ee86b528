"""The numbers of every limit, as the operator may tighten them and never loosen them."""

from msgspec import Struct, field

from bot.authored import Node, Report
from bot.model.money import PERIODS, Period

MOST = 1_000_000  # credits; the largest amount anywhere
CAPS: dict[Period, int] = {"day": 20, "week": 60, "month": 120}  # the suggestion of money.md
TOPUP_CAPS: dict[Period, int] = {"day": 1000, "week": 2000, "month": 4000}  # ours
KEYS = (
    "caps", "topup_caps", "ceilings", "count_granted", "increase", "cooling_off_h", "rest",
    "reality_check", "no_limit_d",
)  # fmt: skip


class LimitSettings(Struct, frozen=True):
    """Every number of spec/money.md; the defaults are the shipped ones.

    `caps` hold for whoever set none; `ceilings` bind everybody, above what they chose. `_h`, `_d`
    and `_min` are hours, days and minutes.
    """

    caps: dict[Period, int] = field(default_factory=lambda: dict(CAPS))
    topup_caps: dict[Period, int] = field(default_factory=lambda: dict(TOPUP_CAPS))
    ceilings: dict[Period, int] = {}
    count_granted: bool = True
    increase_wait_h: int = 24
    increase_confirm_h: int = 72
    increase_every_d: int = 7
    cooling_off_h: int = 24
    rest_credits: int = 15
    rest_within_min: int = 60
    rest_refusals: int = 3
    rest_h: int = 2
    check_min: int = 30
    check_credits: int = 10
    no_limit_d: int = 365


def parse_limits(node: Node | None, report: Report) -> LimitSettings:
    """The `limits` of rules/limits.yaml; a number looser than the shipped one is a mistake."""
    shipped = LimitSettings()
    if node is None:
        return shipped
    fields = report.fields(node, KEYS, (), "L010")
    increase = _part(fields.get("increase"), ("wait_h", "confirm_h", "every_d"), report)
    rest = _part(fields.get("rest"), ("credits", "within_min", "cap_refusals", "hours"), report)
    check = _part(fields.get("reality_check"), ("minutes", "credits"), report)
    bound = _Bound(report)
    return LimitSettings(
        caps=_caps(fields.get("caps"), shipped.caps, report),
        topup_caps=_caps(fields.get("topup_caps"), shipped.topup_caps, report),
        ceilings=_caps(fields.get("ceilings"), {}, report),
        count_granted=report.boolean(fields.get("count_granted"), True, "L011"),
        increase_wait_h=bound.least(increase.get("wait_h"), shipped.increase_wait_h),
        increase_confirm_h=bound.most(increase.get("confirm_h"), shipped.increase_confirm_h),
        increase_every_d=bound.least(increase.get("every_d"), shipped.increase_every_d),
        cooling_off_h=bound.least(fields.get("cooling_off_h"), shipped.cooling_off_h),
        rest_credits=bound.most(rest.get("credits"), shipped.rest_credits),
        rest_within_min=bound.least(rest.get("within_min"), shipped.rest_within_min),
        rest_refusals=bound.most(rest.get("cap_refusals"), shipped.rest_refusals),
        rest_h=bound.least(rest.get("hours"), shipped.rest_h),
        check_min=bound.most(check.get("minutes"), shipped.check_min),
        check_credits=bound.most(check.get("credits"), shipped.check_credits),
        no_limit_d=bound.most(fields.get("no_limit_d"), shipped.no_limit_d),
    )


def _part(node: Node | None, keys: tuple[str, ...], report: Report) -> dict[str, Node]:
    return report.fields(node, keys, (), "L010") if node is not None else {}


def _caps(node: Node | None, shipped: dict[Period, int], report: Report) -> dict[Period, int]:
    """An amount for each period; one left out keeps the shipped one."""
    caps = dict(shipped)
    if node is None:
        return caps
    fields = report.fields(node, PERIODS, (), "L010")
    for period in PERIODS:
        if period in fields:
            caps[period] = report.integer(fields[period], caps.get(period, 0), 0, MOST, "L011")
    return caps


class _Bound:
    """Reads numbers that may be tightened only."""

    LONGEST = 100_000  # hours, days or minutes

    def __init__(self, report: Report) -> None:
        self.report = report

    def least(self, node: Node | None, shipped: int) -> int:
        """A wait: the shipped number or more."""
        value = self.report.integer(node, shipped, 0, self.LONGEST, "L011")
        if node is not None and value < shipped:
            return self._looser(node, value, f"at least {shipped}", shipped)
        return value

    def most(self, node: Node | None, shipped: int) -> int:
        """A threshold: the shipped number or less, and at least 1."""
        value = self.report.integer(node, shipped, 1, self.LONGEST, "L011")
        if node is not None and value > shipped:
            return self._looser(node, value, f"at most {shipped}", shipped)
        return value

    def _looser(self, node: Node, value: int, wanted: str, shipped: int) -> int:
        problem = f"{value} is looser than the limit that is built in"
        self.report.error(node, "L012", problem, f"{wanted}: it may be tightened only")
        return shipped
