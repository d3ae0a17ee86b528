"""Where somebody stands on the boards, told in a conversation; on them and off them by a wish."""

from typing import Any

from msgspec.structs import replace

from bot.progress import pseudonyms
from bot.progress.leaderboards import Seat
from bot.talk import joining
from bot.talk.acts import Result
from bot.talk.case import Case, Done

ME = "me"  # the mark of one's own line


def show(case: Case) -> Done:
    """The places on the boards; they are looked up once it is known that they are asked for."""
    seats = case.moment.looked_up.seats
    if seats is None:
        return Done(Result.TOLD, case.person, "leaderboard", lacks="seats")
    words: dict[str, Any] = {}
    for name, seat in zip(("week", "ever"), seats, strict=True):
        words |= _words(name, seat)
    near = [_line(case, one) for one in seats[0].near]
    return Done(
        Result.TOLD, case.person, "leaderboard", words={**words, "neighbours": tuple(near)}
    )


def join(case: Case) -> Done:
    """Onto the boards, under a made-up name or the one that is given."""
    person = joining.joined(case.person, case.moment.turn_id, case.now)
    given = pseudonyms.tidied(str(case.slots.get("name", "")))
    if given and given != person.boards.name:
        may_have = joining.may_be_named(person) and not pseudonyms.problem(given)
        if not may_have or case.moment.looked_up.is_name_taken:
            return Done(Result.REFUSED, case.person, "board_name_refused")
        boards = replace(person.boards, name=given, has_own_name=True)
        person = replace(person, boards=boards)
    return Done(Result.TOLD, person, "board_joined")


def leave(case: Case) -> Done:
    """Off the boards; the scores go on, seen by the person alone."""
    return Done(Result.TOLD, joining.left(case.person), "board_left")


def _words(name: str, seat: Seat) -> dict[str, Any]:
    place = seat.place
    if place is None:
        return {f"{name}_rank": 0, f"{name}_people": 0, "week_xp": 0, "week_top": 0}
    return {
        f"{name}_rank": place.rank,
        f"{name}_people": place.people,
        **({"week_xp": seat.score, "week_top": place.top_percent or 0} if name == "week" else {}),
    }


def _line(case: Case, line: Any) -> dict[str, Any]:
    mine = case.person.boards.handle
    return {
        "rank": line.rank,
        "name": line.name,
        "xp": line.score,
        "mark": ME if line.handle == mine else "",
    }
