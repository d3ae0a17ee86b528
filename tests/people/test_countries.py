"""Countries by name, and the times their clocks show."""

import pytest

from bot.people.calendar import is_zone
from bot.people.countries import called, clocks_of, country_of


@pytest.mark.parametrize(
    ("country", "zones"),
    [
        ("FI", ("Europe/Helsinki",)),
        ("DE", ("Europe/Berlin",)),  # Busingen shows the same time
        ("ES", ("Europe/Madrid", "Atlantic/Canary")),
        ("PT", ("Europe/Lisbon", "Atlantic/Azores")),
    ],
)
def test_zones_that_go_on_alike_are_one_clock(country: str, zones: tuple[str, ...]) -> None:
    assert clocks_of(country) == zones


def test_every_country_has_a_clock_of_its_own() -> None:
    for country in called():
        clocks = clocks_of(country)
        assert all(is_zone(zone) and country_of(zone) == country for zone in clocks)
        assert clocks or country in ("BV", "HM")  # nobody lives there
    assert len(clocks_of("US")) == 8


def test_a_country_is_called_by_more_than_the_name_of_the_table() -> None:
    assert called()["KP"] == ("Korea", "North Korea")
    assert called()["LC"] == ("St Lucia", "Saint Lucia")
    assert called()["TT"] == ("Trinidad and Tobago",)
