"""Two questions in one message: which is answered beside the other, and in which order."""

from msgspec import Struct

from bot.talk.acts import Command
from bot.talk.case import Case, Done
from bot.talk.dialogue import Proposal

# What only tells: it may be answered beside something else, for it changes nothing.
TELLING = frozenset(
    {
        *(Command.SAY, Command.SHOW_BALANCE, Command.SHOW_LIMITS, Command.SHOW_PROFILE),
        *(Command.SHOW_SPENDING, Command.SHOW_WATCHED, Command.MARKET, Command.WHY),
        *(Command.EXPORT, Command.SHOW_PROGRESS),
    }
)
ONE_AT_A_TIME = "one_at_a_time"
OPENING = frozenset({"disclosure", "take_a_break", "welcome_back"})
CLOSING = frozenset({"risk", "onboarding", ONE_AT_A_TIME})
Chunk = tuple[Case, Done, tuple[str, ...]]


class Beside(Struct, frozen=True):
    """The other question of a message: what it is about, and whether it was asked first."""

    case: Case
    done: Done
    is_first: bool

    @property
    def acts(self) -> tuple[str, ...]:
        return self.done.acts or (self.done.act,)


def is_beside(proposal: Proposal, stands: str) -> bool:
    """True for a part that only tells something, and leaves the conversation where it stands."""
    return proposal.command in TELLING and proposal.state == stands


def offered(acts: tuple[str, ...], beside: str, question: str) -> tuple[str, ...]:
    """The answer with what can wait told after it; not where a question stands, and only once."""
    return acts if question or beside in acts else (*acts, beside)


def said(chunks: list[Chunk]) -> tuple[str, ...]:
    """The replies an answer is joined from."""
    return tuple(act for _, _, acts in chunks for act in acts)


def chunks(case: Case, done: Done, acts: tuple[str, ...], beside: Beside | None) -> list[Chunk]:
    """The texts of an answer in the order the questions were asked."""
    if beside is None:
        return [(case, done, acts)]
    start = next((at for at, act in enumerate(acts) if act not in OPENING), len(acts))
    end = len(acts)
    while end > start and acts[end - 1] in CLOSING:
        end -= 1
    main: Chunk = (case, done, acts[start:end])
    other: Chunk = (beside.case, beside.done, beside.acts)
    pair = [other, main] if beside.is_first else [main, other]
    tail = acts[end:]
    if "market" in beside.acts and "risk" not in tail:
        tail = ("risk", *tail)
    found = [(case, done, acts[:start]), *pair, (case, done, tail)]
    return [chunk for chunk in found if chunk[2]]
