"""A conversation outlives gaps, second tabs and a killed server: nothing lost, nothing doubled."""

import random
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import chromium
from tests.live import LiveServer, live_server, start, stop
from tests.sizes import size
from tests.web.hosts import said, say, watched

QUESTIONS = ("what is leverage?", "what is drawdown?", "help", "what can you do?", "hello")
BLOCKED = """window.WebSocket = class {
  constructor() { setTimeout(() => this.onclose?.({ code: 1006 })) }
  close() {}
  send() {}
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("lasts")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def opened(context: BrowserContext, server: LiveServer) -> Page:
    page = context.new_page()
    page.goto(server.url)
    button = page.get_by_role("button", name=re.compile("Open chat"))
    page.get_by_role("log").or_(button).first.wait_for()
    if button.is_visible():
        button.click()
    page.get_by_role("log").get_by_text(re.compile("Hello!|You said")).first.wait_for()
    return page


def mine(page: Page) -> list[str]:
    return [line for line in said(page) if line.startswith("You said")]


def settled(page: Page) -> None:
    """Every message of the page has its answer."""
    page.wait_for_function(
        "() => { const log = document.querySelector('bot-widget').shadowRoot"
        ".querySelector('[role=log]'); const states = [...log.querySelectorAll('.state')];"
        " return states.every(one => !one.textContent) && !log.lastChild.matches('.mine') }",
        timeout=60_000,
    )


def test_what_is_written_without_a_network_is_said_when_it_is_back(
    server: LiveServer, browser: Browser
) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, _):
        page = opened(context, server)
        say(page, "hello")
        settled(page)
        context.route("**/*", lambda route: route.abort())
        context.set_offline(True)
        page.route_web_socket("**/*", lambda socket: socket.close())
        expect(page.get_by_role("alert")).to_contain_text("is kept and sent later")
        say(page, "what is leverage?")
        expect(page.get_by_role("log")).to_contain_text("what is leverage?")
        context.unroute("**/*")
        context.set_offline(False)
        settled(page)
        expect(page.get_by_role("alert")).to_be_empty()
        assert mine(page) == ["You said: hello", "You said: what is leverage?"]


def test_a_second_tab_shows_the_same_over_the_same_socket(
    server: LiveServer, browser: Browser
) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, complaints):
        first = opened(context, server)
        say(first, "hello")
        settled(first)
        sockets: list[str] = []
        second = context.new_page()
        second.on("websocket", lambda socket: sockets.append(socket.url))
        second.goto(server.url)
        second.get_by_role("button", name=re.compile("Open chat")).click()
        expect(second.get_by_role("log")).to_contain_text("hello")
        say(second, "what is leverage?")
        settled(second)
        settled(first)
        assert said(first) == said(second) and len(mine(first)) == 2
        assert sockets == []
        first.close()
        say(second, "what is drawdown?")
        settled(second)
        assert len(mine(second)) == 3 and len(sockets) == 1
        assert complaints == []


def test_where_sockets_are_blocked_it_asks_over_http(server: LiveServer, browser: Browser) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, complaints):
        context.add_init_script(BLOCKED)
        page = opened(context, server)
        say(page, "hello")
        settled(page)
        say(page, "what is leverage?")
        settled(page)
        assert len(said(page)) == 4 and complaints == []


def test_a_refused_message_is_not_lost_and_can_be_sent_again(
    server: LiveServer, browser: Browser
) -> None:
    with watched(browser, viewport={"width": 400, "height": 700}) as (context, _):
        context.add_init_script(BLOCKED)
        page = opened(context, server)
        error = '{"error": {"code": "bad_input", "message": "not today"}}'
        page.route("**/interact", lambda route: route.fulfill(status=400, body=error))
        say(page, "hello")
        expect(page.get_by_role("alert")).to_contain_text("not today")
        page.unroute("**/interact")
        page.reload()
        page.get_by_role("button", name=re.compile("Open chat")).click()
        page.get_by_role("button", name="Send again").click()
        settled(page)
        assert mine(page) == ["You said: hello"]


@pytest.mark.parametrize("seed", range(size(2, 100)))
def test_a_server_killed_in_the_middle_loses_and_doubles_nothing(
    browser: Browser, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    server = start(tmp_path)
    try:
        with watched(browser, viewport={"width": 400, "height": 700}) as (context, _):
            pages = [opened(context, server)]
            say(pages[0], "hello")
            settled(pages[0])
            pages.append(opened(context, server))
            written = ["hello"]
            killed_at = dice.randrange(4)
            for index in range(5):
                text = f"{dice.choice(QUESTIONS)} {index}"
                say(dice.choice(pages), text)
                written.append(text)
                if index == killed_at:
                    pages[0].wait_for_timeout(dice.choice((0, 2, 5, 10, 20, 50)))
                    server.process.send_signal(signal.SIGKILL)
                    server.process.wait()
                elif index == killed_at + 1:
                    server = start(tmp_path, port=server.port)
                    pages[0].wait_for_timeout(dice.choice((0, 100, 1500)))
            for page in pages:
                for text in written:
                    expect(page.get_by_role("log")).to_contain_text(text, timeout=60_000)
                settled(page)
                assert sorted(mine(page)) == sorted(f"You said: {text}" for text in written)
                assert len(said(page)) == 2 * len(written)
            assert said(pages[0]) == said(pages[1])
            pages[0].reload()
            kept = opened(context, server)
            settled(kept)
            assert said(kept) == said(pages[1])
    finally:
        stop(server)
