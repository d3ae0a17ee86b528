"""The embedding guide: each of its examples is opened in Chromium, on a page of another site."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium
from tests.live import LiveServer, live_server
from tests.web.hosts import IDENTITY_KEY, Host, config, example, here, host, say, watched

Both = tuple[LiveServer, Host]
HOSTILE = """<style>
  * { all: unset !important; color: red !important; font-size: 60px !important;
      transform: rotate(3deg) !important; display: inline !important; }
  html { font-size: 4px !important; } bot-widget, button { display: none !important; }
</style>"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("guide")
    with host() as site, live_server(folder, config=config(folder, site.url)) as server:
        yield server, site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def test_a_plain_page_talks(both: Both, browser: Browser) -> None:
    server, site = both
    address = site.page("/plain", here(server, example("html", "plain")))
    with watched(browser) as (context, complaints):
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.goto(address)
        page.get_by_role("button", name="Open chat").wait_for()
        page.wait_for_load_state("networkidle")
        assert [url for url in asked if server.url in url] == [f"{server.url}/widget/bot.js"]
        opened_and_answered(page)
        assert complaints == []


def opened_and_answered(page: Page) -> None:
    page.get_by_role("button", name="Open chat").click()
    say(page, "what is leverage?")
    expect(page.get_by_role("log")).to_contain_text("a loan")


def test_a_strict_policy_reports_nothing(both: Both, browser: Browser) -> None:
    server, site = both
    policy = here(server, example("http", "strict")).split(": ", 1)[1].strip()
    body = here(server, example("html", "plain"))
    address = site.page("/strict", body, f"{policy}; report-uri /reports")
    with watched(browser) as (context, complaints):
        page = context.new_page()
        page.goto(address)
        opened_and_answered(page)
        page.get_by_role("button", name="Settings").click()
        page.get_by_label("Time zone").wait_for()
        with page.expect_download() as kept:
            page.get_by_role("button", name="Save this conversation").click()
        assert "what is leverage?" in Path(kept.value.path()).read_text()
        assert complaints == [] and site.reports == []


def test_a_single_page_app_adds_and_removes_it(both: Both, browser: Browser) -> None:
    server, site = both
    address = site.page("/app", here(server, example("html", "app")))
    with watched(browser) as (context, complaints):
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name="Help").click()
        expect(page.get_by_role("log")).to_contain_text("Hei! Olen Sam, kone.")
        say(page, "what is leverage?")
        expect(page.get_by_role("log")).to_contain_text("Vipu on laina")
        page.evaluate("window.kept = document.querySelector('bot-widget'); kept.remove()")
        page.evaluate("document.body.append(window.kept); window.kept.open()")
        expect(page.get_by_role("log", name="Keskustelu: Sam")).to_contain_text("Vipu on laina")
        assert complaints == []


@pytest.mark.parametrize("kind", ["python", "js"])
def test_an_identity_signed_by_the_host_is_that_person(
    both: Both, browser: Browser, kind: str, tmp_path: Path
) -> None:
    server, site = both
    person = f"person-signed-in-{kind}"
    site.identity = lambda: signed(kind, person, tmp_path)
    address = site.page("/identified", here(server, example("html", "identified")))
    with watched(browser) as (context, complaints):
        page = context.new_page()
        with page.expect_response("**/widget/session") as began:
            page.goto(address)
        page.get_by_role("button", name="Open chat").click()
        assert began.value.json()["user_id"] == person
        say(page, "what is leverage?")
        expect(page.get_by_role("log")).to_contain_text("a loan")
        assert complaints == []


def signed(kind: str, person: str, folder: Path) -> str:
    """What the guide's code gives, run by its own language."""
    code, words = example(kind, "identity"), json.dumps([person, IDENTITY_KEY])[1:-1]
    if kind == "python":
        found: dict[str, object] = {}
        exec(code, found)
        return str(found["identity"](person, IDENTITY_KEY))  # type: ignore[operator]
    script = folder / "identity.mjs"
    script.write_text(f"{code}\nprocess.stdout.write(identity({words}));")
    return subprocess.check_output(["node", script], text=True)


def test_who_signs_in_next_is_somebody_else(both: Both, browser: Browser, tmp_path: Path) -> None:
    server, site = both
    people = iter(["person-first", "person-second"])
    site.identity = lambda: signed("python", next(people), tmp_path)
    address = site.page("/signing-in", here(server, example("html", "identified")))
    with watched(browser) as (context, complaints):
        page = context.new_page()
        page.goto(address)
        opened_and_answered(page)
        page.evaluate("window.kept = document.querySelector('bot-widget'); kept.remove()")
        with page.expect_response("**/widget/session") as began:
            page.evaluate("document.body.append(window.kept); window.kept.open()")
        assert began.value.json()["user_id"] == "person-second"
        expect(page.get_by_role("log")).to_contain_text("Hello!")
        expect(page.get_by_role("log")).not_to_contain_text("a loan")
        assert complaints == []


def test_a_page_sets_its_own_colours(both: Both, browser: Browser) -> None:
    server, site = both
    address = site.page("/themed", here(server, example("html", "themed")))
    with watched(browser) as (context, complaints):
        page = context.new_page()
        page.goto(address)
        launcher = page.get_by_role("button", name="Open chat")
        style = "e => getComputedStyle(e).backgroundColor"
        assert launcher.evaluate(style) == "rgb(91, 42, 134)"
        launcher.click()
        dialog = page.get_by_role("dialog")
        assert dialog.evaluate(style) == "rgb(255, 253, 248)"
        assert "Georgia" in dialog.evaluate("e => getComputedStyle(e).fontFamily")
        assert complaints == []


def test_a_frame_holds_the_chat_alone(both: Both, browser: Browser) -> None:
    server, site = both
    address = site.page("/frame", here(server, example("html", "frame")))
    with watched(browser) as (context, complaints):
        page = context.new_page()
        page.goto(address)
        frame = page.frame_locator("iframe")
        frame.get_by_role("textbox").fill("what is leverage?")
        frame.get_by_role("textbox").press("Enter")
        expect(frame.get_by_role("log")).to_contain_text("a loan")
        assert frame.get_by_role("button", name="Close chat").count() == 0
        assert complaints == []


def test_a_frame_knows_its_site_and_speaks_the_language_of_the_browser(
    browser: Browser, tmp_path: Path
) -> None:
    with (
        host() as site,
        live_server(tmp_path, config=config(tmp_path, site.url, "shop <1>")) as server,
        watched(browser, locale="fi-FI") as (context, complaints),
    ):
        page = context.new_page()
        page.goto(site.page("/frame", here(server, example("html", "frame"))))
        log = page.frame_locator("iframe").get_by_role("log")
        expect(log).to_contain_text("Hei! Olen Sam, kone.")
        page.frame_locator("iframe").get_by_role("textbox").fill("mitä on vipu?")
        page.frame_locator("iframe").get_by_role("textbox").press("Enter")
        expect(log).to_contain_text("Vipu on laina")
        assert complaints == []


def test_hostile_styles_of_the_page_do_not_reach_it(both: Both, browser: Browser) -> None:
    server, site = both
    plain = here(server, example("html", "plain"))
    shapes = []
    for path, body in (("/kind", plain), ("/hostile", HOSTILE + plain)):
        with watched(browser, viewport={"width": 900, "height": 700}) as (context, _):
            page = context.new_page()
            page.goto(site.page(path, body))
            page.get_by_role("button", name="Open chat").click()
            page.get_by_role("log").get_by_text("Hello!").wait_for()
            shapes.append(
                [
                    page.get_by_role(role).first.evaluate(
                        "e => { const s = getComputedStyle(e); return [s.width, s.height, s.color,"
                        " s.fontSize, s.display] }"
                    )
                    for role in ("dialog", "log", "textbox", "heading")
                ]
            )
    assert shapes[0] == shapes[1]
