"""The country a zone lies in, and the clocks of a country, as the zone database has them."""

from functools import lru_cache
from importlib import resources

# Old names that stand for one country; the rest of them lead nowhere.
_OLD = {"US": "US", "Canada": "CA", "Australia": "AU", "NZ": "NZ", "GB": "GB", "Eire": "IE"}
# Of the zones that show the same time, the one people know; else the first of the table.
_KNOWN = frozenset(
    {
        *("America/Edmonton", "America/Sao_Paulo", "America/Manaus", "America/Winnipeg"),
        *("Australia/Adelaide", "Australia/Sydney"),
    }
)


def country_of(zone: str) -> str:
    """ISO 3166 code of the zone's country, like FI; empty for UTC and names nobody knows."""
    return _countries().get(zone) or _OLD.get(zone.split("/")[0], "")


@lru_cache(maxsize=1)
def called() -> dict[str, tuple[str, ...]]:
    """ISO 3166 code -> the names of every country in English."""
    rows = (line.split("\t") for line in _lines("iso3166.tab"))
    return {code: tuple(_names(name)) for code, name in rows}


@lru_cache(maxsize=64)
def clocks_of(country: str) -> tuple[str, ...]:
    """One zone for each time that clocks in a country show from now on."""
    by_rule: dict[str, str] = {}
    for zone in (zone for zone, code in _countries().items() if code == country):
        rule = _rule(zone)
        if rule not in by_rule or zone in _KNOWN:
            by_rule[rule] = zone
    return tuple(by_rule.values())


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    rows = (line.split("\t") for line in _lines("zone.tab"))
    return {row[2]: row[0] for row in rows}


def _lines(table: str) -> list[str]:
    text = resources.files("tzdata").joinpath("zoneinfo", table).read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def _names(name: str) -> list[str]:
    """Korea (South): Korea, South Korea. St Lucia: Saint Lucia too. Trinidad & Tobago: and."""
    plain, _, more = name.removesuffix(")").replace("&", "and").partition(" (")
    names = [plain, f"{more} {plain}"] if more else [plain]
    return names + [one.replace("St ", "Saint ", 1) for one in names if one.startswith("St ")]


def _rule(zone: str) -> str:
    """How a zone's clock goes on after its last listed change: the end of its file (RFC 9636)."""
    data = resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
    return data.rstrip(b"\n").rsplit(b"\n", 1)[-1].decode("ascii")
