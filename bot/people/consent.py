"""What a person agreed to, and how long a no is remembered."""

from collections.abc import Mapping

from msgspec.structs import replace

from bot.model.person import Consent

PURPOSES = ("nudges", "promotions", "tracking", "sms")


def given(consent: Consent, answers: Mapping[str, bool], now: int) -> Consent:
    """The consent after the answers; a no is remembered with its time."""
    declined = dict(consent.declined)
    for purpose in PURPOSES:
        if purpose not in answers:
            continue
        if answers[purpose]:
            declined.pop(purpose, None)
        else:
            declined[purpose] = now
    chosen = {name: answers[name] for name in PURPOSES if name in answers}
    return replace(consent, declined=declined, **chosen)
