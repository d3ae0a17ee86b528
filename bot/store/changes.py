"""What a turn changed in a person, kept so that the person before it can be seen again."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, get_type_hints

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from bot.model.person import Person

Pick = Callable[[object], tuple[Any, ...]]

_FIELDS = Person.__struct_fields__
_pick: Pick = attrgetter(*_FIELDS)
_HINTS = get_type_hints(Person)


# the parts of a person that are large: compared field by field
_PARTS: dict[str, tuple[Pick, tuple[str, ...]]] = {
    name: (
        attrgetter(*_HINTS[name].__struct_fields__),
        tuple(f"{name}.{field}" for field in _HINTS[name].__struct_fields__),
    )
    for name in ("spending",)
}
KINDS: dict[str, Any] = {name: _HINTS[name] for name in _FIELDS} | {
    f"{part}.{name}": hint
    for part in _PARTS
    for name, hint in get_type_hints(_HINTS[part]).items()
}
_DECODERS = {name: msgspec.msgpack.Decoder(kind) for name, kind in KINDS.items()}


def changed(before: Person, after: Person) -> dict[str, Any]:
    """The fields of `before` that `after` no longer shares, by dotted name."""
    found: dict[str, Any] = {}
    for name, old, new in zip(_FIELDS, _pick(before), _pick(after), strict=True):
        if old is new:
            continue
        part = _PARTS.get(name)
        if part is None:
            found[name] = old
            continue
        pick, names = part
        for inner, was, is_now in zip(names, pick(old), pick(new), strict=True):
            if was is not is_now:
                found[inner] = was
    return found


def decoded(before: Mapping[str, Raw]) -> dict[str, Any]:
    """The values of `before`; a field that a newer version no longer has is left out."""
    return {name: _DECODERS[name].decode(raw) for name, raw in before.items() if name in KINDS}


def restored(after: Person, before: Mapping[str, Any]) -> Person:
    """The person whose change `changed` wrote down."""
    whole: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for name, value in before.items():
        part, _, field = name.partition(".")
        if field:
            parts.setdefault(part, {})[field] = value
        else:
            whole[name] = value
    for part, fields in parts.items():
        whole[part] = replace(getattr(after, part), **fields)
    return replace(after, **whole)
