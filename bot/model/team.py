"""A team challenge: what a person carries of their team, and a whole team as it stands."""

from msgspec import Struct


class Membership(Struct, frozen=True, omit_defaults=True):
    """The team that a person is in: what they do in [since, until) counts for it.

    `given` is what they gave so far, `is_won` whether they had what reaching the goal brings.
    """

    code: str
    challenge: str
    seat: int
    since: int
    until: int
    name: str = ""
    given: int = 0
    is_won: bool = False


class Mate(Struct, frozen=True):
    """Somebody in a team, and what they gave."""

    person_id: str
    seat: int
    given: int


class Team(Struct, frozen=True):
    """A team as it stands; `total` is what all gave, those who left too.

    `code` is what one joins by. Without a `name` it is on no board. `goal` and `total` are XP,
    hundredths of points, or times; `reached_at` is when it was seen that the goal is met (0: not).
    """

    code: str
    challenge: str
    name: str
    goal: int
    since: int
    until: int
    reached_at: int = 0
    total: int = 0
    mates: tuple[Mate, ...] = ()

    @property
    def is_reached(self) -> bool:
        return self.total >= self.goal
