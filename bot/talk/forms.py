"""Forms of the authored dialogue: fields asked one after another, each of which may stay open."""

from collections.abc import Mapping

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean

FIELD, FORM, PASSED = "field", "form", "passed"  # what a conversation keeps of an open form
# What a form may ask for, and which of it takes a person's own words.
FIELDS = ("name", "goal", "experience", "time_zone", "language", "age", "learning_style")
FREE = frozenset({"name", "goal"})


class Field(Struct, frozen=True):
    """One thing a form asks for; `ask` is the reply that asks."""

    name: str
    ask: str

    @property
    def is_free(self) -> bool:
        return self.name in FREE


class Form(Struct, frozen=True):
    """Fields in order, and the reply that is said once none is left."""

    name: str
    fields: tuple[Field, ...]
    done: str

    @property
    def replies(self) -> frozenset[str]:
        return frozenset({self.done, *(field.ask for field in self.fields)})

    def ask(self, name: str) -> str:
        """The reply that asks for a field; empty when the form has no such field (any more)."""
        return next((field.ask for field in self.fields if field.name == name), "")

    def following(self, passed: frozenset[str], filled: frozenset[str]) -> str:
        """The first field that was neither passed in this run nor filled before; else empty."""
        closed = passed | filled
        return next((field.name for field in self.fields if field.name not in closed), "")


def parse_forms(node: Node | None, report: Report) -> dict[str, Form]:
    """The `forms` of content/dialogue.yaml."""
    return {name: _form(name, one, report) for name, one in report.mapping(node, "F016").items()}


def _form(name: str, node: Node, report: Report) -> Form:
    pairs = report.fields(node, ["fields", "done"], ["fields", "done"], "F016")
    nodes = report.mapping(pairs.get("fields"), "F016")
    if not nodes:
        report.error(node, "F016", f"the form '{name}' asks for nothing")
    fields = tuple(_field(field, one, nodes, report) for field, one in nodes.items())
    return Form(name, fields, report.text(pairs.get("done"), code="F016"))


def _field(name: str, node: Node, nodes: Mapping[str, Node], report: Report) -> Field:
    if name not in FIELDS:
        hint = did_you_mean(name, set(FIELDS) - nodes.keys())
        report.error(node, "F016", f"'{name}' is not a field ({', '.join(FIELDS)})", hint)
    return Field(name, report.text(node, code="F016"))
