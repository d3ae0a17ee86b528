"""The description of every call (OpenAPI 3.1), made from the shapes themselves."""

import inspect
import re
from typing import Any

import msgspec

from bot import __version__
from bot.errors import REQUEST_STATUS
from bot.web import me
from bot.web.body import FORM
from bot.web.bulk import NDJSON
from bot.web.routes import Route
from bot.web.wire import Refused

KEY, COOKIE = "key", "cookie"  # the names of the security schemes
KEYS = {"staff_view": "operator"}  # the scope of a key that a call needs
REF = "#/components/schemas/{name}"
EVERY_CODE = ("bad_input", "not_allowed", "too_many", "unavailable", "internal")
STATUS = {**REQUEST_STATUS, "unavailable": 503, "internal": 500}
MEANING = {
    400: "The body or a field is wrong; `field` names it.",
    401: "A valid key is missing.",
    403: "This Host, Origin or key may not make this call.",
    404: "There is no such thing.",
    409: "Something else came first: see `code`.",
    413: "The body is too large.",
    429: "Too many calls; see Retry-After.",
    500: "A fault of ours; it has been logged.",
    503: "The outcome is unknown; retry with the same id.",
}
SUCCESS = {
    101: "A WebSocket; its frames are in docs/http.md.",
    200: "Done.",
    202: "Accepted: it will be done.",
    303: "Done: the page says what.",
    308: "It is at another address.",
}
_PARAMETER = re.compile(r"\{(\w+)\}")


def described(routes: tuple[Route, ...], title: str) -> dict[str, Any]:
    """The whole document."""
    shapes = {shape for route in routes for shape in _shapes(route)} | {Refused}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    _, components = msgspec.json.schema_components(ordered, ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": __version__},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                KEY: {"type": "http", "scheme": "bearer"},
                COOKIE: {"type": "apiKey", "in": "cookie", "name": me.COOKIE},
            },
        },
    }


def _shapes(route: Route) -> list[Any]:
    shapes = [route.takes] if route.takes and route.method != "GET" else []
    shapes += [route.later] if route.later is not None else []
    return [*shapes, route.answer] if not isinstance(route.answer, str) else [*shapes]


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.call.__module__.rpartition('.')[2]}_{route.call.__name__}",
        "summary": (inspect.getdoc(route.call) or "").split("\n")[0],
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {str(status): body for status, body in sorted(_answers(route).items())},
        "security": _security(route),
    }
    if route.takes is not None and route.method != "GET":
        schema = {"$ref": REF.format(name=route.takes.__name__)}
        kind = FORM if route.scope == "self" else NDJSON if route.asks else "application/json"
        content = {kind: {"schema": schema}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _security(route: Route) -> list[dict[str, list[str]]]:
    if route.scope in ("open", "page"):
        return []
    return (
        [{COOKIE: []}] if route.scope == "self" else [{KEY: [KEYS.get(route.scope, route.scope)]}]
    )


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    asks = route.takes if route.method == "GET" else route.asks
    if asks is None:
        return []
    _, components = msgspec.json.schema_components([asks], ref_template=REF)
    schema = components[asks.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": shape}
        for name, shape in schema["properties"].items()
    ]


def _answers(route: Route) -> dict[int, dict[str, Any]]:
    """Status -> what may come back: the success, and every refusal with its codes."""
    answers: dict[int, dict[str, Any]] = {route.status: _success(route)}
    if route.later is not None:
        answers[202] = {"description": SUCCESS[202], "content": _json(route.later)}
    if route.scope == "open" and str(route.answer).startswith("text/"):
        answers[304] = {"description": "What you have is still right."}
    codes: dict[int, list[str]] = {}
    for code in dict.fromkeys((*EVERY_CODE, *_codes_by_kind(route), *route.codes)):
        codes.setdefault(STATUS[code], []).append(code)
    schema = {"$ref": REF.format(name=Refused.__name__)}
    for status, names in codes.items():
        answers[status] = {
            "description": f"{MEANING[status]} Codes: {', '.join(names)}.",
            "content": {"application/json": {"schema": schema}},
        }
    return answers


def _codes_by_kind(route: Route) -> tuple[str, ...]:
    body = ("bad_json", "too_large") if route.method != "GET" else ()
    return body if route.scope == "open" else (*body, "not_authentic")


def _success(route: Route) -> dict[str, Any]:
    summary = SUCCESS[route.status]
    if route.status not in (200, 202):
        return {"description": summary}
    if not isinstance(route.answer, str):
        return {"description": summary, "content": _json(route.answer)}
    return {"description": summary, "content": {route.answer: {}}}


def _json(shape: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REF.format(name=shape.__name__)}}}
