"""The picture of the README: the demo page in the middle of a conversation.

`python -m tests.pictures` makes it anew.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import chromium
from tests.live import ROOT, live_server
from tests.web.hosts import say, watched

PICTURE = ROOT / "docs" / "widget.png"
SIZE = {"width": 1200, "height": 760}


def main() -> None:
    """Opens the demo page, talks, and keeps what is seen."""
    with (
        tempfile.TemporaryDirectory() as folder,
        live_server(Path(folder)) as server,
        chromium() as browser,
        watched(browser, viewport=SIZE, reduced_motion="reduce") as (context, _),
    ):
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("log").get_by_text("Hello!").wait_for()
        say(page, "teach me leverage")
        expect(page.get_by_role("button", name="Go deeper")).to_be_visible()
        page.get_by_role("button", name="Go deeper").click()
        page.get_by_role("button", name="No, thanks").wait_for()
        page.mouse.click(5, 5)
        page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
