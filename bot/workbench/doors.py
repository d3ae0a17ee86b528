"""What a step of a story asks for, as the doors of the server would hand it on."""

import hashlib
from typing import Any

from msgspec import json

from bot.clock import Clock
from bot.model.message import Alert, Inbound, Kind

KINDS: dict[str, tuple[Kind, str]] = {
    "unlock": ("purchase", "unlock"),
    "unlock_premium": ("purchase", "unlock"),
    "limits": ("limits", "limits_put"),
    "confirm_limits": ("limits", "limits_confirm"),
    "pause": ("pause", "pause_start"),
    "profile": ("profile", "put"),
    "topup": ("staff", "topup"),
    "refund": ("staff", "refund"),
    "void": ("staff", "void"),
    "xp": ("action", "xp"),
    "habit": ("action", "habit"),
    "team": ("team", "begin"),
    "leave_team": ("team", "leave"),
}
OWN_ID = {"unlock": "unlock_id", "unlock_premium": "unlock_id", "topup": "topup_id",
          "xp": "event_id", "habit": "event_id"}  # fmt: skip
ACTORS = {"staff": "operator", "profile": "host"}


def called(name: str, given: dict[str, Any], person: str, clock: Clock) -> Inbound:
    """A call without words."""
    kind, asked = KINDS[name]
    own, props = OWN_ID.get(name, ""), dict(given)
    id = str(props.get(own, ""))
    if kind == "purchase":
        props["source"] = name.replace("_", "-")
        if "content_tier" in props:
            props["tier"] = props.pop("content_tier")
    elif name in ("refund", "void"):
        id = props["id"] = str(props.get("unlock_id", ""))
    kept = {key: value for key, value in props.items() if key not in (own, "confirm")}
    sent = hashlib.sha256(json.encode([name, kept], order="sorted")).hexdigest()
    return Inbound(
        id=id or clock.token(),
        person_id=person,
        kind=kind,
        at=clock.now(),
        name=asked,
        props=props,
        fingerprint=sent if id else "",
        actor=ACTORS.get(kind, ""),
    )


def alert(given: dict[str, Any], clock: Clock) -> Alert:
    """Market news, as a source of them would post it."""
    return Alert(
        id=given.get("id") or clock.token(),
        asset=given["asset"],
        alert_type=given["type"],
        urgency=given.get("urgency", 5),
        message=given.get("message", "News."),
        at=clock.now(),
    )
