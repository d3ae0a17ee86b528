"""Calls whose status is checked, and the JSON they are answered with."""

from typing import Any

from aiohttp.test_utils import TestClient


async def post(client: TestClient, path: str, body: dict[str, Any], status: int = 200) -> Any:
    async with client.post(path, json=body) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def put(client: TestClient, path: str, body: dict[str, Any], status: int = 200) -> Any:
    async with client.put(path, json=body) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def get(client: TestClient, path: str, status: int = 200) -> Any:
    async with client.get(path) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def got(client: TestClient, path: str, **query: Any) -> Any:
    async with client.get(path, params={k: str(v) for k, v in query.items()}) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()
