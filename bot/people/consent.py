"""What a person agreed to, and how long a no is remembered."""

from collections.abc import Mapping

from msgspec.structs import replace

from bot.model.person import Consent

PURPOSES = ("nudges", "promotions", "tracking")
ASK_AGAIN_US = 90 * 86_400_000_000  # P16: a declined consent is not asked again for 90 days


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


def may_ask(consent: Consent, purpose: str, now: int) -> bool:
    """Whether the question may be asked (again): never after a yes, 90 days after a no."""
    if getattr(consent, purpose):
        return False
    return now - consent.declined.get(purpose, -ASK_AGAIN_US) >= ASK_AGAIN_US
