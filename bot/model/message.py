"""What comes in and what goes out: Inbound, Intent, Reply, Message, Delivery, Event, Market."""

from typing import Any, Literal

from msgspec import Struct

from bot.model.money import Tier

Kind = Literal[
    "message", "purchase", "profile", "limits", "pause", "staff", "action", "team", "tick"
]
Channel = Literal["in_app", "email", "push", "sms", "hook"]
Style = Literal["text", "strong", "em", "link", "code"]
Scalar = str | int | float | bool
Fact = Scalar | tuple[str, ...]


class Inbound(Struct, frozen=True, omit_defaults=True):
    """Everything that happens to a person comes as one of these, through `turn.take`.

    `id` is the caller's own id where it has one (message_id, unlock_id, topup_id), else random.
    `name` says what a kind asks for (`unlock`, `limits_put`, `limits_confirm`, `topup`, ...).
    `fingerprint` is that of the fields as sent; the same id with another one is a conflict.
    """

    id: str
    person_id: str
    kind: Kind
    at: int
    channel: str = "in_app"
    name: str = ""
    text: str = ""
    props: dict[str, Any] = {}
    fingerprint: str = ""
    actor: str = ""


class Intent(Struct, frozen=True):
    """What a text was understood as; `source` tells how.

    `nearest` are examples of what may have been meant, when it was not understood. `language` is
    the one the text was heard in, where that is not the person's. `also` is the second of two
    questions asked in one message.
    """

    name: str
    slots: dict[str, str] = {}
    confidence: float = 1.0
    source: Literal["pattern", "classifier", "none"] = "pattern"
    sentiment: Literal["negative", "neutral", "positive"] = "neutral"
    urgency: int = 0
    nearest: tuple[str, ...] = ()
    language: str = ""
    also: "Intent | None" = None


class Choice(Struct, frozen=True):
    """A quick reply: `label` is shown, `send` is the text that choosing it sends."""

    label: str
    send: str


class Span(Struct, frozen=True):
    """A run of text in one style; `href` only for links (https, mailto)."""

    text: str
    style: Style = "text"
    href: str | None = None


class Block(Struct, frozen=True):
    """A paragraph, or a list with one row of spans per point."""

    kind: Literal["paragraph", "list"]
    rows: tuple[tuple[Span, ...], ...]


class Reply(Struct, frozen=True, omit_defaults=True):
    """The answer to one Inbound; `body` is the wire answer of a call that is no chat message."""

    turn_id: str
    text: str
    blocks: tuple[Block, ...] = ()
    choices: tuple[Choice, ...] = ()
    tier: Tier = Tier.FREE
    price: int = 0
    persona: str = ""
    state: str = ""
    outcome: str | None = None
    body: dict[str, Any] | None = None
    status: int = 200


class Event(Struct, frozen=True):
    """Something that happened, in the past tense."""

    id: str
    person_id: str
    name: str
    at: int
    received_at: int
    props: dict[str, Any] = {}
    source: str = "bot"


MessageState = Literal[
    "wanted", "held", "leased", "handing_over", "sent", "failed", "unknown", "skipped", "expired"
]


class Message(Struct, frozen=True):
    """An outbox row: something the bot wants to say first.

    `dedupe` is unique for a person for ever. `reason` says why it is in this state, in one word
    of the gate that decided; `why` holds every gate's verdict. Times are microseconds.
    """

    id: str
    person_id: str
    dedupe: str
    kind: str
    channel: Channel
    send_at: int
    expires_at: int
    at: int
    subject: str = ""
    body: str = ""
    template: str = ""
    rule: str = ""
    props: dict[str, Any] = {}
    state: MessageState = "wanted"
    reason: str = ""
    why: tuple[str, ...] = ()
    number: int = 0
    campaign_id: str = ""
    step: int = 0
    variant: str = ""


class Delivery(Struct, frozen=True):
    """How handing one message over to a provider ended."""

    message_id: str
    person_id: str
    state: MessageState
    at: int
    provider_id: str = ""
    error: str = ""


class Alert(Struct, frozen=True):
    """Market news for the followers of an asset; `urgency` 1-10."""

    id: str
    asset: str
    alert_type: str
    urgency: int
    message: str
    at: int


class FeedItem(Struct, frozen=True):
    """One line of a person's numbered feed: what was said by whom."""

    number: int
    author: Literal["person", "bot"]
    at: int
    text: str
    id: str
    persona: str = ""
    kind: str = "reply"
    choices: tuple[Choice, ...] = ()
    blocks: tuple[Block, ...] = ()


Trend = Literal["up", "down", "sideways"]


class Market(Struct, frozen=True):
    """What a feed knows of one asset: price in quote units, volatility 0-1, change in per cent
    over 24 h, clusters and whale moves as plain mappings; `at` in microseconds.

    None: the feed does not know it.
    """

    primary_asset: str
    current_price: float
    volatility: float | None
    trend: Trend | None
    change_pct: float | None
    liquidation_clusters: tuple[dict[str, Scalar], ...]
    whale_movements: tuple[dict[str, Scalar], ...]
    at: int
    source: str
