"""Which of the authored texts is said: by name, persona, locale and dice."""

from msgspec import Struct

from bot.content.compile import Template
from bot.content.parse import Content
from bot.content.texts import Chosen, ReplyText
from bot.people.locales import DEFAULT

LESSON, URGENT = "*lesson*", "*urgent*"  # texts that are no replies, among those found
URGENT_FROM = 8  # from this urgency on news are told in the short, factual variant


KEPT = 4_096  # texts found once; a catalog has fewer, whatever languages people ask for


class Notice(Struct, frozen=True):
    """The texts of one notification."""

    subject: Template
    body: Template

    @property
    def names(self) -> frozenset[str]:
        return self.subject.names | self.body.names


def choose(content: Content, name: str, persona: str, locale: str, dice: int) -> Chosen:
    """A variant of the reply: the persona's own words first, then anybody's; then in English.

    Raises KeyError for a reply nobody wrote; files are checked so that none is asked for.
    """
    variants = content.chosen.get((name, persona, locale)) or _variants(
        content, name, persona, locale
    )
    return variants[dice % len(variants)]


def lesson(content: Content, sku: str, locale: str) -> Chosen:
    """The text of an item; KeyError when there is no such item."""
    key = (sku, LESSON, locale)
    if key not in content.chosen:
        template = content.lesson(sku, locale)
        _keep(content, key, (Chosen(sku, template, (), template.names, ()),))
    return content.chosen[key][0]


def urgent(content: Content, persona: str, locale: str) -> Chosen | None:
    """The persona's short factual text for an urgent question about the market."""
    own = content.urgent.get((persona, locale)) or content.urgent.get((persona, DEFAULT))
    if own is None:
        return None
    key = (URGENT, persona, locale)
    if key not in content.chosen:
        reply = _found(content, "market", persona, locale)
        choices, fixed = (reply.choices, reply.fixed) if reply is not None else ((), ())
        names = own.names | (reply.choice_names if reply is not None else frozenset())
        _keep(content, key, (Chosen("market", own, choices, names, fixed),))
    return content.chosen[key][0]


def alone(template: Template) -> Chosen:
    """A text without choices of its own: a quiz question, or its explanation."""
    return Chosen("", template, (), template.names, ())


def crisis(content: Content, locale: str, country: str) -> Chosen:
    """The answer to words of despair: no variants, no variables, the same from every voice."""
    found = content.crisis
    template = found.get((locale, country)) or found.get((locale, "")) or found[DEFAULT, ""]
    return Chosen("crisis", template, (), frozenset(), ())


def notice(content: Content, name: str, persona: str, locale: str, urgency: int) -> Notice:
    """A notification; urgent news are the persona's short, factual text."""
    text = content.notices.get((locale, name)) or content.notices.get((DEFAULT, name))
    if text is None:
        raise KeyError(f"no notification is called '{name}'")
    if urgency < URGENT_FROM:
        return Notice(text.subject, text.body)
    own = content.urgent.get((persona, locale)) or content.urgent.get((persona, DEFAULT))
    return Notice(text.subject, own if own is not None and name == "market_alert" else text.short)


def _variants(content: Content, name: str, persona: str, locale: str) -> tuple[Chosen, ...]:
    reply = _found(content, name, persona, locale)
    if reply is None:
        raise KeyError(f"no reply is called '{name}'")
    variants = tuple(
        Chosen(name, one, reply.choices, one.names | reply.choice_names, reply.fixed)
        for one in reply.variants
    )
    return _keep(content, (name, persona, locale), variants)


def _keep(
    content: Content, key: tuple[str, str, str], variants: tuple[Chosen, ...]
) -> tuple[Chosen, ...]:
    if len(content.chosen) >= KEPT:
        content.chosen.clear()
    content.chosen[key] = variants
    return variants


def _found(content: Content, name: str, persona: str, locale: str) -> ReplyText | None:
    replies = content.replies
    return (
        replies.get((persona, locale, name))
        or replies.get(("", locale, name))
        or replies.get((persona, DEFAULT, name))
        or replies.get(("", DEFAULT, name))
    )
