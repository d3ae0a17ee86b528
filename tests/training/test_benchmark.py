"""The benchmark of understanding takes anybody's files, and says what is wrong with them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.models import ROOT

TAUGHT = """id,intent,text
1,drink,a cup of tea please
2,drink,coffee with milk
3,drink,i would like some tea
4,eat,bread and soup
5,eat,a slice of cake please
6,eat,i would like some soup
7,pay,the bill please
8,pay,i want to pay by card
9,pay,how much is it
"""
ASKED = "text,intent\nsome tea please,drink\ncake please,eat\ncan i pay,pay\n"
OUTSIDE = "text\nquantum gravity\nzebra xylophone\n"


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "benchmarks/understand.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {"train": TAUGHT, "test": ASKED, "oos": OUTSIDE}
    made = {name: tmp_path / f"{name}.csv" for name in texts}
    for name, path in made.items():
        path.write_text(texts[name])
    return made


def test_own_files_are_measured_and_the_last_line_is_json(files: dict[str, Path]) -> None:
    done = run("--train", files["train"], "--test", files["test"], "--oos", files["oos"])
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["accuracy"] == 1.0
    assert figures["n"] == 3
    assert 0 <= figures["accuracy_rejecting"] <= 1
    assert figures["oos_recall"] == 1.0
    assert figures["us_per_message"] > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("text,label\nhello,greet\n", "must name the column intent; it names text, label"),
        ("", "must name the column intent and text; it names nothing"),
        ("text,intent\n", "not one line has a text and an intent"),
        ("text,intent\nhello,greet\n", "sentences of three intents at least"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(files: dict[str, Path], text: str, said: str) -> None:
    files["train"].write_text(text)
    done = run("--train", files["train"], "--test", files["test"])
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path, files: dict[str, Path]) -> None:
    done = run("--train", tmp_path / "none.csv", "--test", files["test"])
    assert done.returncode == 1
    assert "none.csv: cannot be read" in done.stderr
