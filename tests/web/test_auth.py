"""Who may call, in demo mode and in key mode."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.app import Service
from bot.config import Auth, Rate, Server, Settings
from bot.errors import BotError
from bot.web.auth import check_demo
from bot.web.routes import ROUTES, Route
from tests.web.conftest import Client, refusal

KEYED = [route for route in ROUTES if route.scope not in ("open", "page", "self")]
STAFF = [route for route in ROUTES if route.scope == "operator"]
HELLO = {"user_id": "anna", "message": "hello"}


def _path(route: Route) -> str:
    return route.path.replace("{id}", "anna").replace("{locale}", "en")


@pytest.mark.parametrize("host", ["127.0.0.1:8350", "localhost", "LOCALHOST:1", "[::1]:8350"])
async def test_demo_mode_answers_to_its_own_names(client: Client, host: str) -> None:
    for _ in range(2):  # the second time from memory
        response = await client.get("/health", headers={"Host": host})
        assert response.status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8350", "", "[::1", "@", "a b"]
)
async def test_demo_mode_refuses_a_foreign_host(client: Client, host: str) -> None:
    for path in ("/health", "/", "/nothing"):
        response = await client.get(path, headers={"Host": host})
        assert (await refusal(response, 403, "not_allowed"))["field"] == "Host"


async def test_demo_mode_lets_its_own_page_call(client: Client) -> None:
    own = f"http://127.0.0.1:{client.port}"
    response = await client.post("/interact", json=HELLO, headers={"Origin": own})
    assert response.status == 200
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "file://", ""]
)
async def test_demo_mode_refuses_the_page_of_a_foreign_origin(client: Client, origin: str) -> None:
    response = await client.post("/interact", json=HELLO, headers={"Origin": origin})
    assert (await refusal(response, 403, "not_allowed"))["field"] == "Origin"


async def test_a_listed_origin_may_call_and_read(opened: Any) -> None:
    client = await opened(Auth(origins=("http://localhost:3000",)))
    headers = {"Origin": "http://localhost:3000"}
    asked = await client.options("/interact", headers=headers)
    assert asked.status == 204 and "POST" in asked.headers["Access-Control-Allow-Methods"]
    response = await client.post("/interact", json=HELLO, headers=headers)
    assert response.status == 200
    assert response.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert response.headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert response.headers["Vary"] == "Origin"
    other = await client.post("/interact", json=HELLO, headers={"Origin": "http://localhost:1"})
    await refusal(other, 403, "not_allowed")
    assert "Access-Control-Allow-Origin" not in other.headers


async def test_staff_calls_need_the_operator_key_even_in_demo_mode(
    client: Client, service: Service
) -> None:
    server = {"Authorization": f"Bearer {service.studio.add_key('a host', 'server')}"}
    for route in STAFF:
        response = await client.request(route.method, _path(route), json={})
        await refusal(response, 401, "not_authentic")
        assert response.headers["WWW-Authenticate"] == "Bearer"
        response = await client.request(route.method, _path(route), json={}, headers=server)
        await refusal(response, 403, "not_allowed")


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic d3Jvbmc=", "Bearer \xff"])
async def test_key_mode_wants_a_valid_key(opened: Any, given: str) -> None:
    client = await opened(Auth(mode="key"))
    headers = {"Authorization": given} if given else {}
    for route in KEYED:
        response = await client.request(route.method, _path(route), headers=headers)
        await refusal(response, 401, "not_authentic")


async def test_key_mode_lets_a_server_key_do_all_but_staff_calls(
    opened: Any, service: Service
) -> None:
    client = await opened(Auth(mode="key"))
    headers = {"Authorization": f"Bearer {service.studio.add_key('a host', 'server')}"}
    said = await client.post("/interact", json=HELLO, headers=headers)
    assert said.status == 200
    for route in STAFF:
        response = await client.request(route.method, _path(route), json={}, headers=headers)
        await refusal(response, 403, "not_allowed")


async def test_key_mode_needs_to_be_told_the_person(opened: Any, operator: dict[str, str]) -> None:
    client = await opened(Auth(mode="key"))
    response = await client.post("/interact", json={"message": "hello"}, headers=operator)
    assert (await refusal(response, 400, "bad_input"))["field"] == "user_id"


async def test_key_mode_tells_a_stranger_only_that_it_runs(
    opened: Any, operator: dict[str, str]
) -> None:
    client = await opened(Auth(mode="key"))
    stranger = await (await client.get("/health")).json()
    assert set(stranger) == {"status", "mode", "version"}
    host = await (await client.get("/health", headers=operator)).json()
    assert {"catalog", "jobs", "counts"} <= set(host)
    await refusal(await client.get("/"), 404, "unknown")


async def test_calls_that_come_too_fast_from_one_address_are_told_when_to_come_back(
    opened: Any, operator: dict[str, str]
) -> None:
    rate = Rate(ip_per_minute=60, ip_burst=3)
    client = await opened(Auth(mode="key"), rate)
    for _ in range(3):
        assert (await client.get("/v1/limits?user_id=a", headers=operator)).status == 200
    response = await client.get("/v1/limits?user_id=a", headers=operator)
    await refusal(response, 429, "too_many")
    assert response.headers["Retry-After"] == "1"


async def test_calls_about_one_person_are_counted_apart_from_others(
    opened: Any, operator: dict[str, str]
) -> None:
    client = await opened(Auth(mode="key"), Rate(person_per_minute=60, person_burst=2))
    for _ in range(2):
        assert (await client.get("/v1/limits?user_id=a", headers=operator)).status == 200
    response = await client.get("/v1/limits?user_id=a", headers=operator)
    await refusal(response, 429, "too_many")
    assert (await client.get("/v1/limits?user_id=b", headers=operator)).status == 200


async def test_demo_mode_counts_nothing(opened: Any) -> None:
    client = await opened(rate=Rate(ip_burst=1, person_burst=1))
    for _ in range(5):
        assert (await client.get("/v1/limits")).status == 200


@pytest.mark.parametrize(
    ("proxies", "statuses"), [((), [200, 429, 429]), (("127.0.0.1", "10.0.0.1"), [200, 200, 429])]
)
async def test_a_proxys_word_about_the_caller_is_believed_only_when_it_is_ours(
    opened: Any, operator: dict[str, str], proxies: tuple[str, ...], statuses: list[int]
) -> None:
    rate = Rate(ip_per_minute=60, ip_burst=1)
    client = await opened(Auth(mode="key"), rate, Server(forwarded_by=proxies))
    found = []
    for hops in ("203.0.113.1, 10.0.0.1", "203.0.113.2", "1.2.3.4, 203.0.113.2"):
        headers = {**operator, "X-Forwarded-For": hops}
        found.append((await client.get("/v1/limits?user_id=a", headers=headers)).status)
    assert found == statuses


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])
def test_demo_mode_does_not_start_beyond_loopback(host: str) -> None:
    settings = Settings(server=Server(host=host))
    with pytest.raises(BotError, match="loopback"):
        check_demo(settings)
    check_demo(replace(settings, auth=Auth(mode="key")))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.1.2.3"])
def test_demo_mode_starts_on_loopback(host: str) -> None:
    check_demo(Settings(server=Server(host=host)))
