"""What a dialogue may ask talk.decide to do, and how each of these may turn out."""

from enum import StrEnum


class Command(StrEnum):
    """What a transition asks for (its `do`); slots are those of the intent, all texts.

    say             nothing: the reply is the transition's act
    teach           the free depth of `topic`: its text, and a choice to go deeper; a topic
                    without a free depth is offered
    offer           the depth of `topic` that comes next for this person (or the one of slot
                    `tier`): told at once when it is free or owned, else its price as a question
                    with an equal yes and no
    charge          a yes to the offer on `sku`: may it be charged, then charge it
    confirm         a yes to a question asked before a charge of `sku` (slowly, reality check)
    decline         a no to the offer on `sku`: remembered, so that it is not offered unasked
    show_balance    credits, what is left of the limits
    show_limits     the limits, what is left of them, a waiting increase, a pause
    set_limits      slots `amount` (credits) and `period`: a decrease counts at once
    confirm_limits  the second yes to an increase asked for a day ago
    pause           slot `duration` in hours (24, 168, 720, 1008): closes paid depths at once
    show_profile    what is known of the person, in short
    answer_age      slot `age`: adult or minor; a charge that waited for it is offered again
    set_zone        slot `zone`, an IANA name or a country; of a country's clocks one is asked for
    set_nudges      slot `answer`: on or off
    pick_persona    slot `persona`: this voice from now on; `automatic`: the rules' choice again
    market          slot `asset` or the first one watched: what the feed knows, with its age
    watch           slot `asset` onto the watch list
    unwatch         slot `asset` off the watch list
    begin           opens the form of the state it leads to, at its first open field
    fill            the slot of the message into the field a form asks for, then the next field
    skip            the field a form asks for stays open; the next one is asked
    quiz            the quiz of `topic` from its first question on
    answer          slot `option` (a to d): explained, then the next question
    show_spending   what was spent and what it bought
    show_watched    the markets followed, and whether the bot may write first
    set_language    slot `language`: the language of the replies
    rate            slot `number` (1 to 5) for the topic that was asked about
    hand_off        a person of staff is wanted: noted, and told to the operator's hook
    show_progress   lessons and quizzes finished, XP, the level, what the next takes, the streak
    show_board      the places on the leaderboards, and who is around
    join_board      onto the leaderboards, under a made-up name or slot `name`
    leave_board     off the leaderboards
    show_team       the team of a challenge and how it stands, else the challenges there are
    pause_streak    slot `duration` in hours, from today or slot `date` on: a planned pause
    resume_streak   no planned pause from today on
    offer_reward    slot `reward`: what it costs in points, as a question with an equal yes and no
    redeem          a yes to that question: the reward for its points
    why             the sentences of the rules behind the last answer
    export          where to get everything that is stored about the person
    erase           the second yes was said: delete the person
    care            words of despair: the one answer to them, and a week without selling
    """

    SAY = "say"
    TEACH = "teach"
    OFFER = "offer"
    CHARGE = "charge"
    CONFIRM = "confirm"
    DECLINE = "decline"
    SHOW_BALANCE = "show_balance"
    SHOW_LIMITS = "show_limits"
    SET_LIMITS = "set_limits"
    CONFIRM_LIMITS = "confirm_limits"
    PAUSE = "pause"
    SHOW_PROFILE = "show_profile"
    ANSWER_AGE = "answer_age"
    SET_ZONE = "set_zone"
    SET_NUDGES = "set_nudges"
    PICK_PERSONA = "pick_persona"
    MARKET = "market"
    WATCH = "watch"
    UNWATCH = "unwatch"
    BEGIN = "begin"
    FILL = "fill"
    SKIP = "skip"
    QUIZ = "quiz"
    ANSWER = "answer"
    SHOW_SPENDING = "show_spending"
    SHOW_WATCHED = "show_watched"
    SET_LANGUAGE = "set_language"
    RATE = "rate"
    HAND_OFF = "hand_off"
    SHOW_PROGRESS = "show_progress"
    SHOW_BOARD = "show_board"
    SHOW_TEAM = "show_team"
    JOIN_BOARD = "join_board"
    LEAVE_BOARD = "leave_board"
    PAUSE_STREAK = "pause_streak"
    RESUME_STREAK = "resume_streak"
    OFFER_REWARD = "offer_reward"
    REDEEM = "redeem"
    WHY = "why"
    EXPORT = "export"
    ERASE = "erase"
    CARE = "care"

    __hash__ = str.__hash__  # what Enum has is Python code, slower at each look-up


class Result(StrEnum):
    """How a command turned out; each but `told` fires a trigger of its own name.

    told           done and said; the conversation stands where the intent left it
    offered        a price question stands; settle names its `sku`
    nothing_more   every depth of the topic has been told
    unlocked       charged and told
    already_owned  paid earlier; told again, nothing charged
    ask            a question must be answered first (a slow yes, a reality check)
    ask_age        the age must be known first
    reward_offered a question stands whether points are spent
    ask_zone       a country was named whose clocks differ
    finished       the last field of a form, or the last question of a quiz, is done
    refused        not now, or not at all; the reply says why and until when
    """

    TOLD = "told"
    OFFERED = "offered"
    NOTHING_MORE = "nothing_more"
    UNLOCKED = "unlocked"
    ALREADY_OWNED = "already_owned"
    ASK = "ask"
    ASK_AGE = "ask_age"
    ASK_ZONE = "ask_zone"
    REWARD_OFFERED = "reward_offered"
    FINISHED = "finished"
    REFUSED = "refused"

    __hash__ = str.__hash__


_CHARGED = (
    Result.UNLOCKED,
    Result.ALREADY_OWNED,
    Result.OFFERED,  # the price had changed: the new one is asked
    Result.ASK,
    Result.ASK_AGE,
    Result.REFUSED,
)

# What may come of each command besides `told`; those not named are always told.
RESULTS: dict[Command, tuple[Result, ...]] = {
    Command.TEACH: (Result.OFFERED, Result.NOTHING_MORE, Result.REFUSED),
    Command.OFFER: (Result.OFFERED, Result.NOTHING_MORE, Result.REFUSED),
    Command.CHARGE: _CHARGED,
    Command.CONFIRM: _CHARGED,
    Command.SET_LIMITS: (Result.REFUSED,),
    Command.CONFIRM_LIMITS: (Result.REFUSED,),
    Command.PAUSE: (Result.ASK,),
    Command.ANSWER_AGE: (Result.OFFERED, Result.REFUSED),
    Command.SET_ZONE: (Result.REFUSED, Result.ASK_ZONE),
    Command.PICK_PERSONA: (Result.REFUSED,),
    Command.BEGIN: (Result.FINISHED,),
    Command.FILL: (Result.FINISHED, Result.REFUSED),
    Command.SKIP: (Result.FINISHED,),
    Command.QUIZ: (Result.NOTHING_MORE,),
    Command.ANSWER: (Result.FINISHED, Result.NOTHING_MORE, Result.REFUSED),
    Command.SET_LANGUAGE: (Result.REFUSED,),
    Command.RATE: (Result.REFUSED,),
    Command.MARKET: (Result.REFUSED,),
    Command.WATCH: (Result.REFUSED,),
    Command.JOIN_BOARD: (Result.REFUSED,),
    Command.PAUSE_STREAK: (Result.REFUSED,),
    Command.OFFER_REWARD: (Result.REWARD_OFFERED, Result.REFUSED),
    Command.REDEEM: (Result.REWARD_OFFERED, Result.REFUSED),
    Command.UNWATCH: (Result.REFUSED,),
}

# Never `told`: a charge always ends in one of its own results.
NEVER_TOLD = frozenset({Command.CHARGE, Command.CONFIRM})

PURCHASE = "purchase"  # the intent of an unlock that was called for without words; slot `sku`
ANSWERED = "answered"  # the intent of what fills a field that asks for one's own words
NONE = "none"  # the intent of a text nobody could make sense of
CRISIS = "crisis"  # the intent of words of despair, and the answer to them; no author names it
WORDLESS = frozenset({PURCHASE, NONE})
