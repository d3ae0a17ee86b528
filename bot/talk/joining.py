"""Onto the leaderboards and off them: only by one's own wish, under a name that says nothing."""

from typing import Any

from msgspec.structs import replace

from bot.errors import RequestError
from bot.model.person import Person
from bot.model.progress import Boards
from bot.progress import pseudonyms
from bot.talk.case import Case


def put(case: Case, person: Person) -> Person:
    """The person after the field `leaderboard` of PUT /user: join, and name or none.

    Raises bad_input naming the field; whether a name is somebody else's, the commit knows (L4).
    """
    asked: dict[str, Any] | None = case.inbound.props.get("leaderboard")
    if asked is None:
        return person
    if not asked["join"]:
        return left(person)
    person = joined(person, case.moment.turn_id, case.now)
    return person if asked.get("name") is None else _named(person, asked["name"])


def joined(person: Person, turn_id: str, now: int) -> Person:
    """On the boards from now on, under a made-up name; who is on them already stays as they are.

    Whoever comes back comes as somebody new: nobody can tell who it was before.
    """
    boards = person.boards
    if boards.is_listed:
        return person
    handle = pseudonyms.handle(turn_id)
    name = pseudonyms.made_up(handle)
    return replace(person, boards=replace(boards, name=name, handle=handle, joined_at=now))


def may_be_named(person: Person) -> bool:
    """P20: a name of one's own choice on a board is for adults; the others have a made-up one."""
    return person.profile.age == "adult"


def left(person: Person) -> Person:
    """Off the boards; the scores go on, seen by the person alone."""
    return replace(person, boards=Boards(open=person.boards.open))


def _named(person: Person, given: str) -> Person:
    """An empty name asks for a made-up one."""
    boards = person.boards
    name = pseudonyms.tidied(given)
    if not name:
        made_up = pseudonyms.made_up(boards.handle)
        return replace(person, boards=replace(boards, name=made_up, has_own_name=False))
    if name == boards.name:
        return person
    if not may_be_named(person):
        raise RequestError("bad_input", "a name of one's own is for adults", "leaderboard.name")
    if wrong := pseudonyms.problem(name):
        raise RequestError("bad_input", wrong, "leaderboard.name")
    return replace(person, boards=replace(boards, name=name, has_own_name=True))
