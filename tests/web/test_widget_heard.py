"""The widget for those who hear it, read it large, or have no mouse; and what it weighs."""

import gzip
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser import chromium
from tests.live import LiveServer, live_server
from tests.web.hosts import say, watched

FOLDER = Path(__file__).resolve().parents[2] / "bot" / "web" / "widget"
SNAPSHOT = Path(__file__).with_name("widget.aria.yaml")
KB = 1024
FORBIDDEN = r"(inner|outer|Adjacent)HTML|document\.write|eval\(|new Function|createPolicy"
FOCUSED = """(() => { const one = document.activeElement.shadowRoot.activeElement;
  return one.ariaLabel ?? one.textContent })()"""
MODES = {
    "light": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "twice": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "forced": {"viewport": {"width": 1280, "height": 800}, "forced_colors": "active"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("heard")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def opened(context: BrowserContext, server: LiveServer, path: str = "/") -> Page:
    page = context.new_page()
    page.goto(server.url + path)
    page.get_by_role("button", name="Open chat").or_(page.get_by_role("log")).first.wait_for()
    page.evaluate("document.querySelector('bot-widget').open()")  # a wide page has begun to
    page.get_by_role("log").get_by_text("Hello!").wait_for()
    return page


def told(page: Page, text: str, answer: str) -> None:
    say(page, text)
    expect(page.get_by_role("log").locator(".line").last).to_contain_text(answer)


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing(server: LiveServer, browser: Browser, mode: str) -> None:
    with watched(browser, **MODES[mode]) as (context, complaints):
        page = opened(context, server)
        told(page, "teach me leverage", "see the price before you decide")
        told(page, "go deeper", "2 credits")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.get_by_role("button", name="Settings").click()
        page.get_by_label("Time zone").wait_for()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert page.evaluate(wide) is False
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert complaints == []


def test_who_is_refused_hears_by_whom_and_why(server: LiveServer, browser: Browser) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, _):
        page = context.new_page()
        error = '{"error": {"code": "not_allowed", "message": "not from there"}}'
        page.route("**/widget/session", lambda route: route.fulfill(status=403, body=error))
        page.goto(server.url)
        page.get_by_role("button", name="Open chat").click()
        dialog = page.get_by_role("dialog", name="Sam")
        expect(dialog.get_by_role("alert")).to_contain_text("not from there")
        expect(dialog.get_by_role("heading", name="Sam")).to_be_visible()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_a_whole_story_is_heard_once_in_order_with_who_speaks(
    server: LiveServer, browser: Browser
) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, _):
        page = opened(context, server)
        told(page, "teach me leverage", "see the price before you decide")
        told(page, "go deeper", "2 credits")
        page.get_by_role("button", name="No, thanks").click()
        expect(page.get_by_role("log").locator(".line")).to_have_count(7)
        page.locator("bot-widget").get_by_role("button", name="Another topic").wait_for()
        heard = without_content(page.locator("bot-widget").aria_snapshot())
        if os.environ.get("BOT_TEST_WRITE") == "yes":
            SNAPSHOT.write_text(heard, encoding="utf-8")
        assert heard == SNAPSHOT.read_text(encoding="utf-8")


def without_content(snapshot: str) -> str:
    """What is heard, at half past twelve, with a mark where the authored words are."""
    kept: list[str] = []
    is_content = False
    for row in re.sub(r", \d\d:\d\d", ", 12:30", snapshot).splitlines():
        depth = len(row) - len(row.lstrip())
        if re.match(r"    - paragraph: (You|Sam) said", row) or depth < 4:
            is_content = "Sam said," in row or 'group "Suggested' in row
            kept.append(row)
        elif not is_content:
            kept.append(row)
        elif not kept[-1].endswith("(authored words)"):
            kept.append("    - (authored words)")
    return "\n".join(kept) + "\n"


def test_everything_can_be_done_by_keyboard(server: LiveServer, browser: Browser) -> None:
    with watched(browser, viewport={"width": 320, "height": 640}) as (context, complaints):
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("button", name="Open chat").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
        page.get_by_role("log").get_by_text("Hello!").wait_for()
        told(page, "teach me leverage", "see the price before you decide")
        told(page, "go deeper", "2 credits")
        walked = []
        for _ in range(5):
            page.keyboard.press("Shift+Tab")
            walked.append(page.evaluate(FOCUSED))
        assert walked == [
            "No, thanks",
            "Unlock for 2 credits (EUR 2.00)",
            "Conversation with Sam",
            "Close chat",
            "Settings",
        ]
        page.get_by_role("button", name="Settings").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Time zone").wait_for()
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.get_by_label("a day").evaluate("e => e.matches(':focus')"):
                break
        page.keyboard.type("5")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Open chat")).to_be_focused()
        assert complaints == []


def test_an_answer_is_heard_in_the_language_it_is_in(server: LiveServer, browser: Browser) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, _):
        page = opened(context, server)
        told(page, "what is leverage?", "a loan")
        told(page, "opeta vipu", "Vipu on laina")
        say(page, "in English")
        lines = page.get_by_role("log").locator(".line:not(.mine) .bubble")
        expect(lines).to_have_count(4)
        spoken = lines.evaluate_all("lines => lines.map(one => one.lang)")
        assert spoken == ["en", "en", "fi", "en"]


@pytest.mark.parametrize("width", [960, 1100, 1120, 1280])
def test_it_opens_by_itself_only_where_it_covers_nothing(
    server: LiveServer, browser: Browser, width: int
) -> None:
    with watched(browser, viewport={"width": width, "height": 700}) as (context, _):
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("button", name="Open chat").or_(page.get_by_role("log")).first.wait_for()
        page.wait_for_load_state("networkidle")
        panel = page.get_by_role("dialog")
        assert panel.is_visible() is (width >= 1120)
        if panel.is_visible():
            text, box = page.locator("main").bounding_box(), panel.bounding_box()
            assert text is not None and box is not None
            assert text["x"] + text["width"] < box["x"]


def test_what_has_the_focus_is_never_behind_the_launcher(
    server: LiveServer, browser: Browser
) -> None:
    with watched(browser, viewport={"width": 320, "height": 480}) as (context, _):
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("button", name="Open chat").wait_for()
        launcher = page.get_by_role("button", name="Open chat").bounding_box()
        assert launcher is not None
        for _ in range(page.get_by_role("link").count()):
            page.keyboard.press("Tab")
            box = page.locator(":focus").bounding_box()
            assert box is not None
            if page.locator(":focus").evaluate("e => e.localName") == "a":
                is_below = box["y"] + box["height"] > launcher["y"]
                is_under = box["x"] + box["width"] > launcher["x"]
                assert not (is_below and is_under)


def test_targets_are_large(server: LiveServer, browser: Browser) -> None:
    with watched(browser, viewport={"width": 320, "height": 640}) as (context, _):
        page = opened(context, server)
        told(page, "help", "Sam")
        for target in page.locator("bot-widget button:visible").all():
            box = target.bounding_box()
            assert box is not None and min(box["width"], box["height"]) >= 43.9


def test_nothing_moves_when_a_message_arrives(server: LiveServer, browser: Browser) -> None:
    watch = """window.moved = []; new PerformanceObserver(list => {
      for (const one of list.getEntries()) window.moved.push(one.value)
    }).observe({ type: 'layout-shift', buffered: true })"""
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, _):
        page = opened(context, server)
        page.evaluate(watch)
        for _ in range(3):
            told(page, "what is leverage?", "a loan")
            page.wait_for_timeout(700)  # shifts within 500 ms of a key are not counted by anybody
        user = page.evaluate("Object.keys(localStorage).find(k => k.startsWith('bot:seen:'))")
        body = {"user_id": user.removeprefix("bot:seen:"), "message": "what is drawdown?"}
        context.request.post(f"{server.url}/interact", data=body)
        expect(page.get_by_role("log").locator(".line").last).to_contain_text("fall")
        page.wait_for_timeout(300)
        assert sum(page.evaluate("window.moved")) == 0


def test_what_was_said_first_waits_beside_the_launcher(
    server: LiveServer, browser: Browser
) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, complaints):
        page = opened(context, server)
        told(page, "hello", "Sam")
        page.keyboard.press("Escape")
        user = page.evaluate("Object.keys(localStorage).find(k => k.startsWith('bot:seen:'))")
        body = {"user_id": user.removeprefix("bot:seen:"), "message": "what is leverage?"}
        context.request.post(f"{server.url}/interact", data=body)
        page.get_by_role("button", name="Open chat, new messages: 1").wait_for()
        hint = page.get_by_role("status").filter(has_text="loan")
        expect(hint).to_be_visible()
        assert Axe().run(page).violations_count == 0
        page.get_by_role("button", name="Dismiss message").click()
        expect(hint).to_be_hidden()
        page.reload()
        page.get_by_role("button", name="Open chat, new messages: 1").click()
        expect(page.get_by_role("log")).to_contain_text("a loan")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Open chat", exact=True).wait_for()
        assert complaints == []


def test_limits_and_pauses_are_set_and_told_in_words(server: LiveServer, browser: Browser) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, complaints):
        page = opened(context, server)
        page.get_by_role("button", name="Settings").click()
        page.get_by_label("a day").fill("5")
        page.get_by_label("a week").fill("90")
        page.get_by_role("combobox", name="from", exact=True).select_option("20:00")
        page.get_by_role("combobox", name="to", exact=True).select_option("9:00")
        page.get_by_label("Sam may write to me first").check()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
        expect(page.get_by_label("a day")).to_have_value("5")
        expect(page.get_by_label("a week")).to_have_value("60")
        expect(page.get_by_role("combobox", name="from", exact=True)).to_have_value("20")
        expect(page.get_by_text("Higher limits you asked for can be confirmed")).to_be_visible()
        page.get_by_label("Pause from paid content").select_option("7 days")
        page.get_by_role("button", name="Begin the pause").click()
        expect(page.get_by_text("Paused until").last).to_be_visible()
        page.get_by_label("Language").select_option("suomi")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("button", name="Asetukset").wait_for()
        assert complaints == []


def test_what_came_of_the_settings_is_seen_where_they_are_pressed(
    server: LiveServer, browser: Browser
) -> None:
    with watched(browser, viewport={"width": 320, "height": 480}) as (context, _):
        page = opened(context, server)
        page.get_by_role("button", name="Settings").click()
        form = page.get_by_role("form", name="Settings")
        form.get_by_role("button", name="Begin the pause").click()
        told = form.get_by_role("status")
        expect(told).to_contain_text("Paused until")
        expect(told).to_be_in_viewport(ratio=1)
        edges = "e => [e, e.form ?? e.parentNode].map(one => one.getBoundingClientRect().y)"
        top, top_of_form = told.evaluate(edges)
        assert top == top_of_form  # nothing of the form looks out above it
        box = form.get_by_label("Sam may write to me first").bounding_box()
        field = form.get_by_label("Language").bounding_box()
        assert box is not None and field is not None
        assert (box["x"], box["width"]) == (field["x"], 24)
        page.route("**/settings/**", lambda route: route.abort())
        form.get_by_role("button", name="Save", exact=True).click()
        expect(told).to_have_text("That did not work. ")
        expect(told).to_be_in_viewport()


def test_everything_stored_can_be_kept_and_erased(server: LiveServer, browser: Browser) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, complaints):
        page = opened(context, server)
        told(page, "what is leverage?", "a loan")
        page.get_by_role("button", name="Settings").click()
        with page.expect_download() as kept:
            page.get_by_role("button", name="Save everything stored about you").click()
        assert "what is leverage?" in Path(kept.value.path()).read_text()
        page.get_by_role("button", name="Erase everything").click()
        expect(page.get_by_role("button", name="No, keep it")).to_be_focused()
        page.get_by_role("button", name="Yes, erase it").click()
        page.get_by_role("log").get_by_text("Hello!").wait_for()
        expect(page.get_by_role("log")).not_to_contain_text("leverage")
        told(page, "hello", "Sam")
        assert complaints == []


def test_right_to_left_pages_have_it_on_the_left(server: LiveServer, browser: Browser) -> None:
    with watched(browser, viewport={"width": 1200, "height": 700}) as (context, _):
        page = context.new_page()
        page.goto(server.url)
        page.evaluate("document.documentElement.dir = 'rtl'")
        box = page.get_by_role("dialog").bounding_box()
        assert box is not None and box["x"] < 100
        say(page, "xyzzy")
        mine = page.get_by_role("log").locator(".mine .bubble")
        assert mine.evaluate("e => e.getBoundingClientRect().x") < 50
        asked = page.locator("bot-widget").get_by_role("button", name="What can you do?")
        first_to_last = """button => { const at = (n) => { const one = document.createRange();
          one.setStart(button.firstChild, n); one.setEnd(button.firstChild, n + 1);
          return one.getBoundingClientRect().x; }; return [at(0), at(15)] }"""
        first, last = asked.evaluate(first_to_last)
        assert first < last  # its question mark stands at the end of English words


def test_it_weighs_little() -> None:
    """All files together, each compressed by itself as it is served: 12 kB at most."""
    files = {file.name: file.read_bytes() for file in FOLDER.glob("*.js")}
    weight = {name: len(gzip.compress(body, 9)) for name, body in files.items()}
    assert all(body.count(b"\n") < 300 for body in files.values())
    assert weight["bot.js"] <= 2.1 * KB  # of every page
    assert sum(weight.values()) <= 12 * KB


def test_what_a_conversation_fetches_weighs_as_little(
    server: LiveServer, browser: Browser
) -> None:
    """What the network carries until somebody can write: files, and words of their language."""
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, _):
        page = context.new_page()
        bodies: list[int] = []
        page.on("requestfinished", lambda one: bodies.append(_carried(one)))
        page.goto(server.url)
        page.get_by_role("button", name="Open chat").click()
        page.get_by_role("log").get_by_text("Hello!").wait_for()
        assert 11 * KB < sum(bodies) <= 13 * KB


def _carried(request: Request) -> int:
    is_ours = "/widget/" in request.url and request.method == "GET" and "feed" not in request.url
    return request.sizes()["responseBodySize"] if is_ours else 0


def test_its_files_hold_no_markup_and_no_code_from_text() -> None:
    for file in FOLDER.glob("*.js"):
        found = re.search(FORBIDDEN, file.read_text(encoding="utf-8"))
        assert found is None, f"{file.name}: {found}"
