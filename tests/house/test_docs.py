"""Every command in the documentation runs; what does not says why."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import LiveServer, live_server

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(sh[^\n]*)\n(.*?)^```", re.M | re.S)
BY_CI = {"Run", "Test"}  # the README's two lines are run by .ci/run


def _blocks() -> list[tuple[str, str, str]]:
    """(place, info string, text) of every shell block but the README's two lines."""
    found = []
    for page in PAGES:
        text = page.read_text()
        for match in BLOCK.finditer(text):
            before = text[: match.start()]
            heading = re.findall(r"^## (.*)$", before, re.M)
            if page.name == "README.md" and heading and heading[-1] in BY_CI:
                continue
            line = before.count("\n") + 1
            found.append((f"{page.relative_to(ROOT)}:{line}", match[1].strip(), match[2]))
    return found


BLOCKS = _blocks()
RUN = [(place, text) for place, info, text in BLOCKS if info == "sh"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("docs")) as running:
        yield running


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(("place", "text"), RUN, ids=[place for place, _ in RUN])
def test_a_command_in_the_documentation_runs(place: str, text: str, server: LiveServer) -> None:
    script = 'set -eu\ncurl() { command curl -fsS "$@"; }\n' + text
    script = script.replace("8350", str(server.port))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "OPERATOR_KEY": server.operator_key}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{place}\n{done.stdout}\n{done.stderr}"


def test_a_block_that_is_not_run_says_why() -> None:
    for place, info, text in BLOCKS:
        assert info in ("sh", "sh no-test"), f"{place}: {info}"
        if info == "sh no-test":
            assert "(" in text or "#" in text, f"{place}: a comment must say why it is not run"


def test_the_readme_has_one_line_to_run_and_one_to_test() -> None:
    text = (ROOT / "README.md").read_text()
    for heading in BY_CI:
        after = text.split(f"\n## {heading}\n", 1)[1]
        block = BLOCK.search(after)
        assert block is not None and len(block[2].strip().splitlines()) == 1


def test_files_that_pages_name_are_there() -> None:
    named = re.compile(r"`((?:bot|benchmarks|tests|docs|rules|content)/[\w/.-]+\.\w+)`")
    for page in PAGES:
        if page.name != "changelog.md":  # it tells of files that were
            missing = [one for one in named.findall(page.read_text()) if not (ROOT / one).exists()]
            assert not missing, f"{page.name} names {missing}"


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if not re.match(r"[a-z]+:", target):
                assert (page.parent / target).exists(), f"{page.name} -> {target}"
