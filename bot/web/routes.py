"""Every URL on one page: who may call it, what it takes, what it answers."""

from collections.abc import Awaitable, Callable
from typing import Literal

from aiohttp import web
from msgspec import Struct

from bot.content.labels import ChatLabels
from bot.web import (
    alerts,
    analytics,
    asked,
    boards,
    bulk,
    chat,
    engagement,
    gathering,
    habits,
    handoffs,
    health,
    me,
    mine,
    money,
    page,
    ranking,
    rewards,
    risk,
    session,
    settings,
    socket,
    standing,
    teams,
    users,
    vitals,
    widget,
    wire,
)
from bot.web.auth import Scope
from bot.web.door import Door

SOCKET = "websocket"  # the answer of an address that becomes one
SEE_OTHER = "see other"  # of a form: the page again
MOVED = "moved"  # the answer of an address that is another one now
STATUS = {SOCKET: 101, SEE_OTHER: 303, MOVED: 308}

Call = Callable[[Door, web.Request], Awaitable[web.StreamResponse]]
Shape = type[Struct] | str


class Route(Struct, frozen=True):
    """One address; `takes` is the shape of its body (POST, PUT) or query (GET); where the body is
    lines of JSON, that of each line, and `asks` that of its query.

    `answer` is the shape of its success, or a content type where that is no JSON of ours; `later`
    that of a 202 beside it.
    `codes` are refusals of its own, beside those that every call of its kind may meet.
    """

    method: Literal["GET", "POST", "PUT"]
    path: str
    call: Call
    takes: type[Struct] | None
    answer: Shape
    codes: tuple[str, ...] = ()
    scope: Scope = "server"
    asks: type[Struct] | None = None
    later: type[Struct] | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def status(self) -> int:
        """Of a success."""
        if isinstance(self.answer, str) and self.answer in STATUS:
            return STATUS[self.answer]
        return 202 if self.answer is wire.Accepted else 200


def get(path: str, call: Call, takes: type[Struct] | None, answer: Shape, *codes: str) -> Route:
    return Route("GET", path, call, takes, answer, codes)


def post(path: str, call: Call, takes: type[Struct] | None, answer: Shape, *codes: str) -> Route:
    return Route("POST", path, call, takes, answer, codes)


def put(path: str, call: Call, takes: type[Struct] | None, answer: Shape, *codes: str) -> Route:
    return Route("PUT", path, call, takes, answer, codes)


def staff(path: str, call: Call, takes: type[Struct] | None, answer: Shape, *codes: str) -> Route:
    return Route("POST", path, call, takes, answer, codes, scope="operator")


def own(
    method: Literal["GET", "POST", "PUT"],
    path: str,
    call: Call,
    takes: type[Struct] | None,
    answer: Shape,
    *codes: str,
) -> Route:
    return Route(method, path, call, takes, answer, codes, scope="person")


def page_only(path: str, call: Call, takes: type[Struct] | None, answer: Shape) -> Route:
    return Route("POST" if takes else "GET", path, call, takes, answer, scope="page")


def self_only(
    method: Literal["GET", "POST"],
    path: str,
    call: Call,
    answer: Shape,
    *codes: str,
    takes: type[Struct] | None = None,
) -> Route:
    return Route(method, path, call, takes, answer, codes, scope="self")


def free(path: str, call: Call, answer: Shape, *codes: str) -> Route:
    return Route("GET", path, call, None, answer, codes, scope="open")


ONCE = ("conflict", "idempotency_mismatch", "in_progress")
BUY = ("unknown", "price_changed", *ONCE)
LIMITS = wire.LimitsAnswer
SET, PRESSED = settings.SettingsAsk, ("conflict", "unknown")
CHALLENGES, TEAM = "/api/v2/gamify/challenges", teams.TeamDone
TEAMED = ("unknown", *ONCE)

ROUTES = (
    own("POST", "/interact", chat.interact, asked.Interact, wire.Said, "in_progress"),
    own("GET", "/widget/feed", chat.feed, asked.FeedQuery, wire.Feed),
    page_only("/widget/session", session.begin, session.SessionAsk, session.Session),
    page_only("/widget/socket", socket.socket, None, SOCKET),
    own("GET", "/widget/me", mine.mine, None, mine.Mine),
    own("PUT", "/widget/me", mine.put_mine, mine.MinePut, mine.Mine, "conflict"),
    own("GET", "/widget/me/export", mine.export, None, "application/json", "unknown"),
    own("POST", "/widget/me/erase", mine.erase, mine.EraseAsk, "application/json", "unknown"),
    own("POST", "/widget/settings/{locale}", settings.press, SET, settings.SettingsPage, *PRESSED),
    free("/widget/words/{locale}", settings.words, ChatLabels),
    free("/widget/frame", widget.frame, "text/html"),
    free("/widget/{file}", widget.module, "text/javascript", "unknown"),
    post("/unlock-premium", money.unlock_premium, asked.UnlockPremium, wire.UnlockAnswer, *BUY),
    post("/v1/unlocks", money.unlock, asked.Unlock, wire.UnlockAnswer, *BUY),
    own("GET", "/v1/limits", money.limits, asked.WhoQuery, LIMITS),
    own("PUT", "/v1/limits", money.put_limits, asked.LimitsPut, LIMITS),
    own("POST", "/v1/limits/confirm", money.confirm_limits, asked.Who, LIMITS, "conflict"),
    own("POST", "/v1/pauses", money.pause, asked.PauseStart, LIMITS),
    staff("/v1/topups", money.topup, asked.Topup, wire.PostedAnswer, *ONCE),
    staff("/v1/refunds", money.refund, asked.Refund, wire.PostedAnswer, "unknown", *ONCE),
    staff("/v1/voids", money.void, asked.Void, wire.PostedAnswer, "unknown", *ONCE),
    Route("GET", "/v1/handoffs", handoffs.waiting, None, vitals.Handoffs, scope="operator"),
    staff("/v1/handoffs/{id}/close", handoffs.close, None, vitals.HandoffClosed, "unknown", *ONCE),
    staff("/v1/clock/confirm", money.confirm_clock, None, wire.ClockAnswer),
    get("/user/{id}", users.user, None, wire.UserAnswer, "unknown"),
    put("/user/{id}", users.put_user, asked.ProfilePut, wire.UserAnswer, "conflict"),
    post("/api/engagement/xp", engagement.xp, engagement.XpAsk, engagement.XpAnswer, *ONCE),
    own("GET", "/api/engagement/xp", engagement.xp_state, asked.WhoQuery, engagement.XpState),
    own(
        "POST",
        "/api/engagement/track",
        engagement.track,
        engagement.TrackAsk,
        engagement.TrackAnswer,
        *ONCE,
    ),
    own(
        "POST",
        "/api/engagement/streak",
        engagement.streak,
        engagement.StreakAsk,
        engagement.StreakAnswer,
        *ONCE,
    ),
    post("/api/v2/gamify/event", habits.event, habits.HabitAsk, habits.HabitAnswer, *ONCE),
    own("GET", "/api/v2/gamify/balance/{id}", habits.balance, None, habits.Balance, "unknown"),
    own(
        "GET",
        "/api/v2/gamify/events/{id}",
        habits.events,
        habits.EventsQuery,
        "application/json",
        "unknown",
    ),
    own("GET", "/api/v2/gamify/stats/{id}", habits.stats, None, habits.Stats, "unknown"),
    own("GET", "/api/v2/gamify/rewards", habits.rewards, asked.WhoQuery, habits.RewardsAnswer),
    own(
        "POST",
        "/api/v2/gamify/redeem",
        habits.redeem,
        habits.RedeemAsk,
        habits.RedeemAnswer,
        *ONCE,
    ),
    own("GET", CHALLENGES, teams.challenges, asked.WhoQuery, teams.ChallengesAnswer),
    own("POST", f"{CHALLENGES}/{{id}}/teams", teams.begin, teams.TeamAsk, TEAM, *TEAMED),
    own("POST", "/api/v2/gamify/teams/join", teams.join, teams.JoinAsk, TEAM, *TEAMED),
    own("POST", "/api/v2/gamify/teams/leave", teams.leave, teams.LeaveAsk, TEAM, *ONCE),
    Route(
        "GET",
        "/v1/rewards",
        rewards.asked_for,
        rewards.AskedQuery,
        rewards.AskedFor,
        scope="operator",
    ),
    staff(
        "/v1/rewards/confirm",
        habits.hand_over,
        habits.ReturnAsk,
        habits.ReturnAnswer,
        "unknown",
        *ONCE,
    ),
    staff(
        "/v1/rewards/return",
        habits.give_back,
        habits.ReturnAsk,
        habits.ReturnAnswer,
        "unknown",
        *ONCE,
    ),
    Route(
        "POST",
        "/v1/events",
        bulk.events,
        bulk.EventLine,
        bulk.NDJSON,
        asks=bulk.BulkQuery,
    ),
    own(
        "GET",
        "/api/engagement/leaderboard",
        boards.leaderboard,
        ranking.BoardQuery,
        ranking.BoardAnswer,
    ),
    own(
        "GET",
        "/api/v2/gamify/leaderboard",
        boards.points,
        ranking.PointsQuery,
        ranking.PointsAnswer,
    ),
    Route(
        "POST",
        "/api/engagement/calculate",
        risk.calculate,
        risk.CalculateAsk,
        risk.RiskAnswer,
        ("unknown",),
        later=risk.RunAnswer,
    ),
    Route(
        "GET",
        "/api/engagement/calculate/{id}",
        risk.run,
        None,
        risk.RunAnswer,
        ("unknown",),
        "staff_view",
    ),
    Route(
        "GET",
        "/api/engagement/at-risk",
        risk.at_risk,
        risk.AtRiskQuery,
        risk.AtRiskAnswer,
        ("unknown",),
        "staff_view",
    ),
    post("/market-alert", alerts.post, asked.AlertPost, wire.Accepted, "conflict"),
    get("/market-alert/{id}", alerts.status, None, wire.AlertStatus, "unknown"),
    get("/market", alerts.market, asked.MarketQuery, wire.MarketNow, "unknown"),
    get("/api/v2/gamify/analytics", analytics.habits, None, analytics.HabitAnalytics),
    get("/analytics", analytics.analytics, None, analytics.Analytics),
    get("/metrics", health.metrics, None, "text/plain"),
    free("/health", health.health, vitals.Health),
    free("/openapi.json", health.openapi, "application/json"),
    own("GET", "/v1/progress", gathering.progress, asked.WhoQuery, standing.Standing),
    self_only("GET", "/me", me.page, "text/html", "unknown"),
    self_only("GET", "/me/export", me.export, "application/json", "unknown"),
    self_only("POST", "/me/enter", me.enter, "application/json", takes=me.Entering),
    self_only("POST", "/me/session", me.session, session.Session),
    self_only("POST", "/me/{act}", me.act, SEE_OTHER, "unknown"),
    free("/student/engagement", me.moved, MOVED),
    free("/", page.index, "text/html", "unknown"),
    free("/page/{file}", page.file, "text/plain", "unknown"),
)
