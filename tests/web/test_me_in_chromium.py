"""A person's own page in a real browser: seen, heard, by keyboard alone, without script, live."""

import gzip
import json
import os
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import chromium
from tests.live import LiveServer, live_server
from tests.web.hosts import config, host, watched

PAGES = Path(__file__).resolve().parents[2] / "bot" / "web" / "pages"
SNAPSHOT = Path(__file__).with_name("me.aria.yaml")
KB = 1024
LARGE = {"viewport": {"width": 1280, "height": 900}}
MODES: dict[str, dict[str, Any]] = {
    "light": LARGE,
    "dark": {**LARGE, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "forced": {**LARGE, "forced_colors": "active"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("me")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def call(server: LiveServer, method: str, path: str, **body: Any) -> Any:
    data = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(server.url + path, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


def earn(server: LiveServer, user: str, *actions: str) -> None:
    for action in actions:
        call(server, "POST", "/api/engagement/xp", user_id=user, action=action)


def lived(server: LiveServer, user: str) -> None:
    """Somebody with XP, points, an achievement and neighbours."""
    for number in range(3):
        earn(server, f"{user}-{number}", *["note_taken"] * number, "lesson_complete")
        call(server, "PUT", f"/user/{user}-{number}", leaderboard={"join": True})
    earn(server, user, "lesson_complete", "quiz_perfect")
    call(server, "PUT", f"/user/{user}", name="Ada", leaderboard={"join": True})
    body = {"category": "finance", "action": "paid_invoice", "value": 2.0}
    call(server, "POST", "/api/v2/gamify/event", user_id=user, **body)


def opened(context: BrowserContext, server: LiveServer, user: str) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/me?user={user}")
    page.get_by_role("button", name=re.compile("Begin in the chat|Aloita")).wait_for()
    return page


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_and_nothing_is_too_wide(
    server: LiveServer, browser: Browser, mode: str
) -> None:
    lived(server, f"ada-{mode}")
    with watched(browser, **MODES[mode]) as (context, complaints):
        page = opened(context, server, f"ada-{mode}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        for summary in page.locator("summary").all():
            summary.click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth > innerWidth") is False
        assert complaints == []  # no console error, no report of the policy


def test_what_is_heard_is_kept_in_the_repository(tmp_path: Path, browser: Browser) -> None:
    with live_server(tmp_path) as server, watched(browser, **LARGE) as (context, _):
        lived(server, "heard")
        page = opened(context, server, "heard")
        heard = without_chance(page.locator("body").aria_snapshot())
        if os.environ.get("BOT_TEST_WRITE") == "yes":
            SNAPSHOT.write_text(heard, encoding="utf-8")
        assert heard == SNAPSHOT.read_text(encoding="utf-8")


def without_chance(snapshot: str) -> str:
    """What is heard, on a Sunday in March, with names that are made up left out."""
    text = re.sub(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", "Sun", snapshot)
    text = re.sub(r"\d{4}-\d\d-\d\d", "2026-03-01", text)
    return re.sub(r"\b[A-Z][a-z]+ [A-Z][a-z]+ \d{4}\b", "Somebody", text) + "\n"


def test_the_streak_is_one_sentence_for_who_hears_it(server: LiveServer, browser: Browser) -> None:
    earn(server, "streaker", "lesson_complete")
    with watched(browser, **LARGE) as (context, _):
        page = opened(context, server, "streaker")
        streak = page.get_by_role("region", name="Streak")
        assert "paragraph: 1 day in a row" in streak.aria_snapshot()
        week = page.get_by_role("list", name="The last seven days, today last")
        assert week.get_by_role("listitem").all_inner_texts()[-1].split()[-1] == "done"


def test_everything_is_done_by_keyboard_alone(server: LiveServer, browser: Browser) -> None:
    lived(server, "keys")
    with watched(browser, **MODES["narrow"]) as (context, complaints):
        page = opened(context, server, "keys")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to what is next")).to_be_focused()
        walked = [walk(page) for _ in range(60)]
        wanted = ("Begin in the chat", "The whole rule", "The same as a table", "Change my limits")
        assert [name for name in dict.fromkeys(walked) if name in wanted] == list(wanted)
        seek(page, "Change my limits")
        page.keyboard.press("Enter")
        day = page.get_by_label("a day")
        while not day.evaluate("e => e.matches(':focus')"):
            page.keyboard.press("Tab")
        page.keyboard.type("5")
        page.keyboard.press("Enter")
        said = page.get_by_role("region", name="Credits, limits and pause").get_by_text("Saved.")
        expect(said).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_attached()
        expect(day).to_be_focused()  # the focus stays where it was
        expect(day).to_have_value("5")
        assert complaints == []


def walk(page: Page) -> str:
    page.keyboard.press("Tab")
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def seek(page: Page, name: str) -> None:
    for _ in range(90):
        if walk(page) == name:
            return
    raise AssertionError(f"nobody comes to '{name}' by keyboard")


def test_targets_are_large_and_never_behind_the_chat(server: LiveServer, browser: Browser) -> None:
    with watched(browser, **MODES["narrow"]) as (context, _):
        page = opened(context, server, "large")
        for summary in page.locator("summary").all():
            summary.click()
        for target in page.locator("main button:visible, main input:not([type=checkbox])").all():
            box = target.bounding_box()
            assert box is None or min(box["width"], box["height"]) >= 43.9
        for target in page.locator("summary, label.check").all():
            box = target.bounding_box()
            assert box is not None and box["height"] >= 24  # WCAG 2.5.8


def test_forms_work_without_script(server: LiveServer, browser: Browser) -> None:
    earn(server, "plain", "lesson_complete")
    with watched(browser, **LARGE, java_script_enabled=False) as (context, _):
        page = context.new_page()
        page.goto(f"{server.url}/me?user=plain")
        page.get_by_text("Change my limits").click()
        page.get_by_label("a day").fill("5")
        page.get_by_role("region", name="Credits, limits and pause").get_by_role(
            "button", name="Save"
        ).click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.get_by_label("a day")).to_have_value("5")
        page.get_by_text("Take a pause from paid lessons").click()
        page.get_by_label("How long").select_option("7 days")
        page.get_by_role("button", name="Begin the pause").click()
        expect(page.get_by_text("Paid lessons are paused until")).to_be_visible()
        page.get_by_label("Language").select_option("suomi")
        page.get_by_role("region", name="Your data").get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Krediitit, rajat ja tauko")).to_be_visible()


def test_what_is_earned_elsewhere_shows_up_at_once_and_is_announced(
    server: LiveServer, browser: Browser
) -> None:
    earn(server, "live", "lesson_complete")
    with watched(browser, **LARGE) as (context, complaints):
        page = context.new_page()
        with page.expect_websocket() as socket:
            page.goto(f"{server.url}/me?user=live")
        socket.value.wait_for_event("framereceived")
        page.get_by_text("The whole rule").click()
        call(server, "PUT", "/user/live", time_zone="UTC")
        earn(server, "live", "quiz_perfect")
        expect(page.get_by_text("150 of 250 XP on the way to Student.")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="Updated:")).to_contain_text("Level")
        assert page.locator("#streak details").first.evaluate("one => one.open")  # as it was left
        assert complaints == []


def test_many_things_at_once_are_shown_without_a_storm_of_calls(
    server: LiveServer, browser: Browser
) -> None:
    earn(server, "busy", "lesson_complete")
    with watched(browser, **LARGE) as (context, complaints):
        page = opened(context, server, "busy")
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url) if "/me?" in one.url else None)
        earn(server, "busy", *["lesson_complete"] * 9)
        expect(page.get_by_text("Scholar level 4 of 10")).to_be_visible()
        assert len(asked) <= 4
        assert complaints == []


def test_what_somebody_is_writing_is_not_taken_away(server: LiveServer, browser: Browser) -> None:
    earn(server, "writing", "lesson_complete")
    with watched(browser, **LARGE) as (context, _):
        page = opened(context, server, "writing")
        page.get_by_text("Change my limits").click()
        page.get_by_label("a day").fill("7")
        body = {"user_id": "writing", "content_tier": "basic", "credits_spent": 2}
        call(server, "POST", "/unlock-premium", **body)
        earn(server, "writing", "quiz_complete")
        expect(page.get_by_text("+40 XP")).to_be_visible()
        expect(page.get_by_label("a day")).to_have_value("7")


def test_the_next_step_begins_in_the_chat(server: LiveServer, browser: Browser) -> None:
    with watched(browser, **LARGE) as (context, complaints):
        page = opened(context, server, "beginner")
        page.get_by_role("button", name="Begin in the chat").click()
        expect(page.get_by_role("log")).to_contain_text("Teach me Position sizing")
        expect(page.get_by_text("A quiz: Position sizing")).to_be_visible()
        expect(page.get_by_text("+50 XP")).to_be_visible()
        assert complaints == []


def test_a_visitor_of_the_chat_finds_their_page_and_may_delete_it_all(
    server: LiveServer, browser: Browser
) -> None:
    with watched(browser, **LARGE) as (context, complaints):
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("log").get_by_text("Hello!").wait_for()
        page.get_by_role("textbox", name="Write a message").fill("teach me leverage")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Go deeper").wait_for()
        page.goto(f"{server.url}/me")
        expect(page.get_by_text("+50 XP")).to_be_visible()
        expect(page).to_have_url(f"{server.url}/me")
        cookies = {one["name"]: one for one in context.cookies()}
        assert cookies["me"]["httpOnly"] and cookies["me"]["sameSite"] == "Strict"
        page.get_by_text("Delete everything", exact=True).click()
        page.get_by_role("checkbox", name="Yes, all that is stored about me is deleted").check()
        page.get_by_role("button", name="Delete everything now").click()
        expect(page.get_by_text("Everything about you is deleted.")).to_be_visible()
        page.wait_for_function("!Object.keys(localStorage).some(one => /visitor$/.test(one))")
        page.goto(server.url)  # who writes again is somebody new
        page.get_by_role("log").get_by_text("Hello!").wait_for()
        expect(page.get_by_role("log")).not_to_contain_text("leverage")
        assert complaints == []


def test_the_settings_of_the_chat_lead_to_the_page_and_no_token_stays_in_the_address(
    server: LiveServer, browser: Browser
) -> None:
    with watched(browser, **LARGE) as (context, _):
        page = context.new_page()
        page.goto(f"{server.url}/?user=settings")
        page.get_by_role("log").get_by_text("Hello!").wait_for()
        page.get_by_role("button", name="Settings").click()
        with context.expect_page() as other:
            page.get_by_role("link", name="Your page").click()
        mine = other.value
        expect(mine.get_by_role("heading", name="Credits, limits and pause")).to_be_visible()
        expect(mine).to_have_url(f"{server.url}/me")


def test_in_key_mode_the_page_is_live_with_a_cookie_and_nothing_else(
    tmp_path: Path, browser: Browser
) -> None:
    settings = config(tmp_path, "https://shop.example")
    text = settings.read_text(encoding="utf-8").replace('mode = "demo"', 'mode = "key"', 1)
    settings.write_text(text, encoding="utf-8")
    with (
        live_server(tmp_path, config=settings) as server,
        watched(browser, **LARGE) as (context, complaints),
    ):
        page = context.new_page()
        page.goto(f"{server.url}/widget/frame")
        begun = page.evaluate(
            """async () => (await fetch("/widget/session", {method: "POST", body: "{}"})).json()"""
        )
        page.goto("about:blank")
        page.goto(f"{server.url}/me#token={begun['token']}")
        expect(page.get_by_role("button", name="Begin in the chat")).to_be_visible()
        assert [(one["name"], one["secure"]) for one in context.cookies()] == [("me", True)]
        body = {"user_id": begun["user_id"], "action": "lesson_complete"}
        key = {"Authorization": f"Bearer {server.operator_key}"}
        context.request.post(f"{server.url}/api/engagement/xp", data=body, headers=key)
        expect(page.get_by_text("+50 XP")).to_be_visible()
        page.get_by_text("Change my limits").click()
        page.get_by_label("a day").fill("5")
        page.get_by_label("a day").press("Enter")
        expect(page.get_by_text("Saved.", exact=True).first).to_be_visible()
        page.get_by_role("button", name="Close my page on this device").click()
        expect(page.get_by_text("Your page is closed on this device.")).to_be_visible()
        assert context.cookies() == []
        assert complaints == []


def test_a_link_of_another_site_opens_the_page_of_who_was_here_before(
    server: LiveServer, browser: Browser
) -> None:
    """A strict cookie does not come with a link from elsewhere; it is not asked for again."""
    with host() as site, watched(browser, **LARGE) as (context, complaints):
        page = context.new_page()
        page.goto(f"{server.url}/?user=linked")
        token = page.evaluate(
            """async () => (await (await fetch("/widget/session", {method: "POST",
            body: JSON.stringify({user_id: "linked"})})).json()).token"""
        )
        page.goto(f"{server.url}/me#token={token}")
        page.get_by_role("heading", name="Credits, limits and pause").wait_for()
        page.goto(site.page("/", f"<a href='{server.url}/me'>My page</a>"))
        page.get_by_role("link", name="My page").click()
        expect(page.get_by_role("heading", name="Credits, limits and pause")).to_be_visible()
        expect(page).to_have_url(f"{server.url}/me")
        assert complaints == []


def test_nobody_known_is_told_how_to_come(server: LiveServer, browser: Browser) -> None:
    with watched(browser, **LARGE) as (context, complaints):
        page = context.new_page()
        page.goto(f"{server.url}/me")
        expect(page.get_by_text("Your page opens from the chat.")).to_be_visible()
        assert complaints == []
    with watched(browser, **LARGE, locale="fi-FI") as (context, _):
        page = context.new_page()
        page.goto(f"{server.url}/me#token=none.of.ours")
        expect(page.get_by_text("Oma sivu aukeaa keskustelusta")).to_be_visible()
        expect(page).to_have_url(f"{server.url}/me")
        assert Axe().run(page).violations_count == 0


def test_the_page_weighs_little(server: LiveServer) -> None:
    sizes = {
        file.name: len(gzip.compress(file.read_bytes(), 9))
        for file in PAGES.iterdir()
        if file.name.startswith(("me.", "arrive."))
    }
    assert sizes["me.js"] <= 2.5 * KB and sizes["me.css"] <= 3.5 * KB
    request = urllib.request.Request(
        f"{server.url}/me?user=heavy", headers={"Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.read()) <= 7 * KB
