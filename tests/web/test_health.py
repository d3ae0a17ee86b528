"""How the house tells how it is."""

import re
from pathlib import Path

from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator
from prometheus_client.parser import text_string_to_metric_families

from bot.app import Service
from bot.authored import Mistake
from bot.web.routes import ROUTES
from bot.web.server import make_app
from tests.models import lend
from tests.web.conftest import DOCUMENT, Client, refusal, say


async def test_health_tells_files_jobs_counts_and_mode(client: Client) -> None:
    body = await (await client.get("/health")).json()
    assert (body["status"], body["mode"]) == ("ok", "demo")
    assert body["catalog"]["mistakes"] == [] and body["catalog"]["version"]
    assert {"market", "deliver", "nudges", "sessions"} <= set(body["jobs"])
    assert body["counts"]


async def test_health_shows_the_mistakes_of_an_edit_that_is_not_in_force(
    client: Client, service: Service
) -> None:
    mistake = Mistake("rules/tiers.yaml", 3, 2, "error", "L001", "'premum' is not a tier")
    service.catalogs.mistakes = (mistake,)
    body = await (await client.get("/health")).json()
    assert body["status"] == "degraded"
    assert body["catalog"]["mistakes"] == [str(mistake)]


async def test_health_tells_how_it_stands_with_the_classifier(
    client: Client, service: Service
) -> None:
    body = await (await client.get("/health")).json()
    assert (body["classifier"]["state"], body["classifier"]["model"]) == ("none", None)
    lend(service.settings.data)
    await service.catalogs.teach()
    state = (await (await client.get("/health")).json())["classifier"]
    assert (state["state"], state["problem"]) == ("ready", None)
    assert state["model"] and state["intents"] > 30 and state["sentences"] > 1_000


async def test_metrics_are_what_prometheus_reads(client: Client) -> None:
    await say(client, "hello")
    await client.get("/nothing")
    response = await client.get("/metrics")
    assert response.headers["Content-Type"].startswith("text/plain")
    families = {f.name: f for f in text_string_to_metric_families(await response.text())}
    calls = {
        (s.labels["route"], s.labels["status"]): s.value for s in families["bot_calls"].samples
    }
    assert calls["POST /interact", "200"] == 1 and calls["none", "404"] == 1
    assert families["bot_call_seconds"].type == "histogram"
    assert families["bot_busy_lanes"].samples[0].value == 0


async def test_metrics_count_the_runs_and_the_errors_of_every_job(
    service: Service, client: Client
) -> None:
    await service.ticks.run("streaks")
    text = await (await client.get("/metrics")).text()
    families = {f.name: f for f in text_string_to_metric_families(text)}
    runs = {s.labels["job"]: s.value for s in families["bot_job_runs"].samples}
    errors = {s.labels["job"]: s.value for s in families["bot_job_errors"].samples}
    assert runs.keys() == errors.keys() == set(service.ticks.states)
    assert runs["streaks"] == 1 and errors["streaks"] == 0


async def test_analytics_has_the_five_key_metrics(client: Client) -> None:
    await say(client, "hello")
    body = await (await client.get("/analytics")).json()
    assert len(body) >= 5


async def test_the_description_is_valid_and_served(client: Client) -> None:
    body = await (await client.get("/openapi.json")).json()
    OpenAPIV31SpecValidator(body).validate()
    assert body == DOCUMENT | {"info": body["info"]}


async def test_the_description_has_every_route_and_no_other(service: Service) -> None:
    served = {
        (route.method, route.resource.canonical)
        for route in make_app(service).router.routes()
        if route.method != "HEAD" and isinstance(route.resource, web.Resource)
    }
    described = {
        (method.upper(), path)
        for path, operations in DOCUMENT["paths"].items()
        for method in operations
    }
    assert served == described == {(route.method, route.path) for route in ROUTES}


def test_every_route_says_what_it_does_in_words_of_its_own() -> None:
    operations = [op for path in DOCUMENT["paths"].values() for op in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all(operation["summary"].endswith(".") for operation in operations)


def test_the_doc_page_names_every_route() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "http.md").read_text()
    missing = [route.name for route in ROUTES if f"`{route.name}`" not in page]
    assert not missing


async def test_an_address_that_is_not_there_is_a_404_in_our_shape(client: Client) -> None:
    for path in ("/nothing", "/v1", "/user", "/user/a/b", "/page/"):
        await refusal(await client.get(path), 404, "unknown")


async def test_a_method_that_is_not_there_is_a_405_in_our_shape(client: Client) -> None:
    for route in ROUTES:
        path = (
            route.path.replace("{id}", "anna")
            .replace("{file}", "page.css")
            .replace("{locale}", "fi")
            .replace("{act}", "limits")
        )
        response = await client.delete(path)
        await refusal(response, 405, "not_allowed")
        assert route.method in response.headers["Allow"]


async def test_head_answers_like_get_without_a_body(client: Client) -> None:
    for path in ("/health", "/", "/market", "/v1/limits", "/user/demo_novice"):
        response = await client.head(path)
        assert response.status == 200 and await response.read() == b""
        get = await client.get(path)
        assert response.headers["Content-Type"] == get.headers["Content-Type"]


async def test_the_page_is_served_under_a_strict_policy_and_kept_by_its_tag(
    client: Client, service: Service
) -> None:
    for path in ("/", "/page/page.css", "/page/page.js"):
        response = await client.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        tag = {"If-None-Match": response.headers["ETag"]}
        again = await client.get(path, headers=tag)
        assert again.status == 304 and await again.read() == b""
    page = await (await client.get("/")).text()
    assert f"<title>{service.settings.bot.name}</title>" in page
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", page)
    await refusal(await client.get("/page/page.html"), 404, "unknown")
    await refusal(await client.get("/page/..%2fpage.py"), 404, "unknown")
