"""Models as files in a folder, named by what they were taught."""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from bot.talk import classify
from bot.talk.classify import Classifier, prepared

KEPT = 3  # models: the live one, and those an edit that is taken back would want again
SUFFIX = ".model"
_TAUGHT_BY = (classify.__file__, str(Path(__file__).with_name("learn.py")))

Sentences = Sequence[tuple[str, str]]


def name_of(sentences: Sentences) -> str:
    """What these sentences make of the learning code: two equal names are two equal models."""
    digest = hashlib.sha256(msgspec.json.encode(sentences))
    for file in _TAUGHT_BY:
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:16]


def path_of(folder: Path, name: str) -> Path:
    """Where the model of this name lies, if it was made."""
    return folder / f"{name}{SUFFIX}"


def taken(folder: Path, name: str) -> Classifier | None:
    """The model of this name; None when there is none, or its file is damaged."""
    path = path_of(folder, name)
    try:
        model = prepared(path.read_bytes())
    except (OSError, ValueError):
        return None
    with suppress(OSError):
        os.utime(path)  # used last, thrown away last
    return model


def written(path: Path, data: bytes) -> None:
    """The file whole or not at all, whenever the process ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def cleaned(folder: Path, name: str) -> None:
    """Only the models used last are kept, and the one of this name whatever its age."""
    found = [path for path in folder.glob(f"*{SUFFIX}") if path != path_of(folder, name)]
    with suppress(OSError):  # another server of the same folder may clean too
        found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[KEPT - 1 :]:
            path.unlink()
        for path in folder.glob(f".*{SUFFIX}.*"):
            if path.stat().st_mtime < path_of(folder, name).stat().st_mtime - 3600:
                path.unlink()  # left by a child that was killed
