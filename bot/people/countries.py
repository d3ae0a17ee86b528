"""The country a time zone lies in, as the zone database has it."""

from functools import lru_cache
from importlib import resources

# Old names that stand for one country; the rest of them lead nowhere.
_OLD = {"US": "US", "Canada": "CA", "Australia": "AU", "NZ": "NZ", "GB": "GB", "Eire": "IE"}


def country_of(zone: str) -> str:
    """ISO 3166 code of the zone's country, like FI; empty for UTC and names nobody knows."""
    return _countries().get(zone) or _OLD.get(zone.split("/")[0], "")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    text = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
