"""The page as HTML, for every state a person can be in, in every language."""

import re
from typing import Any

import pytest
from msgspec.structs import replace

from bot.app import Service
from bot.web import sheet
from bot.web.door import Door
from bot.web.gathering import standing
from bot.web.standing import NextStep, Repair, RewardNow, Span, Standing
from bot.web.teams import MateLine, TeamNow
from bot.web.wire import Pending, PerPeriod
from tests.web.conftest import Client

AT = "2026-03-02T12:00:00Z"
TEAM = TeamNow(
    "OWLS2345", "circle", "Study circle", "Owls", 1000.0, 50.0, 5, 20.0,
    (MateLine("a member", is_self=True),), AT, AT, is_reached=False,
)  # fmt: skip


@pytest.fixture
async def stands(service: Service, client: Client) -> Standing:
    """Somebody on their first day."""
    body = {"user_id": "ada", "action": "lesson_complete"}
    await client.post("/api/engagement/xp", json=body)
    found: dict[str, Any] = await (await client.get("/v1/progress?user_id=ada")).json()
    assert found["user_id"] == "ada"
    return await standing(_Door(service), "ada")  # type: ignore[arg-type]  # all it reads


class _Door:
    """As much of a door as standing() goes through."""

    somebody = Door.somebody

    def __init__(self, service: Service) -> None:
        self.service = service


def _drawn(service: Service, stands: Standing, told: str = "") -> str:
    response = sheet.drawn(service, stands, "", told)
    assert isinstance(response.body, bytes)
    return re.sub(r"\s+", " ", response.body.decode())


def _states(stands: Standing) -> dict[str, tuple[Standing, str]]:
    """A state by name, and what must be said in it."""
    day, streak, xp, limits = stands.days[0], stands.streak, stands.xp, stands.limits
    marks = ("done", "frozen", "paused", "amnesty", "missed", "repaired", "today")
    week = tuple(replace(day, state=state) for state in marks)
    top = replace(xp, level=10, name="Grandmaster", next_name=None, next_xp=None, share=100.0)
    waits = Pending({"day": None, "week": 90}, AT, AT)
    free = RewardNow("x", "A thing", "To have", 5.0, None)
    return {
        "week": (replace(stands, days=week), "<span>frozen</span>"),
        "top": (replace(stands, xp=top), "There is no level above this one."),
        "rest": (replace(stands, next=NextStep("rest", "")), "Nothing is next."),
        "free": (replace(stands, next=NextStep("free", "")), "every free lesson"),
        "repair": (
            replace(stands, streak=replace(streak, repairable=Repair(12, AT))),
            "Your 12 days can come back",
        ),
        "planned": (
            replace(stands, streak=replace(streak, pauses=(Span("2026-03-05", "2026-03-09"),))),
            "A pause is planned",
        ),
        "no freezes at all": (
            replace(stands, streak=replace(streak, freezes_at=(), milestones=())),
            "No freezes yet.",
        ),
        "pending": (replace(stands, limits=replace(limits, pending=waits)), "can be confirmed"),
        "no limits": (
            replace(stands, limits=replace(limits, limits=PerPeriod(None, None, None))),
            "no limit",
        ),
        "closed": (
            replace(
                stands,
                limits=replace(limits, paused_until=AT, resting_until=AT, care_until=AT),
            ),
            "Paid lessons rest until 2 March 2026",
        ),
        "reward": (
            replace(stands, rewards=(free,), points=replace(stands.points, free_rewards=2)),
            "2 rewards are free for you.",
        ),
        "team": (replace(stands, team=TEAM), "Others join by the code OWLS2345."),
        "team done": (
            replace(stands, team=replace(TEAM, is_reached=True)),
            "Together 50 of 1,000. 20 of it came from you. 1 member.",
        ),
        "nothing": (
            replace(stands, latest=(), rewards=(), achievements=()),
            "What you do shows up here.",
        ),
    }


async def test_every_state_is_drawn_in_every_language(service: Service, stands: Standing) -> None:
    for name, (state, words) in _states(stands).items():
        assert words in _drawn(service, state), name
        for language in (*service.catalogs.current.script.content.locales, "xx"):
            page = _drawn(service, replace(state, language=language))
            assert "{{" not in page and "{%" not in page and "None" not in page, (name, language)


async def test_what_was_done_is_said_where_it_was_done(service: Service, stands: Standing) -> None:
    for told, section in sheet.SECTION_OF.items():
        page = _drawn(service, stands, told)
        within = page.split(f'<section id="{section}"')[1].split("</section>")[0]
        assert 'class="said"' in within and page.count('class="said"') == 1, told
    assert 'class="said"' not in _drawn(service, stands, "<script>")


async def test_colour_never_says_it_alone(service: Service, stands: Standing) -> None:
    """Each state of a day has a shape of its own, or a word of its own beside the shape."""
    state, _ = _states(stands)["week"]
    page = _drawn(service, state).split('<ol class="week"')[1].split("</ol>")[0]
    looks = re.findall(r'<svg class="mark (\w+)".*?</svg> ?<span>(.*?)</span>', page)
    assert len(looks) == 7 and len(set(looks)) == 7


async def test_the_page_for_nobody_speaks_their_language(service: Service) -> None:
    for accepted, words in (
        ("fi-FI,fi;q=0.9", "Oma sivu"),
        ("sv", "Your page"),
        ("", "Your page"),
    ):
        response = sheet.arrival(service, accepted)
        assert isinstance(response.body, bytes) and words in response.body.decode()
