"""The operator's hook: signed as published, careful about what comes back."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.hook import Hook, signed, signing_key
from bot.errors import DeliveryError
from bot.settings import Secret

VECTORS = Path(__file__).resolve().parents[3] / "shared/data/vectors.json"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_772_366_400_000_000


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not here")
def test_the_signature_is_that_of_the_published_vector():
    (vector,) = [
        one for one in json.loads(VECTORS.read_text()) if one["channel"] == "standard-webhooks"
    ]
    given = vector["headers"]
    found = signed(
        signing_key(vector["secret"]),
        given["webhook-id"],
        int(given["webhook-timestamp"]),
        vector["body"].encode(),
    )
    assert {name: found[name] for name in given} == given


async def called(answer: Any, **given: Any) -> tuple[list[web.Request], DeliveryError | None]:
    """One call of a hook whose receiver answers so; what it got, and what went wrong."""
    got: list[web.Request] = []

    async def receive(request: web.Request) -> web.StreamResponse:
        await request.read()
        got.append(request)
        response: web.StreamResponse = await answer(request)
        return response

    app = web.Application()
    app.router.add_post("/wants", receive)
    app.router.add_post("/elsewhere", receive)
    async with TestServer(app) as server:
        hook = Hook(str(server.make_url("/wants")), Secret(SECRET))
        try:
            await hook.send("msg_1", b'{"a": 1}', NOW)
        except DeliveryError as error:
            return got, error
    return got, None


def answering(status: int, **headers: str) -> Any:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    return answer


async def test_what_arrives_is_signed_and_whole():
    (request,), error = await called(answering(204))
    assert error is None
    assert await request.read() == b'{"a": 1}'
    assert request.headers["Content-Type"] == "application/json"
    expected = signed(signing_key(SECRET), "msg_1", NOW // 1_000_000, b'{"a": 1}')
    assert {name: request.headers[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(301, True), (307, True), (400, True), (410, True), (429, False), (500, False), (504, False)],
)
async def test_a_refusal_is_final_unless_it_may_pass(status: int, permanent: bool):
    got, error = await called(answering(status, Location="/elsewhere"))
    assert error is not None and error.permanent is permanent
    assert [request.path for request in got] == ["/wants"]  # a redirect is not followed


@pytest.mark.parametrize(
    ("given", "wait"), [("120", 120), ("999999999", 86_400), ("soon", None), ("-5", None)]
)
async def test_the_receiver_may_ask_for_a_wait(given: str, wait: int | None):
    _, error = await called(answering(503, **{"Retry-After": given}))
    assert error is not None and error.retry_after_s == wait


async def test_nobody_listening_is_no_final_refusal_and_names_no_address():
    hook = Hook("http://127.0.0.1:9/x", Secret(SECRET))
    with pytest.raises(DeliveryError) as caught:
        await hook.send("msg_1", b"{}", NOW)
    assert not caught.value.permanent and "127.0.0.1" not in str(caught.value)


async def test_a_receiver_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.channels.hook.CALL_S", 0.05)
    released = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        await released.wait()
        return web.Response()

    _, error = await called(answer)
    released.set()
    assert error is not None and not error.permanent
