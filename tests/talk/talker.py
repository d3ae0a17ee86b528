"""Somebody who talks with the pure core: one message after another, a minute apart."""

from bot.catalog import compile_catalog
from bot.feeds.simulated import Simulated
from bot.model.decision import Decision
from bot.model.message import Inbound
from bot.model.person import Person
from bot.sources import read_files
from bot.talk.decide import decide
from bot.talk.script import Moment, Script, Terms
from tests.conftest import ROOT

NOW = 1_772_366_400_000_000
MINUTE = 60_000_000
MARKET = Simulated(1).snapshot("BTC", NOW)
SALT = """
topic:
  id: salt
  title: Salt
  about: What keeps food.
  depths: {free: Salt keeps food., basic: Salt draws water.}
  quiz:
    - {ask: What keeps?, options: [Salt, Sugar cane, Sand], right: 1, because: It draws water.}
    - {ask: What draws?, options: [Sand, Salt], right: 2, because: Salt draws water out.}
    - {ask: Where from?, options: [The sea, The moon], right: 1, because: Mostly.}
"""
COURSES = "courses:\n  - {id: kitchen, title: The kitchen, topics: [salt]}\n"


def script(files: dict[str, str] | None = None, terms: Terms | None = None) -> Script:
    """The shipped files with a small topic and course beside them, and with what a test adds."""
    texts = read_files(ROOT)
    texts |= {"content/en/topics/salt.yaml": SALT, "content/en/courses.yaml": COURSES}
    return compile_catalog(texts | (files or {}), terms or Terms(new_age="unknown")).script


class Talker:
    """One person; `last` is the latest Decision."""

    def __init__(self, script: Script, now: int = NOW) -> None:
        self.script, self.now, self.number = script, now, 0
        self.person: Person | None = None
        self.last: Decision

    def says(self, text: str, after: int = MINUTE) -> str:
        """The text of the answer to a message said `after` microseconds."""
        self.now, self.number = self.now + after, self.number + 1
        turn_id = f"{self.number:032x}"
        moment = Moment(turn_id, self.now, self.now, self.number, lambda _: MARKET, True)
        inbound = Inbound(f"m{self.number}", "somebody", "message", self.now, text=text)
        self.last = decide(self.script, self.person, inbound, moment)
        self.person = self.last.person
        return self.last.reply.text

    def hears(self, *texts: str) -> str:
        """The answer to the last of several messages."""
        answers = [self.says(text) for text in texts]
        return answers[-1]

    @property
    def known(self) -> Person:
        assert self.person is not None
        return self.person

    @property
    def choices(self) -> list[str]:
        return [choice.send for choice in self.last.reply.choices]
