"""What rules/outreach.yaml says of quiet hours, caps and kinds of message."""

from typing import Literal

from msgspec import Struct

from bot.authored import Node, Report
from bot.model.message import Channel
from bot.people.calendar import HOUR_US

MOST_PROMOTIONAL = {"day": 1, "week": 3}  # P17; files may lower them
LEAST_QUIET = (21, 8)  # P17: local hours in which nobody is written to
Purpose = Literal["nudges", "promotions"]
PURPOSES: tuple[Purpose, ...] = ("nudges", "promotions")
CHANNELS: tuple[Channel, ...] = ("in_app", "email", "push", "sms", "hook")


class QuietHours(Struct, frozen=True):
    """Local hours [start, end) in which nothing is sent; a start after the end wraps midnight."""

    start: int = 21
    end: int = 8


class Caps(Struct, frozen=True):
    """The most messages begun by us in a day and in a week; each counted both ways (C7)."""

    day: int
    week: int


class KindPolicy(Struct, frozen=True):
    """What holds for one kind of message; `fresh_h` 0: its news never grows old.

    `consent` is the yes it needs; a transactional kind needs none and no cap holds it.
    """

    name: str
    promotional: bool = True
    transactional: bool = False
    consent: Purpose = "nudges"
    channel: Channel = "in_app"
    ttl_h: int = 24
    fresh_h: int = 0
    priority: int = 0

    @property
    def ttl_us(self) -> int:
        return self.ttl_h * HOUR_US


class OutreachPolicy(Struct, frozen=True):
    """All of `outreach:`; `flagged` caps promotional messages to people at spending risk (P11)."""

    quiet: QuietHours = QuietHours()
    jitter_min: int = 15
    max_lateness_h: int = 2
    promotional: Caps = Caps(1, 3)
    flagged: Caps = Caps(1, 1)
    every: Caps = Caps(6, 20)
    kinds: dict[str, KindPolicy] = {}

    def kind(self, name: str) -> KindPolicy:
        """The policy of a kind; one that no file names is held to the strictest: promotional."""
        return self.kinds.get(name) or KindPolicy(name)


def parse_outreach(node: Node | None, report: Report) -> OutreachPolicy:
    """The `outreach` key of rules/outreach.yaml; without the file the shipped numbers hold."""
    if node is None:
        return OutreachPolicy()
    names = ("kinds", "quiet_hours", "jitter_min", "caps", "max_lateness_h")
    fields = report.fields(node, names, code="O001")
    plain = OutreachPolicy()
    caps = fields.get("caps")
    groups = {} if caps is None else report.fields(caps, ("promotional", "flagged", "all"))
    return OutreachPolicy(
        quiet=_quiet(fields.get("quiet_hours"), report),
        jitter_min=report.integer(fields.get("jitter_min"), plain.jitter_min, 0, 30, "O002"),
        max_lateness_h=report.integer(fields.get("max_lateness_h"), 2, 1, 24, "O002"),
        promotional=_caps(groups.get("promotional"), plain.promotional, report, MOST_PROMOTIONAL),
        flagged=_caps(groups.get("flagged"), plain.flagged, report, MOST_PROMOTIONAL),
        every=_caps(groups.get("all"), plain.every, report, {"day": 50, "week": 200}),
        kinds={
            name: _kind(name, kind, report)
            for name, kind in report.mapping(fields.get("kinds")).items()
        },
    )


def _quiet(node: Node | None, report: Report) -> QuietHours:
    if node is None:
        return QuietHours()
    fields = report.fields(node, ("start", "end"), ("start", "end"), "O001")
    start = report.integer(fields.get("start"), LEAST_QUIET[0], 0, 23, "O003")
    end = report.integer(fields.get("end"), LEAST_QUIET[1], 0, 23, "O003")
    quiet = QuietHours(start, end)
    if start == end:
        report.error(node, "O003", "quiet hours must start and end at different hours")
        return QuietHours()
    if not quiet_hours(QuietHours(*LEAST_QUIET)) <= quiet_hours(quiet):
        least = f"{LEAST_QUIET[0]}:00-{LEAST_QUIET[1]:02}:00"
        report.warning(node, "O003", f"shorter than {least}: messages may go out at night")
    return quiet


def quiet_hours(quiet: QuietHours) -> frozenset[int]:
    """The local hours that are quiet."""
    length = (quiet.end - quiet.start) % 24
    return frozenset((quiet.start + hour) % 24 for hour in range(length))


def _caps(node: Node | None, default: Caps, report: Report, most: dict[str, int]) -> Caps:
    if node is None:
        return default
    fields = report.fields(node, ("day", "week"), code="O001")
    day = report.integer(fields.get("day"), default.day, 0, most["day"], "O004")
    week = report.integer(fields.get("week"), default.week, 0, most["week"], "O004")
    return Caps(day, week)


def _kind(name: str, node: Node, report: Report) -> KindPolicy:
    plain = KindPolicy(name)
    fields = report.fields(node, KindPolicy.__struct_fields__[1:], ("promotional",), "O001")
    promotional = report.boolean(fields.get("promotional"), plain.promotional)
    transactional = report.boolean(fields.get("transactional"), plain.transactional)
    if promotional and transactional:
        report.error(node, "O005", f"'{name}' cannot be both promotional and transactional")
    channel = report.choice(fields.get("channel"), CHANNELS, plain.channel, "O006")
    purpose = report.choice(fields.get("consent"), PURPOSES, plain.consent, "O006")
    return KindPolicy(
        name=name,
        promotional=promotional,
        transactional=transactional and not promotional,
        consent=next(one for one in PURPOSES if one == purpose),
        channel=next(one for one in CHANNELS if one == channel),
        ttl_h=report.integer(fields.get("ttl_h"), plain.ttl_h, 1, 720, "O002"),
        fresh_h=report.integer(fields.get("fresh_h"), plain.fresh_h, 0, 720, "O002"),
        priority=report.integer(fields.get("priority"), plain.priority, -100, 100, "O002"),
    )
