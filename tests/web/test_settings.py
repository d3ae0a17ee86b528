"""Settings as the widget sees them: elements to draw, and buttons that do what they say."""

from typing import Any

from aiohttp.test_utils import TestClient

from bot.clock import FrozenClock
from tests.web.conftest import refusal
from tests.web.test_socket import session

US = 1_000_000
DAY_US = 86_400 * US
AS_IT_IS = {"language": "en", "time_zone": "", "day": "20", "week": "60", "month": "120"}


class Form:
    """The settings of one visitor, pressed like a form."""

    def __init__(self, client: TestClient, token: str, locale: str = "en") -> None:
        self._client, self._path = client, f"/widget/settings/{locale}"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def press(self, do: str, **fields: str) -> dict[str, Any]:
        response = await self.send(do, **fields)
        body: dict[str, Any] = await response.json()
        assert response.status == 200, body
        return body

    async def send(self, do: str, **fields: str) -> Any:
        body = {"do": do, **fields}
        return await self._client.post(self._path, json=body, headers=self._headers)

    async def mine(self) -> dict[str, Any]:
        response = await self._client.get("/widget/me", headers=self._headers)
        found: dict[str, Any] = await response.json()
        return found


async def opened(client: TestClient, locale: str = "en") -> Form:
    return Form(client, (await session(client))["token"], locale)


def drawn(part: Any, name: str) -> list[list[Any]]:
    """Every element of that name, in order."""
    if isinstance(part, str):
        return []
    own = [part] if part and part[0] == name else []
    inner = part[2:] if part and isinstance(part[0], str) else part
    return [*own, *(found for one in inner for found in drawn(one, name))]


def buttons(page: dict[str, Any]) -> list[str]:
    return [one[1]["value"] for one in drawn(page["parts"], "button")]


def values(page: dict[str, Any]) -> dict[str, Any]:
    """What stands in each field."""
    found = {one[1]["name"]: one[1].get("value") for one in drawn(page["parts"], "input")}
    for select in drawn(page["parts"], "select"):
        chosen = [one[1]["value"] for one in drawn(select, "option") if one[1]["selected"]]
        found[select[1]["name"]] = chosen[0]
    return found


async def test_what_can_be_set_is_drawn_with_what_is_set(client: TestClient) -> None:
    form = await opened(client)
    page = await form.press("show")
    assert buttons(page) == ["save", "pause", "transcript", "export", "erase"]
    assert values(page) == {
        **AS_IT_IS,
        "nudges": None,
        "quiet_from": "",
        "quiet_to": "",
        "days": 1,
    }
    assert (page["told"], page["language"], page["is_erased"]) == ("", "", False)


async def test_saving_changes_what_differs_and_nothing_else(client: TestClient) -> None:
    form = await opened(client)
    wanted = {**AS_IT_IS, "time_zone": "Europe/Helsinki", "nudges": "on", "day": "5"}
    page = await form.press("save", **wanted, quiet_from="20", quiet_to="9")
    assert page["told"] == "Saved."
    mine = await form.mine()
    assert (mine["time_zone"], mine["nudges"]) == ("Europe/Helsinki", True)
    assert (mine["quiet_from"], mine["quiet_to"]) == (20, 9)
    assert mine["limits"]["limits"] == {"day": 5, "week": 60, "month": 120}
    assert mine["limits"]["pending"] is None  # what stood there already is asked for by nobody
    await form.press("save", **{**wanted, "time_zone": ""}, quiet_from="20", quiet_to="10")
    mine = await form.mine()
    assert (mine["time_zone"], mine["quiet_to"]) == ("Europe/Helsinki", 10)


async def test_a_higher_limit_is_confirmed_a_day_later(
    client: TestClient, clock: FrozenClock
) -> None:
    given = await session(client)
    form = Form(client, given["token"])
    page = await form.press("save", **{**AS_IT_IS, "week": ""})
    assert "confirm" not in buttons(page)
    assert page["told"] == "Saved. A higher limit waits a day, and then for a second yes."
    assert any("can be confirmed from" in one[-1] for one in drawn(page["parts"], "p"))
    assert values(page)["week"] == "60"
    early = await form.press("confirm")
    assert early["told"] == "That could not be done now. Your limits stay as they are."
    clock.move(90_000)
    form = Form(client, (await session(client, visitor=given["visitor"]))["token"])
    page = await form.press("show")
    assert "confirm" in buttons(page)
    page = await form.press("confirm")
    assert values(page)["week"] == "" and page["told"] == "Saved."


async def test_a_pause_says_its_end_in_their_language(client: TestClient) -> None:
    form = await opened(client, "fi")
    page = await form.press("pause", days="7")
    told = [one[-1] for one in drawn(page["parts"], "p")]
    assert page["told"].startswith("Tauko kestää ") and page["told"] in told
    days = [one[-1] for one in drawn(page["parts"], "option") if one[1]["value"] in (1, 7)]
    assert days == ["1 päivä", "7 päivää"]
    assert (await form.mine())["limits"]["paused_until"] is not None


async def test_erasing_asks_twice_and_the_no_has_the_focus(client: TestClient) -> None:
    form = await opened(client)
    await form.press("save", **{**AS_IT_IS, "day": "5"})
    page = await form.press("erase")
    yes, no = drawn(page["parts"], "button")
    assert (yes[1]["value"], no[1]["value"]) == ("yes", "show")
    assert no[1]["className"] == "first" and "className" not in yes[1]
    assert (await form.press("show"))["parts"]
    assert (await form.mine())["limits"]["limits"]["day"] == 5
    assert (await form.press("yes"))["is_erased"] is True
    assert (await form.mine())["limits"]["limits"]["day"] == 20


async def test_everything_stored_comes_as_a_file(client: TestClient) -> None:
    form = await opened(client)
    await form.press("save", **{**AS_IT_IS, "day": "5"})
    assert (await form.press("export"))["file"]


async def test_a_new_language_is_told_once(client: TestClient) -> None:
    form = await opened(client)
    assert (await form.press("save", **{**AS_IT_IS, "language": "fi"}))["language"] == "fi"
    assert (await form.press("save", **{**AS_IT_IS, "language": "fi"}))["language"] == ""


async def test_what_cannot_be_set_names_its_field(client: TestClient) -> None:
    form = await opened(client)
    for field, wrong in (
        ("language", "xx"),
        ("time_zone", "Nowhere/Else"),
        ("quiet_from", "25"),
        ("day", "-1"),
        ("week", "1000001"),
        ("month", "²"),
    ):
        error = await refusal(
            await form.send("save", **{**AS_IT_IS, field: wrong}), 400, "bad_input"
        )
        assert error["field"] == field
    assert (await form.mine())["language"] == "en"
    both = {"language": "fi", "day": "-1"}
    await refusal(await form.send("save", **{**AS_IT_IS, **both}), 400, "bad_input")
    assert (await form.mine())["language"] == "en"  # all of a form, or nothing
    error = await refusal(await form.send("pause", days="two"), 400, "bad_input")
    assert error["field"] == "days"
    await refusal(await form.send("dance"), 400, "bad_input")


async def test_quiet_hours_with_one_end_are_refused_in_words(client: TestClient) -> None:
    form = await opened(client, "fi")
    answer = await form.send("save", **AS_IT_IS, quiet_from="19", quiet_to="")
    error = await refusal(answer, 400, "bad_input")
    assert error["message"].startswith("Valitse hiljaisten tuntien molemmat päät")


async def test_the_words_are_those_of_the_language_or_english(client: TestClient) -> None:
    for asked, locale, log in (
        ("en", "en", "Conversation with Sam"),
        ("fi", "fi", "Keskustelu: Sam"),
        ("fi-FI", "fi", "Keskustelu: Sam"),
        ("xx", "en", "Conversation with Sam"),
    ):
        said = await (await client.get(f"/widget/words/{asked}")).json()
        assert (said["locale"], said["log"], said["name"]) == (locale, log, "Sam")
