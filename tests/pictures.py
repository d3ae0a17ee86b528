"""The pictures of the documentation: the demo page in a conversation, and a person's own page.

`python -m tests.pictures` makes them anew; badges need a font with pictures in it.
"""

import json
import tempfile
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser import chromium
from tests.live import ROOT, LiveServer, live_server
from tests.web.hosts import say, watched

PICTURE = ROOT / "docs" / "widget.png"
SIZE = {"width": 1200, "height": 760}
MINE = ROOT / "docs" / "me.png"
LONG = {"width": 1200, "height": 1300}
DID = ("daily_login", "lesson_complete", "quiz_complete", "lesson_complete", "quiz_perfect")


def main() -> None:
    """Opens the pages and keeps what is seen."""
    with (
        tempfile.TemporaryDirectory() as folder,
        live_server(Path(folder)) as server,
        chromium() as browser,
    ):
        talk(server, browser)
        own_page(server, browser)


def talk(server: LiveServer, browser: Browser) -> None:
    """The demo page in the middle of a conversation."""
    with watched(browser, viewport=SIZE, reduced_motion="reduce") as (context, _):
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("log").get_by_text("Hello!").wait_for()
        say(page, "what is drawdown?")
        expect(page.get_by_role("button", name="Go deeper")).to_be_visible()
        say(page, "teach me leverage")
        expect(page.get_by_role("log").locator(".line")).to_have_count(5)
        expect(page.get_by_role("button", name="Go deeper")).to_be_visible()
        page.get_by_role("button", name="Go deeper").click()
        page.get_by_role("button", name="No, thanks").wait_for()
        page.mouse.click(5, 5)
        page.screenshot(path=PICTURE)


def own_page(server: LiveServer, browser: Browser) -> None:
    """Somebody's third day."""
    for days in (2, 1, 0):
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        for action in DID[: 5 - days]:
            _call(server, "xp", {"action": action, "occurred_at": at})
    url = f"{server.url}/me?user=ada"
    with watched(browser, viewport=LONG, reduced_motion="reduce") as (context, _):
        context.request.put(f"{server.url}/user/ada", data={"name": "Ada"})
        page = context.new_page()
        page.goto(url)
        page.get_by_role("button", name="Begin in the chat").wait_for()
        bottom = page.locator("#streak").bounding_box()
        assert bottom is not None
        until = bottom["y"] + bottom["height"] + 24
        page.screenshot(path=MINE, clip={"x": 0, "y": 0, "width": 1200, "height": until})


def _call(server: LiveServer, path: str, body: dict[str, str]) -> None:
    data = json.dumps({"user_id": "ada", **body}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.url}/api/engagement/{path}", data, headers)
    urllib.request.urlopen(request).close()


if __name__ == "__main__":
    main()
