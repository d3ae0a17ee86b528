"""The house keeps its own rules: sizes, captions, maps and depth."""

import ast
import builtins
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOT = ROOT / "bot"
REVISIONS = BOT / "store" / "migrations"
MODULES = sorted(p for p in BOT.rglob("*.py") if REVISIONS not in p.parents)
FUNCTION_LINES, MODULE_LINES = 40, 400
MAP_LINE = re.compile(r"^(\w+)\s{2,}(\S.*)$")


def _map_of(folder: Path) -> dict[str, str]:
    """name -> sentence of a folder's map; a sentence may go on in indented lines."""
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
    found: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if match := MAP_LINE.match(line):
            last = match.group(1)
            found[last] = match.group(2).strip()
        elif last and line.startswith("   "):
            found[last] += " " + line.strip()
    return found


def _caption(path: Path) -> str:
    doc = ast.get_docstring(ast.parse(path.read_text())) or ""
    return " ".join(doc.split("\n\n")[0].split())


def _folded(sentence: str) -> str:
    return sentence.rstrip(".").casefold()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_opens_with_one_sentence_and_stays_under_400_lines(path: Path) -> None:
    caption = _caption(path)
    assert caption.endswith("."), f"{path.name} opens with no full sentence: {caption!r}"
    assert len(path.read_text().splitlines()) < MODULE_LINES


def _functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_function_is_at_most_40_lines(path: Path) -> None:
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in _functions(ast.parse(path.read_text()))
        if node.end_lineno and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert not long, long


@pytest.mark.parametrize(
    "folder",
    sorted({p.parent for p in MODULES}),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_a_folders_map_names_every_file_by_its_caption(folder: Path) -> None:
    sentences = _map_of(folder)
    parts = {p.stem: p for p in folder.glob("*.py") if p.stem != "__init__"}
    parts |= {p.parent.name: p for p in folder.glob("*/__init__.py")}
    parts.pop("migrations", None)
    assert set(sentences) == set(parts), "the map and the folder differ"
    for name, path in parts.items():
        if folder == BOT and path.name == "__init__.py":
            # a folder's own caption opens its map; the top map repeats it
            assert _folded(_caption(path)) == _folded(sentences[name])
        else:
            assert _folded(_caption(path)) == _folded(sentences[name])


def test_folders_are_two_deep() -> None:
    deep = [p for p in MODULES if len(p.relative_to(BOT).parts) > 2]
    assert not [p for p in deep if p.parts[-2] != "pages"], deep


def test_exceptions_are_caught_whole_only_at_the_doors() -> None:
    doors = {"web", "jobs.py", "channels", "writer.py", "keeper.py", "__main__.py", "decide.py"}
    doors.add("abreast.py")  # it hands what it caught to whoever asked, and there it is raised
    blind = [
        str(path.relative_to(BOT))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
        and not isinstance(node.body[-1], ast.Raise)  # what is raised again is not swallowed
    ]
    assert not [name for name in blind if not doors & set(name.split("/"))], blind


def test_no_class_is_named_for_nothing() -> None:
    empty = re.compile(r"(Manager|Handler|Helper|Base|Impl|Utils?|Core|Common|Misc)$")
    found = [
        f"{path.name}:{node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and empty.search(node.name)
    ]
    assert not found, found


def _is_exception(name: str) -> bool:
    return isinstance(kind := getattr(builtins, name, None), type) and issubclass(kind, Exception)


def test_only_protocols_and_exceptions_are_inherited() -> None:
    allowed = {
        "Protocol", "BotError", "StrEnum", "Struct", "NamedTuple", "TypedDict",
        "Clock", "Storage", "Generic", "local",
    }  # fmt: skip
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                names = {ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases}
                if not all(name in allowed or _is_exception(name) for name in names):
                    found.append(f"{path.relative_to(BOT)}:{node.name}{sorted(names - allowed)}")
    assert not found, found
