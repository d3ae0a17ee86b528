"""The one question of a message, or its two: what each means, and which of them is only told."""

from msgspec.structs import replace

from bot.model.message import Inbound, Intent
from bot.model.person import Person
from bot.talk import asks, commands, dialogue, pairs, quizzing, referring, understand
from bot.talk.acts import ANSWERED, PURCHASE, Command
from bot.talk.case import Case
from bot.talk.dialogue import Proposal
from bot.talk.script import Moment, Script

# The other question of a message, what it led to, and whether it was first; None: not answered.
Other = tuple[Intent, Proposal, bool | None]


def heard(script: Script, person: Person, inbound: Inbound) -> Intent:
    """What the text means; an unlock without words names its item."""
    if inbound.kind == "purchase":
        item = asks.bought(script, person, inbound)
        return Intent(PURCHASE, {"sku": item.sku, "topic": item.topic})
    option = quizzing.option_said(script, person, inbound.text)
    if option:
        return Intent(ANSWERED, {"option": option})
    language, place = person.profile.language, script.dialogue.story.place(person.state)
    intent = understand.understand(script.understanding, inbound.text, language, place)
    return referring.meant(intent, person, script.understanding.kinds)


def paired(
    script: Script, person: Person, intent: Intent, moment: Moment
) -> tuple[Intent, Proposal, Other | None]:
    """The part of a message that is carried out, and the other, which is only told."""
    first = dialogue.step(script.dialogue, person.state, intent, moment.now)
    if intent.also is None:
        return intent, first, None
    also = referring.meant(intent.also, person, script.understanding.kinds)
    if first.beside:
        done = dialogue.step(script.dialogue, person.state, also, moment.now)
        return also, done, (intent, first, None)
    second = dialogue.step(script.dialogue, first.left, also, moment.now)
    if pairs.is_beside(second, first.state):
        return intent, first, (also, second, False)
    if pairs.is_beside(first, person.state.name) and second.command == Command.TEACH:
        return also, second, (intent, first, True)
    return intent, first, (also, second, None)


def beside(
    case: Case, other: Other | None, person: Person, acts: tuple[str, ...]
) -> tuple[tuple[str, ...], pairs.Beside | None]:
    """The answer to the other question; one that does more than tell is asked for again."""
    if other is None:
        return acts, None
    intent, proposal, is_first = other
    question = case.script.dialogue.story.question(person.state)
    if proposal.beside:
        return pairs.offered(acts, proposal.beside, question), None
    if is_first is None or question:
        return (*acts, pairs.ONE_AT_A_TIME), None
    slots = asks.slots_of(proposal.topic, proposal.slots, case.now, case.zone)
    case = replace(case, intent=intent, command=proposal.command, slots=slots, item=None)
    done = commands.COMMANDS[proposal.command](case)
    done = done if done.act or done.acts else replace(done, act=proposal.act)
    return acts, pairs.Beside(case, done, is_first)
