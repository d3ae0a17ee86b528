"""Where one person stands on the boards, and who is around them."""

from bot.model.person import Person
from bot.model.progress import Board
from bot.progress import leaderboards
from bot.progress.downtime import Outages
from bot.progress.leaderboards import EVER, Seat
from bot.progress.terms import StreakRule
from bot.store.protocol import Leaderboards

AROUND = 3  # on either side


async def seats_of(
    boards: Leaderboards,
    person: Person,
    now: int,
    zone: str,
    rule: StreakRule,
    outages: Outages = (),
) -> tuple[Seat, Seat]:
    """The seats as they stood before what happens now; neighbours on the board of the week."""
    week = leaderboards.period_of("weekly", now, zone)
    this_week = await _seat(boards, person, "weekly", week)
    ever = await _seat(boards, person, "all_time", EVER)
    if this_week.place is None or not person.boards.is_listed:
        return this_week, ever
    found = await boards.near(person.id, "weekly", week, AROUND)
    ranks = {
        score: (await boards.place("weekly", week, score)).listed_above + 1
        for score in {score for _, score in found}
    }
    own = [ranks[score] for _, score in found]
    lines = leaderboards.lines("weekly", found, own, now, rule, outages)
    return Seat(this_week.score, this_week.place, tuple(lines)), ever


async def _seat(boards: Leaderboards, person: Person, board: Board, period: str) -> Seat:
    score = leaderboards.score_of(person, board, period)
    return Seat(score, await boards.place(board, period, score)) if score else Seat()
