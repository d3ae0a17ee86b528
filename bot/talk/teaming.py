"""Team challenges: a team is opened, joined and left, told of, and has what its goal brings."""

import hashlib
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from bot.errors import RequestError
from bot.ledger.postings import derived_id
from bot.model.message import Event
from bot.model.person import Person
from bot.model.team import Membership, Team
from bot.people.calendar import DAY_US, rfc3339
from bot.progress import pseudonyms
from bot.progress.award import Happened
from bot.progress.challenges import WON, Challenge
from bot.progress.habits import nearest
from bot.talk import earning
from bot.talk.acts import Result
from bot.talk.case import Case, Done

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another
CODE_CHARS = 8
Mine = Membership | None


def begin(case: Case) -> Done:
    """A team of one, whose code others join by; who is in one of this challenge stays in it."""
    challenge = _known(case, str(case.slots["challenge"]))
    mine = current(case.person, case.now)
    if mine is not None:
        if mine.challenge == challenge.id:
            return _answered(case, case.person, "already", mine)
        raise RequestError("conflict", f"you are in team {mine.code}: leave it first", "challenge")
    name = pseudonyms.tidied(str(case.slots.get("name", "")))
    if name and (wrong := pseudonyms.problem(name)):
        raise RequestError("bad_input", wrong, "name")
    now, code = case.now, _code(case)
    until = now + challenge.days * DAY_US
    team = Team(code, challenge.id, name, challenge.goal.amount, now, until)
    mine = Membership(code, challenge.id, 1, now, until, name)
    done = _answered(case, replace(case.person, team=mine), "opened", mine, "team_opened")
    return replace(done, opened=team)


def join(case: Case) -> Done:
    """Into the team that a code names, while there is room and the goal is not met yet."""
    found, now = case.moment.looked_up.teams, case.now
    if found is None:
        return Done(Result.TOLD, case.person, lacks="team")
    if not found:
        raise RequestError("unknown", "no team has this code", "code")
    team, mine = found[0], current(case.person, now)
    if mine is not None:
        if mine.code == team.code:
            return _answered(case, case.person, "already", mine)
        raise RequestError("conflict", f"you are in team {mine.code}: leave it first", "code")
    challenge = _known(case, team.challenge)
    if now >= team.until or team.is_reached or team.reached_at:
        raise RequestError("conflict", "this team has finished", "code")
    taken = {mate.seat for mate in team.mates}
    free = [seat for seat in range(1, challenge.team_size + 1) if seat not in taken]
    if not free:
        raise RequestError("conflict", "this team is full", "code")
    seat = free[_drawn(case)[0] % len(free)]  # many who come at once do not all want the same
    mine = Membership(team.code, team.challenge, seat, now, team.until, team.name)
    return _answered(case, replace(case.person, team=mine), "joined", mine, "team_joined")


def leave(case: Case) -> Done:
    """Out of the team; what was given to it stays there, under nobody's name."""
    mine = case.person.team
    if mine is None:
        return _answered(case, case.person, "none", None)
    return _answered(case, replace(case.person, team=None), "left", mine, "team_left")


def won(case: Case) -> Done:
    """What a met goal brings one of its members, once: an event, points, a line to them."""
    mine, person = case.person.team, case.person
    if mine is None or mine.code != case.slots["code"] or mine.is_won:
        raise RequestError("conflict", "this was given before, or they left", "code")
    challenge = case.script.book.challenges.get(mine.challenge)
    person = replace(person, team=replace(mine, is_won=True))
    day = earning.today(case, person)
    points = challenge.points if challenge is not None else 0
    found = earning.earned(
        case, person, Happened(WON, case.now, day, case.zone, day, points=points)
    )
    props = {"challenge": mine.challenge, "team": mine.code}
    first = earning.event_of(case, found.awards[0], props)
    title = mine.challenge
    if challenge is not None:
        title = f"{challenge.badge} {challenge.title(person.profile.language)}".strip()
    told = earning.message(case, f"challenge:{mine.code}", title)
    return Done(
        Result.TOLD,
        found.person,
        events=(first, *earning.beside(case, found.awards)),
        posted=found.posted,
        outbox=(told, *earning.outbox(case, found.person, found.awards)),
        body={"outcome": "won"},
    )


def show(case: Case) -> Done:
    """How the team stands, looked up once it is known that it is asked for."""
    book, mine = case.script.book.challenges, current(case.person, case.now)
    if mine is None or mine.challenge not in book:
        language = case.person.profile.language
        known = tuple(
            {"name": one.title(language), "text": one.text(language), "badge": one.badge}
            for one in book.values()
        )
        return Done(Result.TOLD, case.person, "team_none", words={"challenges": known})
    found = case.moment.looked_up.teams
    if found is None:
        return Done(Result.TOLD, case.person, "team", lacks="team")
    words = _words(case, mine, book[mine.challenge], found[0] if found else None)
    return Done(Result.TOLD, case.person, "team", words=words)


def current(person: Person, now: int) -> Mine:
    """The team of somebody while it runs; one that is over keeps nobody."""
    return person.team if person.team is not None and now < person.team.until else None


def _words(
    case: Case, mine: Membership, challenge: Challenge, team: Team | None
) -> dict[str, Any]:
    language = case.person.profile.language
    unit = challenge.goal.unit
    total = team.total if team is not None else mine.given
    goal = team.goal if team is not None else challenge.goal.amount
    return {
        "team_name": mine.name,
        "team_code": mine.code,
        "challenge": f"{challenge.badge} {challenge.title(language)}".strip(),
        "team_total": total // unit,
        "team_goal": goal // unit,
        "team_share": mine.given // unit,
        "team_people": len(team.mates) if team is not None else 1,
        "is_team_done": total >= goal,
    }


def _known(case: Case, id: str) -> Challenge:
    challenges = case.script.book.challenges
    if id not in challenges:
        hint = nearest(id, dict(challenges)) if challenges else "there are none"
        raise RequestError("unknown", f"there is no challenge '{id}': {hint}", "challenge")
    return challenges[id]


def _code(case: Case) -> str:
    """A code to join by."""
    return "".join(LETTERS[byte % len(LETTERS)] for byte in _drawn(case)[:CODE_CHARS])


def _drawn(case: Case) -> bytes:
    """Chance: other bytes where a turn is decided again."""
    return hashlib.sha256(f"team|{case.moment.turn_id}|{case.moment.seed}".encode()).digest()


def _answered(case: Case, person: Person, outcome: str, mine: Mine, event: str = "") -> Done:
    body: Mapping[str, Any] = {
        "outcome": outcome,
        "user_id": person.id,
        "code": mine.code if mine is not None else None,
        "challenge": mine.challenge if mine is not None else None,
        "until": rfc3339(mine.until) if mine is not None else None,
    }
    events: tuple[Event, ...] = ()
    if event and mine is not None:
        props = {"challenge": mine.challenge, "team": mine.code}
        id = derived_id(case.moment.turn_id, event)
        events = (Event(id, person.id, event, case.now, case.now, props),)
    return Done(Result.TOLD, person, events=events, body=dict(body))
