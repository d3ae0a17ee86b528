"""Labelled sentences: read them as (is bad, language, text, is held back)."""

import hashlib
from pathlib import Path

Labelled = tuple[bool, str, str, bool]


def sentences(name: str) -> list[Labelled]:
    found = []
    for line in (Path(__file__).parent / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        label, language, text = line.split(" ", 2)
        held_back = hashlib.sha256(text.encode()).digest()[0] % 3 == 0
        found.append((label == "bad", language, text, held_back))
    return found
