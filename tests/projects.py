"""Copies of the shipped project, which a test may spoil."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def copied(folder: Path) -> Path:
    """The folder with the shipped authored files and bot.toml in it."""
    for name in ("personas", "rules", "content"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "bot.toml", folder / "bot.toml")
    return folder
