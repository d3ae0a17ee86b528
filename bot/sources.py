"""The files of authors as texts: which of them are read, and which look as if they were."""

import hashlib
from pathlib import Path

from bot.authored import Mistake
from bot.errors import AuthorError

FOLDERS = ("personas", "rules", "content")
SUFFIX = ".yaml"


def read_files(root: Path) -> dict[str, str]:
    """Relative path -> text of every authored file, sorted; AuthorError for what cannot be read.

    Bytes that are no UTF-8 come as lone surrogates: `authored.parse` says where they stand.
    """
    found, mistakes = {}, []
    for path in paths(root):
        name = path.relative_to(root).as_posix()
        try:
            found[name] = path.read_text("utf-8", "surrogateescape")
        except OSError as error:
            problem = f"this file cannot be read: {error.strerror}"
            mistakes.append(Mistake(name, 1, 1, "error", "A007", problem))
    if mistakes:
        raise AuthorError(mistakes)
    return found


def paths(root: Path) -> list[Path]:
    """Every authored file, sorted; what is hidden belongs to an editor (`.#spending.yaml`)."""
    return [path for path in _below(root) if path.suffix == SUFFIX]


def strays(root: Path) -> list[Mistake]:
    """Warnings for files that an author may take for read ones."""
    problem = "this file is not read, for its name does not end in .yaml"
    return [
        Mistake(path.relative_to(root).as_posix(), 1, 1, "warning", "A008", problem)
        for path in _below(root)
        if path.suffix.lower() in (".yml", ".yaml") and path.suffix != SUFFIX
    ]


def version_of(texts: dict[str, str]) -> str:
    """A hash of every file's name and text."""
    digest = hashlib.sha256()
    for file in sorted(texts):
        digest.update(f"{file}\0{texts[file]}\0".encode("utf-8", "replace"))
    return digest.hexdigest()[:16]


def _below(root: Path) -> list[Path]:
    every = (path for folder in FOLDERS for path in (root / folder).rglob("*.[yY]*"))
    return sorted(path for path in every if not _is_hidden(path.relative_to(root)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
