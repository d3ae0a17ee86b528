"""Pages of other sites with the widget on them, served for the browser tests."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.live import LiveServer
from tests.projects import ROOT, copied

GUIDE = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^```(\w+) (\w+)\n(.*?)^```", re.M | re.S)
IDENTITY_KEY = "a key that only the tests of the widget know"
BLANK = "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Host</title>"
BLANK += "</head><body>"


def example(kind: str, name: str) -> str:
    """A block of the embedding guide."""
    found = [text for its, said, text in EXAMPLE.findall(GUIDE) if (its, said) == (kind, name)]
    assert len(found) == 1, (kind, name)
    return str(found[0])


class Host:
    """A site of somebody else: its pages by path, each with a policy or none."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, tuple[str, str]] = {}
        self.reports: list[str] = []
        self.identity: Callable[[], str] = lambda: ""

    def page(self, path: str, body: str, policy: str = "") -> str:
        """Puts a page there; its address."""
        self.pages[path] = (BLANK + body, policy)
        return self.url + path


@contextmanager
def host() -> Iterator[Host]:
    """A site on a port of its own."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, policy = site.pages.get(self.path, ("", ""))
            if self.path == "/identity":
                body = site.identity()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def do_POST(self) -> None:
            site.reports.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    site = Host(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def config(folder: Path, origin: str, site_key: str = "") -> Path:
    """A bot.toml that lets the pages of an origin show the widget, and its people be known.

    With a site key it is one for real use, in key mode.
    """
    root = copied(folder / "bot")
    key = root / "identity.key"
    key.write_text(IDENTITY_KEY)
    key.chmod(0o600)
    text = (ROOT / "bot.toml").read_text(encoding="utf-8")
    if site_key:
        text = text.replace('mode = "demo"', 'mode = "key"', 1)
        text = text.replace('site_key = ""', f'site_key = "{site_key}"', 1)
    head, widget = text.split("[widget]", 1)
    widget = widget.replace("origins = []", f'origins = ["{origin}"]', 1)
    widget = widget.replace('identity_key = ""', f'identity_key = "file:{key}"', 1)
    (root / "bot.toml").write_text(f"{head}[widget]{widget}", encoding="utf-8")
    return root / "bot.toml"


@contextmanager
def watched(browser: Browser, **options: object) -> Iterator[tuple[BrowserContext, list[str]]]:
    """A browser's profile of its own, and every complaint of its consoles."""
    context = browser.new_context(**options)  # type: ignore[arg-type]  # playwright's own
    context.set_default_timeout(30_000)
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    try:
        yield context, complaints
    finally:
        context.close()


def say(page: Page, text: str) -> None:
    """Writes a message and sends it, by keyboard."""
    page.get_by_role("textbox", name=re.compile("Write a message|Kirjoita viesti")).fill(text)
    page.keyboard.press("Enter")


def said(page: Page) -> list[str]:
    """What is shown in the log: who and what, line by line, without times and greeting."""
    rows: list[list[str]] = page.get_by_role("log").evaluate(
        "log => [...log.children].map(line => [line.firstChild.textContent,"
        " line.children[1].innerText])"
    )
    return [f"{who.split(',')[0]}: {text}" for who, text in rows if "," in who]


def here(server: LiveServer, text: str) -> str:
    """An example of the guide with the address of this server in it."""
    mine = server.url.removeprefix("http://")
    return text.replace("https://bot.example", server.url).replace(
        "wss://bot.example", f"ws://{mine}"
    )
