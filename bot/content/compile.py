"""Templates as functions: compiled to plain Python, or left to jinja2 where that is asked for."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, UndefinedError, nodes
from msgspec import Struct

from bot.authored import Node, Report
from bot.content.dialect import PARSER, Read, read
from bot.content.filters import FILTERS
from bot.content.markdown import Rendered, guarded, read_markdown

MAX_OUTPUT = 8_192  # bytes of UTF-8
MAX_LOOP = 200  # members of a list that a loop goes over
KEPT = 4_096  # compiled texts that a reload need not compile again

Run = Callable[[Mapping[str, Any]], str]


class Template(Struct, frozen=True):
    """One text ready to be rendered; `fixed` is its reading when it has no variables."""

    source: str
    names: frozenset[str]
    run: Run
    fixed: Rendered | None = None


def compile_text(
    node: Node, allowed: frozenset[str], report: Report, is_fast: bool = True, each: str = ""
) -> Template | None:
    """The template in a text node, or None after every mistake in it was reported."""
    text = report.text(node, code="C001")
    found = read(node, allowed, report, each) if text else None
    return _template(text, found, is_fast) if found is not None else None


def compile_source(source: str, allowed: frozenset[str], is_fast: bool = True) -> Template:
    """The same for a text without a file; raises ValueError with the mistakes."""
    report = Report()
    found = read(Node("text", 1, 1, source, source, 1, 1), allowed, report)
    if found is None:
        raise ValueError("; ".join(str(mistake) for mistake in report.mistakes))
    return _template(source, found, is_fast)


def _template(text: str, found: Read, is_fast: bool) -> Template:
    run = _compiled(text) if is_fast else _left_to_jinja(text)
    fixed = read_markdown(run({})) if not found.names else None
    return Template(text, found.names, run, fixed)


def cut(text: str) -> str:
    """At most MAX_OUTPUT bytes of a text, whole characters only."""
    if len(text) <= MAX_OUTPUT // 4:
        return text
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= MAX_OUTPUT:
        return text
    end = MAX_OUTPUT
    while data[end] & 0xC0 == 0x80:  # inside a character
        end -= 1
    return data[:end].decode("utf-8", "surrogatepass")


@lru_cache(maxsize=KEPT)
def _left_to_jinja(source: str) -> Run:
    """jinja2's own rendering, stopped when the output is long enough."""
    template = _JINJA.from_string(source)

    def run(variables: Mapping[str, Any]) -> str:
        short = {
            name: value[:MAX_LOOP] if isinstance(value, list | tuple) else value
            for name, value in variables.items()
        }
        parts: list[str] = []
        left = MAX_OUTPUT
        for part in template.generate(short):
            parts.append(part)
            left -= len(part.encode("utf-8", "surrogatepass"))
            if left < 0:
                break
        return cut("".join(parts))

    return run


_JINJA = Environment(
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701  as in the dialect
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=guarded,
)
_JINJA.filters = {name: known.call for name, known in FILTERS.items()}

# All that generated functions know, one for all: a thousand of their own would be 3 MB.
_SPACE: dict[str, Any] = {
    "join": "".join,
    "show": guarded,
    "__builtins__": {"len": len, "sum": sum, "map": map},
    **{f"f_{name}": known.call for name, known in FILTERS.items()},
}


@lru_cache(maxsize=KEPT)
def _compiled(source: str) -> Run:
    """The same as one generated Python function over the checked tree."""
    writer = _Writer()
    writer.body(PARSER.parse(source).body, 1)
    start = ["def run(v):", " out = []", " add = out.append", " size = 0"]
    lines = [*start, *writer.lines, " return join(out)"]
    if writer.is_flat:
        lines = ["def run(v):", f" return join(({''.join(f'{part},' for part in writer.parts)}))"]
    found: dict[str, Run] = {}
    exec(compile("\n".join(lines), "<template>", "exec"), _SPACE, found)  # noqa: S102  from a checked tree
    inner = found["run"]

    def run(variables: Mapping[str, Any]) -> str:
        try:
            return cut(inner(variables))
        except KeyError as error:
            raise UndefinedError(f"{error} is undefined") from None

    return run


class _Writer:
    """Writes Python for a checked tree; only names from our own schema and constants reach it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.parts: list[str] = []
        self.is_flat = True
        self.targets: set[str] = set()

    def body(self, body: list[nodes.Node], depth: int) -> None:
        pad = " " * depth
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        self.parts.append(self.shown(part))
                        self.lines.append(f"{pad}add({self.parts[-1]})")
                case nodes.If():
                    self.branch(node, depth)
                case nodes.For():
                    self.loop(node, depth)
                case _:
                    raise TypeError(f"unchecked template node {node!r}")

    def branch(self, node: nodes.If, depth: int) -> None:
        self.is_flat = False
        pad = " " * depth
        for word, one in (("if", node), *(("elif", other) for other in node.elif_)):
            self.lines.append(f"{pad}{word} {self.value(one.test)}:")
            self.lines.append(f"{pad} pass")
            self.body(one.body, depth + 1)
        if node.else_:
            self.lines.append(f"{pad}else:")
            self.body(node.else_, depth + 1)

    def loop(self, node: nodes.For, depth: int) -> None:
        self.is_flat = False
        name = node.target.name if isinstance(node.target, nodes.Name) else ""
        pad = " " * depth
        self.lines.append(f"{pad}for t_{name} in {self.value(node.iter)}[:{MAX_LOOP}]:")
        self.lines.append(f"{pad} mark = len(out)")
        self.targets.add(name)
        self.body(node.body, depth + 1)
        self.targets.discard(name)
        self.lines.append(f"{pad} size += sum(map(len, out[mark:]))")
        self.lines.append(f"{pad} if size > {MAX_OUTPUT}: break")

    def shown(self, node: nodes.Expr) -> str:
        if isinstance(node, nodes.TemplateData):
            return repr(node.data)
        return f"show({self.value(node)})"

    def value(self, node: nodes.Node) -> str:
        match node:
            case nodes.Const():
                return repr(node.value)
            case nodes.Name():
                return f"t_{node.name}" if node.name in self.targets else f"v[{node.name!r}]"
            case nodes.Getattr():
                return f"{self.value(node.node)}[{node.attr!r}]"
            case nodes.Filter() if node.node is not None:
                values = [self.value(node.node), *(self.value(a) for a in node.args)]
                return f"f_{node.name}({', '.join(values)})"
            case nodes.Compare():
                operator = _OPERATORS[node.ops[0].op]
                return f"({self.value(node.expr)} {operator} {self.value(node.ops[0].expr)})"
            case nodes.And():
                return f"({self.value(node.left)} and {self.value(node.right)})"
            case nodes.Or():
                return f"({self.value(node.left)} or {self.value(node.right)})"
            case nodes.Not():
                return f"(not {self.value(node.node)})"
        raise TypeError(f"unchecked template node {node!r}")


_OPERATORS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
