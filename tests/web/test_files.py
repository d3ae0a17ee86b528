"""Files of ours: as they are, compressed where that is understood, not sent twice."""

import gzip

import pytest
from aiohttp.test_utils import TestClient

from bot.web import page, widget

FILES = {
    "/": page.FOLDER / "page.html",
    "/page/page.css": page.FOLDER / "page.css",
    "/page/page.js": page.FOLDER / "page.js",
    "/widget/bot.js": widget.FOLDER / "bot.js",
    "/widget/frame": widget.FOLDER / "frame.html",
}


@pytest.mark.parametrize("path", FILES)
async def test_a_file_comes_as_it_is_or_compressed(client: TestClient, path: str) -> None:
    client.session._auto_decompress = False
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    packed = await client.get(path, headers={"Accept-Encoding": "gzip"})
    body = await plain.read()
    assert gzip.decompress(await packed.read()) == body
    assert body == FILES[path].read_bytes().replace(b"{{name}}", b"Sam").replace(
        b"{{site_key}}", b""
    )
    assert plain.headers["ETag"] == packed.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("path", FILES)
async def test_who_has_it_is_told_so(client: TestClient, path: str) -> None:
    tag = (await client.get(path)).headers["ETag"]
    again = await client.get(path, headers={"If-None-Match": tag})
    assert (again.status, await again.read()) == (304, b"")
    assert again.headers["ETag"] == tag


@pytest.mark.parametrize("path", ["/", "/widget/frame"])
async def test_a_page_has_a_strict_policy(client: TestClient, path: str) -> None:
    policy = (await client.get(path)).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "trusted-types 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/widget/nothing.js", "/widget/bot.py", "/page/page.html"])
async def test_what_is_no_file_of_ours_is_unknown(client: TestClient, path: str) -> None:
    assert (await client.get(path)).status == 404
