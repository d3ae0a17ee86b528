"""What an author writes around a framework for the same turn: facts, rules, a voice, a text.

Plain Python, a compiled template, the standard library's log; people live in memory only.
"""

import json
import logging
import time

from jinja2 import Environment

PATTERNS = {
    "greet": r"^(hello|hi|thanks|thank you)\b",
    "explain": r"^(what is|tell me about|more|no)\b",
    "look": r"^(what do you see|how much)\b",
}
TEXTS = {
    "greet": "{{ voice }}Hello{% if facts.turns > 1 %} again{% endif %}! Ask me about a topic.",
    "explain": (
        "{{ voice }}**Leverage** is a loan that makes a position larger than your deposit."
        "{% if facts.skill == 'novice' %} It multiplies both directions.{% endif %}"
        "{% if offer %} There is more in {{ offer }}, for {{ price }} credits.{% endif %}"
    ),
    "look": (
        "{{ voice }}BTC: {{ facts.price }}, up {{ facts.change }} % in 24 hours."
        " You can still spend {{ facts.left }} credits."
    ),
}
CAPS = {"day": 20, "week": 60, "month": 150}
VOICES = {"calm": "", "coach": "Good. ", "mentor": "Let us see. "}
RULES = 20

log = logging.getLogger("turns")


class Author:
    """Rules in order, the first that holds for a slot wins; `turn` is one message answered."""

    def __init__(self) -> None:
        environment = Environment(autoescape=False)  # chat text is no HTML
        self._texts = {name: environment.from_string(text) for name, text in TEXTS.items()}
        self._rules = [self._rule(number) for number in range(RULES)]
        self._people: dict[str, dict] = {}

    def turn(self, user_id: str, intent: str, text: str) -> str:
        """The answer, and the person as they are after it."""
        now = time.time()
        person = self._people.setdefault(
            user_id, {"turns": 0, "lessons": 0, "spends": [], "first": now, "said": []}
        )
        person["turns"] += 1
        person["lessons"] += intent == "explain"
        person["said"] = [*person["said"][-9:], (now, intent)]
        facts = self._facts(person, intent, text, now)
        slots: dict[str, str] = {}
        for holds, slot, value in self._rules:
            if slot not in slots and holds(facts):
                slots[slot] = value
        answer = self._texts[intent].render(
            facts=facts,
            voice=VOICES[slots.get("persona", "calm")],
            offer=slots.get("offer", "") if facts["left"] >= 2 else "",
            price=2,
        )
        fields = {"event": "turn_answered", "intent": intent, "fired": slots, "chars": len(answer)}
        log.info(json.dumps(fields))
        return answer

    @staticmethod
    def _facts(person: dict, intent: str, text: str, now: float) -> dict:
        spent = {
            name: sum(amount for at, amount in person["spends"] if now - at < days * 86_400)
            for name, days in (("day", 1), ("week", 7), ("month", 30))
        }
        lessons = person["lessons"]
        return {
            "turns": person["turns"],
            "intent": intent,
            "length": len(text),
            "skill": "novice" if lessons < 5 else "expert",
            "engagement": min(1.0, person["turns"] / 50),
            "days": (now - person["first"]) / 86_400,
            "left": min(cap - spent[name] for name, cap in CAPS.items()),
            "price": 64_000,
            "change": 1.2,
        }

    @staticmethod
    def _rule(number: int):
        slot, value = (("persona", list(VOICES)[number % 3]), ("offer", f"lesson {number}"))[
            number % 2
        ]
        skill = ("novice", "expert")[number % 2]
        least, most = number * 3, 0.05 * (number + 1)

        def holds(facts: dict) -> bool:
            return (
                facts["skill"] == skill
                and facts["turns"] > least
                and facts["engagement"] <= most
                and facts["left"] > 0
            )

        return holds, slot, value


def log_to_stderr() -> None:
    """A line a turn, as an operator would have it; the benchmark throws it away."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for name in ("httpx", "telegram", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
