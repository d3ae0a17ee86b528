"""What may be asked over the wire: the shape of every body and query."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from bot.errors import RequestError

DEMO_PERSON = "demo_novice"  # whose call it is in demo mode when it names nobody
MESSAGE_CHARS = 4_000
MOST_CREDITS = 1_000_000

UserId = Annotated[str, Meta(min_length=1, max_length=200, description="who; no control codes")]
AnyId = Annotated[str, Meta(min_length=1, max_length=200)]
Word = Annotated[str, Meta(min_length=1, max_length=40)]
Line = Annotated[str, Meta(min_length=1, max_length=200)]
Credits = Annotated[int, Meta(ge=0, le=MOST_CREDITS)]
SomeCredits = Annotated[int, Meta(ge=1, le=MOST_CREDITS)]
Asset = Annotated[str, Meta(min_length=1, max_length=20, pattern="^[A-Za-z0-9]+$")]
Cap = Credits | Literal["none"]


class Interact(Struct, frozen=True):
    """A chat message; the same message_id again gets the same answer."""

    message: Annotated[str, Meta(min_length=1, max_length=MESSAGE_CHARS)]
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    message_id: AnyId | UnsetType = UNSET


class UnlockPremium(Struct, frozen=True, forbid_unknown_fields=True):
    """The described call: open an item of a tier; credits_spent is the price expected."""

    content_tier: Word
    credits_spent: Credits
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    sku: Line | UnsetType = UNSET
    unlock_id: AnyId | UnsetType = UNSET
    confirm: bool = False


class Unlock(Struct, frozen=True, forbid_unknown_fields=True):
    """Open one item; unlock_id is kept by the caller before sending, or is Idempotency-Key."""

    sku: Line
    expected_price: Credits
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    unlock_id: AnyId | UnsetType = UNSET
    confirm: bool = False


class ConsentAnswers(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Yes or no to each purpose; what is left out stays."""

    nudges: bool | UnsetType = UNSET
    promotions: bool | UnsetType = UNSET
    tracking: bool | UnsetType = UNSET
    sms: bool | UnsetType = UNSET


class LeaderboardWish(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """On the leaderboards or off them; `name` is shown there, an empty one asks for a made-up."""

    join: bool
    name: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET


class StreakPause(Struct, frozen=True, forbid_unknown_fields=True):
    """Dates on which a streak rests: so many days from the first one, today or later."""

    first: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")] = field(name="from")
    days: Annotated[int, Meta(ge=1, le=366)]


class ProfilePut(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person or a host says about a person; what is left out stays."""

    name: Annotated[str, Meta(max_length=80)] | UnsetType = UNSET
    time_zone: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET
    language: Annotated[str, Meta(max_length=12)] | UnsetType = UNSET
    age_confirmed: bool | UnsetType = UNSET
    learning_style: Word | UnsetType = UNSET
    consent: ConsentAnswers | UnsetType = UNSET
    watch: Annotated[list[Asset], Meta(max_length=50)] | UnsetType = UNSET
    day_start: Annotated[str, Meta(max_length=5)] | UnsetType = UNSET
    streak_pause: StreakPause | UnsetType | None = UNSET
    leaderboard: LeaderboardWish | UnsetType = UNSET


class LimitsPut(Struct, frozen=True, forbid_unknown_fields=True):
    """New caps in credits; "none" asks for no limit; what is left out stays."""

    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    day: Cap | UnsetType = UNSET
    week: Cap | UnsetType = UNSET
    month: Cap | UnsetType = UNSET


class Who(Struct, frozen=True, forbid_unknown_fields=True):
    """Only a person."""

    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET


class PauseStart(Struct, frozen=True, forbid_unknown_fields=True):
    """A break from paid content: 24 hours, 7, 30 or 42 days, in hours."""

    hours: Annotated[int, Meta(ge=1, le=24 * 42)]
    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET


class Topup(Struct, frozen=True, forbid_unknown_fields=True):
    """Paid credits for a person; topup_id may come as Idempotency-Key."""

    user_id: UserId
    credits: SomeCredits
    topup_id: AnyId | UnsetType = UNSET


class Refund(Struct, frozen=True, forbid_unknown_fields=True):
    """Give back an unlock, named by its unlock_id or transfer_id; amount: only so much of it.

    Without an id of its own the same unlock is refunded once.
    """

    user_id: UserId
    unlock_id: AnyId | UnsetType = UNSET
    transfer_id: AnyId | UnsetType = UNSET
    amount: SomeCredits | UnsetType = UNSET
    id: AnyId | UnsetType = UNSET


class Void(Struct, frozen=True, forbid_unknown_fields=True):
    """Undo an unlock that was never delivered, named by its unlock_id or transfer_id."""

    user_id: UserId
    unlock_id: AnyId | UnsetType = UNSET
    transfer_id: AnyId | UnsetType = UNSET
    id: AnyId | UnsetType = UNSET


class AlertPost(Struct, frozen=True):
    """Market news for everybody who follows the asset."""

    asset: Asset
    alert_type: Word
    urgency: Annotated[int, Meta(ge=1, le=10)]
    message: Annotated[str, Meta(min_length=1, max_length=500)]
    alert_id: AnyId | UnsetType = UNSET


class FeedQuery(Struct, frozen=True):
    """Whose feed, and the last number already seen."""

    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET
    after: Annotated[int, Meta(ge=0, le=2**53)] = 0


class NoQuery(Struct, frozen=True):
    """No parameter at all: a filter that is not there is refused, not left out."""


class WhoQuery(Struct, frozen=True):
    """Whose."""

    user_id: UserId | UnsetType = UNSET
    userId: UserId | UnsetType = UNSET


class MarketQuery(Struct, frozen=True):
    """Which asset; default: the first one that is covered."""

    asset: Asset | UnsetType = UNSET


def person_of(user_id: str | UnsetType, other: str | UnsetType, is_demo: bool) -> str:
    """The person a call is about; `user_id` and `userId` mean the same."""
    person_id = other if user_id is UNSET else user_id
    if other is not UNSET and other != person_id:
        raise RequestError("bad_input", "user_id and userId differ", "userId")
    if person_id is UNSET:
        if is_demo:
            return DEMO_PERSON
        raise RequestError("bad_input", "user_id is missing", "user_id")
    if not person_id.isprintable() or not person_id.strip():
        raise RequestError("bad_input", "printable text, and not of spaces alone", "user_id")
    return person_id
