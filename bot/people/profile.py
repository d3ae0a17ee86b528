"""What a person tells us about themselves, and how it may change."""

from typing import Any

from msgspec.structs import replace

from bot.errors import RequestError
from bot.model.person import Person, Profile
from bot.people.calendar import is_zone
from bot.people.consent import given

LEARNING_STYLES = ("texts", "examples", "numbers", "quizzes")
FIELDS = (
    "name",
    "time_zone",
    "language",
    "age_confirmed",
    "learning_style",
    "consent",
    "watch",
)
# What a person tells in the conversation, as the fields of Profile.
TOLD = ("name", "goal", "experience", "time_zone", "language", "age", "learning_style")
LONGEST = {"name": 80, "goal": 200, "experience": 200, "language": 12}
MOST_WATCHED = 50
NIGHT = (21, 8)  # P17: local hours in which nobody is written to, whatever is set


def changed(person: Person, props: dict[str, Any], now: int, can_grow_up: bool) -> Person:
    """The person after the fields of PUT /user; raises bad_input naming the field.

    `can_grow_up`: only a host or staff may turn a minor into an adult, not the person's word.
    """
    profile = person.profile
    for name in ("name", "language"):
        if name in props:
            profile = replace(profile, **{name: _short(name, props[name])})
    if "time_zone" in props:
        profile = replace(profile, time_zone=_zone(props["time_zone"]))
    if "learning_style" in props:
        profile = replace(profile, learning_style=_style(props["learning_style"]))
    if "age_confirmed" in props:
        profile = aged(profile, bool(props["age_confirmed"]), can_grow_up)
    person = replace(person, profile=profile)
    if "quiet_from" in props or "quiet_to" in props:
        quiet = _quiet(props.get("quiet_from"), props.get("quiet_to"))
        person = replace(person, profile=replace(person.profile, quiet=quiet))
    if props.get("consent") is not None:
        person = replace(person, consent=given(person.consent, props["consent"], now))
    if props.get("watch") is not None:
        person = replace(person, watch=watched(props["watch"]))
    return person


def aged(profile: Profile, is_adult: bool, can_grow_up: bool) -> Profile:
    """The profile after the age question was answered."""
    if is_adult and profile.age == "minor" and not can_grow_up:
        return profile
    return replace(profile, age="adult" if is_adult else "minor")


def watched(assets: list[str]) -> tuple[str, ...]:
    """A watch list: upper case, without repeats, in the order given."""
    if len(assets) > MOST_WATCHED:
        raise RequestError("bad_input", f"at most {MOST_WATCHED} assets", "watch")
    for asset in assets:
        if not (1 <= len(asset) <= 20 and asset.isalnum() and asset.isascii()):
            raise RequestError("bad_input", f"'{asset[:20]}' is not an asset", "watch")
    return tuple(dict.fromkeys(asset.upper() for asset in assets))


def _short(name: str, value: str) -> str:
    if len(value) > LONGEST[name] or not value.isprintable():
        raise RequestError("bad_input", f"at most {LONGEST[name]} printable characters", name)
    return value


def _zone(value: str) -> str:
    if not is_zone(value):
        raise RequestError("bad_input", f"'{value[:60]}' is not an IANA time zone", "time_zone")
    return value


def _quiet(start: int | None, end: int | None) -> tuple[int, int] | None:
    """Quiet hours of one's own: the night at least; None for those of the files."""
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise RequestError("bad_input", "name both, or neither", "quiet_from")
    if not (NIGHT[1] <= end < start <= NIGHT[0]):
        hours = f"{NIGHT[0]}:00 to {NIGHT[1]}:00"
        message = f"quiet hours include the night, {hours}, and leave some hours open"
        raise RequestError("bad_input", message, "quiet_from")
    return start, end


def _style(value: str) -> str:
    if value not in LEARNING_STYLES:
        words = ", ".join(LEARNING_STYLES)
        raise RequestError("bad_input", f"one of {words}", "learning_style")
    return value
