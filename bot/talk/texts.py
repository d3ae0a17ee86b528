"""Which authored text an act of the answer stands for."""

from bot.content import choose
from bot.content.texts import Chosen
from bot.model.person import Person
from bot.people.countries import country_of
from bot.personas.parse import Persona
from bot.talk import answers, quizzing
from bot.talk.acts import CRISIS
from bot.talk.case import Case, Done


def text_of(case: Case, done: Done, act: str, person: Person, persona: Persona) -> Chosen:
    """The text of an act: a lesson, a question, short facts where it is urgent, or a reply."""
    content, language = case.script.content, person.profile.language
    if act == CRISIS:
        heard_in = case.intent.slots.get("language", language)
        return choose.crisis(content, heard_in, country_of(case.zone))
    if act == answers.LESSON and done.lesson is not None:
        return choose.lesson(content, done.lesson.sku, language)
    if act == "market" and case.intent.urgency >= choose.URGENT_FROM:
        short = choose.urgent(content, persona.name, language)
        if short is not None:
            return short
    if act == quizzing.EXPLANATION:
        return choose.alone(done.words["explanation"])
    if act == quizzing.QUESTION:
        asked = quizzing.open_question(case.script, person.state, language)
        assert asked is not None  # acts_of names it only where it stands
        return choose.alone(asked.ask)
    return choose.choose(content, act, persona.name, language, case.moment.seed)
