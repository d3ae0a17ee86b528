"""Which variables each text may use: replies that code names, other replies, lessons, messages."""

from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ALWAYS = _words("bot name persona topic has_quiz balance is_new is_paused closed_until")
_ITEM = _ALWAYS | _words(
    "title sku depth price money balance_after lacking remaining limits reason because until wait"
    " is_declined"
)
_LIMITS = _ALWAYS | _words(
    "amount period remaining limits has_request request confirm_from lapses until is_paused"
)
_MERITS = _ALWAYS | _words(
    "xp level_number level_name next_level xp_left points free_rewards streak best_streak freezes"
    " freezes_at is_today_done broken_streak streak_pause achievements more_achievements zone"
)
_REWARD = _words("rewards reward reward_points points_after points_missing")
_BOARD = _words(
    "is_listed board_name week_rank week_people week_xp week_top ever_rank ever_people neighbours"
)
_TEAM = _words(
    "challenges challenge team_name team_code team_total team_goal team_share team_people"
    " is_team_done"
)
_QUIZ = _ALWAYS | _words(
    "question_number question_count right_option right_count course quizzes is_declined"
)
_MARKET = (
    _ALWAYS
    | _words("asset assets price_now change trend volatility level is_simulated is_replayed")
    | _words("age_minutes age_hours age_days is_stale")
    | _words("clusters whales watched alert_type alert alert_hours urgency")
)

# Replies the code says by name, with what it gives them beyond the item's variables.
REPLIES: Mapping[str, frozenset[str]] = {
    "disclosure": _ALWAYS,
    "onboarding": _ALWAYS,
    "risk": _ALWAYS,
    "lesson_more": _ITEM,
    "offer": _ITEM,
    "unlocked": _ITEM,
    "already_owned": _ITEM,
    "nothing_more": _ITEM,
    "price_changed": _ITEM,
    "confirm": _ITEM,
    "confirm_slowly": _ITEM,
    "reality_check": _ITEM | {"spent", "spent_money", "minutes"},
    "age_question": _ITEM,
    "age_minor": _ITEM,
    "care": _ITEM,
    "paused": _ITEM,
    "pause_gentle": _ITEM,
    "rest": _ITEM,
    "cooling_off": _ITEM,
    "cap_day": _ITEM,
    "limit_day": _ITEM,
    "cap_week": _ITEM,
    "cap_month": _ITEM,
    "insufficient_credits": _ITEM,
    "denied": _ITEM,
    "not_open": _ITEM,
    "unknown_topic": _ITEM | {"topics"},
    "declined": _ITEM,
    "balance": _ITEM,
    "limits": _LIMITS,
    "limits_set": _LIMITS,
    "limits_requested": _LIMITS,
    "limits_confirmed": _LIMITS,
    "limits_refused": _LIMITS | {"reason"},
    "pause_started": _ALWAYS | {"hours", "until"},
    "pause_refused": _ALWAYS | {"hours", "until", "reason"},
    "profile": _ALWAYS
    | _words("age zone skill lessons streak watched owned answer topics quizzes")
    | _words("goal experience learning_style language"),
    "achieved": _ALWAYS | {"achieved"},
    "progress": _MERITS | _words("skill next_skill steps_left lessons quizzes"),
    "streak_paused": _MERITS | {"pause_days"},
    "streak_resumed": _MERITS,
    "streak_pause_refused": _MERITS | {"pause_days", "reason"},
    "rewards": _MERITS | _REWARD,
    "reward_offer": _MERITS | _REWARD,
    "reward_redeemed": _MERITS | _REWARD,
    "reward_held": _MERITS | _REWARD | {"until"},
    "reward_refused": _MERITS | _REWARD | {"reason"},
    "leaderboard": _MERITS | _BOARD,
    "team": _MERITS | _TEAM,
    "team_none": _MERITS | _TEAM,
    "board_joined": _MERITS | _BOARD,
    "board_left": _MERITS | _BOARD,
    "board_name_refused": _MERITS | _BOARD,
    "ask_rating": _ALWAYS,
    "rated": _ALWAYS,
    "rating_unclear": _ALWAYS,
    "rating_not_asked": _ALWAYS,
    "welcome_back": _ALWAYS,
    "not_an_answer": _ALWAYS,
    "quiz_begin": _QUIZ,
    "quiz_right": _QUIZ,
    "quiz_wrong": _QUIZ,
    "quiz_passed": _QUIZ,
    "quiz_unclear": _QUIZ,
    "quiz_done": _QUIZ,
    "quiz_perfect": _QUIZ,
    "course_done": _QUIZ,
    "no_quiz": _QUIZ,
    "spending": _LIMITS | {"spent_by", "purchases"},
    "watched": _MARKET | {"answer"},
    "language_set": _ALWAYS | {"language", "languages"},
    "language_refused": _ALWAYS | {"language", "languages"},
    "age_adult": _ITEM | {"age"},
    "age_is_minor": _ITEM | {"age"},
    "age_kept": _ITEM | {"age"},
    "zone_set": _ALWAYS | {"zone"},
    "zone_refused": _ALWAYS | {"zone"},
    "which_zone": _ALWAYS | {"zones"},
    "nudges_on": _ALWAYS,
    "nudges_off": _ALWAYS,
    "persona_set": _ALWAYS | {"voices"},
    "persona_automatic": _ALWAYS | {"voices"},
    "persona_refused": _ALWAYS | {"voices"},
    "market": _MARKET,
    "market_unknown": _MARKET,
    "watching": _MARKET,
    "not_watching": _MARKET,
    "watch_refused": _MARKET,
    "why": _ALWAYS | _words("reasons reason heard likeness meant voice is_pinned"),
    "handoff": _ALWAYS | {"is_on_duty", "is_again", "until"},
    "export": _ALWAYS,
    "erased": _ALWAYS,
    "unknown": _ALWAYS | {"choices"},
    "fault": _ALWAYS,
    "take_a_break": _ALWAYS,
    "language_heard": _ALWAYS | {"language", "languages"},
    "lesson_in_english": _ITEM,
    "quiz_in_english": _ALWAYS,
}

# Every other reply (acts of the dialogue, `reply` of a rule) may use these.
ANY_REPLY = (
    _ITEM
    | _MERITS
    | _words("prices topics free_topics courses hours streak asset assets voices languages")
    | _words("goal experience learning_style")
    | _words("options option_a option_b option_c option_d question_number question_count")
)
LESSON = frozenset({"bot", "name"})
NOTIFICATION = _MARKET | {"days_idle", "streak", "lessons", "achieved", "until"}
