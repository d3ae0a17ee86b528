"""Who we talk to: profile, consent, spending, progress and what they have seen."""

from typing import Literal

from msgspec import Struct

from bot.model.money import Spending
from bot.model.progress import Boards, Progress
from bot.model.team import Membership

SkillName = Literal["novice", "developing", "skilled", "advanced", "expert", "master"]
SKILLS: tuple[SkillName, ...] = (
    "novice",
    "developing",
    "skilled",
    "advanced",
    "expert",
    "master",
)


class Profile(Struct, frozen=True, omit_defaults=True):
    """What a person told us about themselves; kept encrypted as a whole.

    `quiet` are local hours [from, to) in which they want no message that we begin.
    """

    name: str = ""
    goal: str = ""
    experience: str = ""
    time_zone: str | None = None
    language: str = "en"
    learning_style: str = ""
    age: Literal["unknown", "adult", "minor"] = "unknown"
    quiet: tuple[int, int] | None = None


class Skill(Struct, frozen=True, omit_defaults=True):
    """Finished lessons and quizzes, and the level they amount to."""

    level: SkillName = "novice"
    lessons: int = 0
    quizzes: int = 0


class Consent(Struct, frozen=True, omit_defaults=True):
    """What the person agreed to; `declined` keeps when a question was answered no."""

    nudges: bool = False
    promotions: bool = False
    tracking: bool = False
    sms: bool = False
    declined: dict[str, int] = {}


class Activity(Struct, frozen=True, omit_defaults=True):
    """Counts behind the engagement score; times in microseconds."""

    score: float = 0.0
    at: int = 0
    turns: int = 0
    sessions: int = 0
    depth: int = 0
    recent: float = 0.0


class Conversation(Struct, frozen=True, omit_defaults=True):
    """Where the dialogue stands; `name` changes only by a transitions trigger.

    `at` is the time of the latest turn, `asked_at` that at which this place was entered and its
    question asked: while they are the same, the question was the last thing said.
    """

    name: str = "start"
    topic: str = ""
    sku: str = ""
    at: int = 0
    data: dict[str, str] = {}
    asked_at: int = 0


class Contact(Struct, frozen=True, omit_defaults=True):
    """One message we began; frequency caps count these."""

    at: int
    kind: str
    promotional: bool = False


Heard = Literal["", "phrase", "answer", "mended", "likely", "none", "call"]


class Grounds(Struct, frozen=True, omit_defaults=True):
    """Why the last answer was what it was.

    `heard` is how the text was understood, `likeness` (per cent) how sure that was, `intent` as
    what. `refusal` is the ledger's reason in one word, `rules` the sentences of the rules that
    decided, `voice` that of the rule that chose the voice.
    """

    heard: Heard = ""
    likeness: int = 0
    intent: str = ""
    refusal: str = ""
    rules: tuple[str, ...] = ()
    voice: str = ""


class Seen(Struct, frozen=True, omit_defaults=True):
    """What was shown or done once: disclosure, rules with once_per, offers, contacts.

    `nudged` maps a template to the `seen_at` of the absence it was asked for in. `closed_session`
    is the start of the session whose end was noted. `break_from` is when this stretch of visits
    without a long rest began, or a break was last suggested. `handoff_at`: since when they wait
    for somebody of staff; 0: they do not. `rating_topic` is what they were asked to rate at
    `rating_at`, until they did. `last_intent` and `last_slots` are the wish a correction repeats,
    `about` the topic and the asset last named.
    """

    disclosed_at: int = 0
    session_at: int = 0
    once: dict[str, int] = {}
    offers: dict[str, int] = {}
    contacts: tuple[Contact, ...] = ()
    nudged: dict[str, int] = {}
    closed_session: int = 0
    grounds: Grounds = Grounds()
    last_text: str = ""
    break_from: int = 0
    handoff_at: int = 0
    rating_at: int = 0
    rating_topic: str = ""
    last_intent: str = ""
    last_slots: dict[str, str] = {}
    about: dict[str, str] = {}


class Person(Struct, frozen=True, omit_defaults=True):
    """One person at one version; `version` 0 is somebody never stored.

    `last_at` is the time of the latest turn (microseconds) and never decreases;
    `seen_at` the time of the latest message by the person.
    """

    id: str
    version: int = 0
    created_at: int = 0
    last_at: int = 0
    seen_at: int = 0
    profile: Profile = Profile()
    skill: Skill = Skill()
    activity: Activity = Activity()
    state: Conversation = Conversation()
    persona: str = ""
    consent: Consent = Consent()
    watch: tuple[str, ...] = ()
    spending: Spending = Spending()
    progress: Progress = Progress()
    boards: Boards = Boards()
    team: Membership | None = None
    seen: Seen = Seen()
    is_demo: bool = False
