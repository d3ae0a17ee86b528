"""A client of the whole service, which also checks that every answer is documented."""

import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import jsonschema
import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from msgspec.structs import replace

from bot.app import Service
from bot.config import Auth, Rate, Server
from bot.web.openapi import described
from bot.web.routes import ROUTES
from bot.web.server import make_app

Client = TestClient[web.Request, web.Application]
DOCUMENT = json.loads(msgspec.json.encode(described(ROUTES, "tests")))


class Documented:
    """Notes every answer that the description does not allow."""

    def __init__(self) -> None:
        self.slips: list[str] = []
        self.seen: set[tuple[str, int]] = set()

    async def check(self, request: web.Request, response: web.StreamResponse) -> None:
        resource = request.match_info.route.resource
        if resource is None or request.method not in ("GET", "POST", "PUT"):
            return
        operation = DOCUMENT["paths"][resource.canonical].get(request.method.lower())
        if operation is None:
            return
        name = f"{request.method} {resource.canonical}"
        self.seen.add((name, response.status))
        answer = operation["responses"].get(str(response.status))
        if answer is None:
            self.slips.append(f"{name} answered {response.status}, which is not documented")
            return
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if schema is not None and isinstance(response, web.Response):
            self._validate(name, schema, response)

    def _validate(self, name: str, schema: Any, response: web.Response) -> None:
        whole = {**schema, "components": DOCUMENT["components"]}
        body = json.loads(bytes(response.body))  # type: ignore[arg-type]  # ours are bytes
        for error in jsonschema.Draft202012Validator(whole).iter_errors(body):
            self.slips.append(f"{name} {response.status} at {error.json_path}: {error.message}")


@pytest.fixture
def documented() -> Any:
    """Fails the test when an answer it got was not documented."""
    documented = Documented()
    yield documented
    assert not documented.slips, documented.slips[:5]


Open = Callable[..., Awaitable[Client]]


@pytest.fixture
async def opened(service: Service, aiohttp_client: Any, documented: Documented) -> Open:
    """Opens a client; `auth`, `rate` and `server` change the settings it is served with."""

    async def open_client(
        auth: Auth | None = None, rate: Rate | None = None, server: Server | None = None
    ) -> Client:
        ours = service.settings
        settings = replace(
            ours, auth=auth or ours.auth, rate=rate or ours.rate, server=server or ours.server
        )
        app = make_app(dataclasses.replace(service, settings=settings))
        app.on_response_prepare.append(documented.check)
        client: Client = await aiohttp_client(app)
        return client

    return open_client


@pytest.fixture
async def client(opened: Open) -> AsyncIterator[Client]:
    """A client in demo mode."""
    yield await opened()


async def say(
    client: Client, message: str, user_id: str = "anna", **fields: Any
) -> dict[str, Any]:
    """One chat message; the answer's body."""
    body = {"user_id": user_id, "message": message, **fields}
    response = await client.post("/interact", json=body)
    assert response.status == 200, await response.text()
    found: dict[str, Any] = await response.json()
    return found


async def refusal(response: Any, status: int, code: str) -> dict[str, Any]:
    """The error of an answer, after checking its status, code and shape."""
    body = await response.json()
    assert response.status == status, body
    assert set(body) == {"error"} and set(body["error"]) <= {"code", "message", "field"}
    assert body["error"]["code"] == code, body
    assert body["error"]["message"]
    found: dict[str, Any] = body["error"]
    return found


@pytest.fixture
def operator(service: Service) -> dict[str, str]:
    """Headers with an operator's key."""
    return {"Authorization": f"Bearer {service.studio.add_key('tests', 'operator')}"}
