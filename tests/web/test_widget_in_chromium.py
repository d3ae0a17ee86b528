"""The widget in a real browser: it talks, by keyboard alone, under its own policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.live import LiveServer, live_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("page")) as running:
        yield running


@pytest.fixture(scope="module")
def page(server: LiveServer) -> Iterator[Page]:
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 320, "height": 640})
        opened.set_default_timeout(30_000)
        complaints: list[str] = []
        opened.on("console", lambda said: complaints.append(said.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(server.url)
        yield opened
        assert complaints == []


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def test_a_lesson_is_found_offered_and_unlocked_by_keyboard_alone(page: Page) -> None:
    page.get_by_role("button", name="Open chat").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    log = page.get_by_role("log")
    say(page, "teach me leverage")
    expect(log).to_contain_text("a machine, not a person")
    say(page, "go deeper")
    expect(log).to_contain_text("2 credits (EUR 2.00)")
    yes = page.get_by_role("button", name="Unlock for 2 credits")
    no = page.get_by_role("button", name="No, thanks")
    expect(yes).not_to_be_focused()
    looks = (
        "e => { const s = getComputedStyle(e); return [s.font, s.color, s.background, s.border] }"
    )
    assert yes.evaluate(looks) == no.evaluate(looks)
    yes.focus()
    page.keyboard.press("Enter")
    expect(log).to_contain_text("is yours, for 2 credits")


def test_escape_closes_it_and_gives_the_focus_back(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Open chat")).to_be_focused()


def test_the_conversation_is_there_after_a_reload(page: Page) -> None:
    page.reload()
    page.get_by_role("button", name="Open chat").click()
    expect(page.get_by_role("log")).to_contain_text("is yours, for 2 credits")


def test_nothing_is_wider_than_a_narrow_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_written_is_never_markup(page: Page) -> None:
    say(page, "<img src=x onerror=alert(1)>**bold**")
    expect(page.get_by_role("log")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("[role=log] img").count() == 0
