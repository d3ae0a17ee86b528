"""What a person may set in the widget, described as elements it only has to draw."""

from typing import Annotated, Any, Literal

from aiohttp import web
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from bot.content.formats import Formats
from bot.content.labels import SettingsLabels
from bot.content.parse import Content
from bot.errors import RequestError
from bot.ledger import windows
from bot.ledger.caps import PAUSE_HOURS
from bot.model.message import Kind, Reply
from bot.model.money import NO_LIMIT, PERIODS, Period
from bot.model.person import Person
from bot.web.answers import json
from bot.web.asked import MOST_CREDITS
from bot.web.body import read
from bot.web.door import Door

BEGINS, ENDS = range(9, 22), range(8, 21)  # hours of quiet: the night between is always quiet
DAY_HOURS = 24
Element = list[Any]  # [name, properties, *children]: text is only ever text
_Given = Annotated[str, Meta(max_length=60)]


class SettingsAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """The form as it stood when one of its buttons was pressed, `do`; `show` when it is opened."""

    do: Literal["save", "confirm", "pause", "export", "erase", "yes", "show"]
    language: _Given = ""
    time_zone: _Given = ""
    nudges: _Given = ""
    quiet_from: _Given = ""
    quiet_to: _Given = ""
    day: _Given = ""
    week: _Given = ""
    month: _Given = ""
    days: _Given = ""


class SettingsPage(Struct, frozen=True):
    """What to draw, and what happened: something to tell, a new language, a file to keep.

    An element is [name, properties, children...], a child is an element or a text.
    """

    parts: list[Any] = []
    told: str = ""
    language: str = ""
    file: dict[str, Any] | UnsetType = UNSET
    is_erased: bool = False


_ask = Decoder(SettingsAsk)


async def words(door: Door, request: web.Request) -> web.Response:
    """The widget's own words in a language, with the bot's name; in English where it has none."""
    content = door.service.catalogs.current.script.content
    name = door.service.settings.brand.name or door.service.settings.bot.name
    return json(content.label(request.match_info["locale"]).chat.of(name))


async def press(door: Door, request: web.Request) -> web.Response:
    """The settings of whoever calls, with labels in a language, after a button was pressed."""
    ask = await read(request, _ask)
    view = await _view(door, request)
    told, language = "", ""
    match ask.do:
        case "save":
            told = await _save(door, ask, view)
            language = "" if ask.language == view.person.profile.language else ask.language
        case "confirm":
            told = await _limit(door, view, "limits_confirm", {})
        case "pause":
            hours = DAY_HOURS * _number("days", ask.days, MOST_CREDITS)
            await _take(door, view.person, "pause", "pause_start", {"hours": hours})
            told = (await _view(door, request)).paused()
        case "export":
            return json(SettingsPage(file=await door.service.export(view.person.id)))
        case "erase":
            return json(SettingsPage(view.question()))
        case "yes":
            await door.service.erase(view.person.id)
            return json(SettingsPage(is_erased=True))
        case "show":
            pass
    return json(SettingsPage((await _view(door, request)).form(), told, language))


async def _save(door: Door, ask: SettingsAsk, view: "_View") -> str:
    """Whatever differs from what is set now; what to tell of it."""
    caps: dict[str, Any] = {
        period: NO_LIMIT if given == "" else _number(period, given, MOST_CREDITS)
        for period in PERIODS
        if (given := getattr(ask, period)) != view.cap(period)
    }
    try:
        mine = _profile(ask, view)
        if mine:
            await _take(door, view.person, "profile", "put", mine)
    except RequestError as error:
        if error.field != "quiet_from":
            raise
        raise RequestError(error.code, view.say.ends, error.field) from None
    return await _limit(door, view, "limits_put", caps) if caps else view.say.saved


async def _limit(door: Door, view: "_View", name: str, caps: dict[str, Any]) -> str:
    """What came of a wish for other limits, in words."""
    reply = await _take(door, view.person, "limits", name, caps)
    body = reply.body or {}
    if body.get("reason"):
        return view.say.refused
    return view.say.higher if body.get("pending") else view.say.saved


def _profile(ask: SettingsAsk, view: "_View") -> dict[str, Any]:
    profile = view.person.profile
    props: dict[str, Any] = {}
    if ask.language not in ("", profile.language):
        if ask.language not in view.content.locales:
            known = ", ".join(view.content.locales)
            raise RequestError("bad_input", f"one of {known}", "language")
        props["language"] = ask.language
    if ask.time_zone not in ("", profile.time_zone):
        props["time_zone"] = ask.time_zone
    quiet = [
        None if given == "" else _number(name, given, DAY_HOURS - 1)
        for name, given in (("quiet_from", ask.quiet_from), ("quiet_to", ask.quiet_to))
    ]
    if quiet != list(profile.quiet or (None, None)):
        props["quiet_from"], props["quiet_to"] = quiet
    if bool(ask.nudges) != view.person.consent.nudges:
        props["consent"] = {"nudges": bool(ask.nudges)}
    return props


def _number(name: str, given: str, most: int) -> int:
    if not (given.isascii() and given.isdigit() and int(given) <= most):
        raise RequestError("bad_input", f"a whole number from 0 to {most}", name)
    return int(given)


async def _take(door: Door, person: Person, kind: Kind, name: str, props: dict[str, Any]) -> Reply:
    return (await door.service.turn.take(door.inbound(kind, name, person.id, props))).reply


async def _view(door: Door, request: web.Request) -> "_View":
    person_id = door.own(request)
    person = await door.somebody(person_id)
    script = door.service.catalogs.current.script
    locale = request.match_info["locale"]
    now = max(door.service.clock.now(), person.last_at)
    caps = [windows.cap(person.spending, period, now, script.limits) for period in PERIODS]
    name = door.service.settings.brand.name or door.service.settings.bot.name
    zone = person.profile.time_zone or door.service.settings.bot.time_zone
    href = f"//{request.host}/me#token={door.tokens.issue(person_id).token}"
    return _View(person, script.content, locale, now, tuple(caps), name, zone, href)


class _View(Struct, frozen=True):
    """A person's settings now, and the words for them; `name` is the bot's.

    `href` leads to their own page: what stands in a fragment is sent to nobody.
    """

    person: Person
    content: Content
    locale: str
    now: int
    caps: tuple[int | None, ...]
    name: str
    zone: str
    href: str

    @property
    def say(self) -> SettingsLabels:
        return self.content.label(self.locale).settings

    @property
    def formats(self) -> Formats:
        return self.content.format(self.locale[:2])

    def cap(self, period: Period) -> str:
        """A limit as its field holds it."""
        cap = dict(zip(PERIODS, self.caps, strict=True))[period]
        return "" if cap is None else str(cap)

    def form(self) -> list[Element]:
        """Everything that can be set, kept or erased."""
        parts = (self._mine, self._limits, self._pending, self._pause, self._page, self._data)
        return [element for part in parts for element in part()]

    def paused(self) -> str:
        """Until when paid content is closed, in words; empty when no pause was asked for."""
        until = windows.closed_until(self.person.spending, "pause", self.now)
        return "" if until is None else self.say.until.replace("{at}", self._at(until))

    def question(self) -> list[Element]:
        """The second question before everything goes; the no has the focus."""
        no = _button("show", self.say.no, className="first")
        choices = ["div", {"className": "choices"}, _button("yes", self.say.yes), no]
        return [["p", {}, self.say.sure], choices]

    def _mine(self) -> list[Element]:
        say, profile = self.say, self.person.profile
        tongues = {one: self.content.label(one).settings.itself for one in self.content.locales}
        zone = profile.time_zone or ""
        first, last = profile.quiet or ("", "")
        nudges = {"type": "checkbox", "name": "nudges", "checked": self.person.consent.nudges}
        return [
            _pick("language", say.language, tongues, profile.language),
            _pick("time_zone", say.zone, {zone: zone}, zone),
            _group(
                say.quiet,
                _pick("quiet_from", say.start, self._hours(BEGINS), first),
                _pick("quiet_to", say.end, self._hours(ENDS), last),
            ),
            [
                "label",
                {},
                ["input", nudges],
                say.nudges.replace("{name}", self.name),
            ],
        ]

    def _hours(self, hours: range) -> dict[Any, str]:
        return {"": self.say.usual, **{hour: f"{hour}:00" for hour in hours}}

    def _limits(self) -> list[Element]:
        say = self.say
        number = {"type": "number", "min": 0, "max": MOST_CREDITS, "placeholder": say.none}
        fields = [
            _labelled(
                getattr(say, period),
                ["input", {**number, "name": period, "value": self.cap(period)}],
            )
            for period in PERIODS
        ]
        credits = windows.balance(self.person.spending, self.now)
        return [
            _group(say.limits, *fields),
            ["p", {"className": "quiet"}, say.left.replace("{n}", str(credits))],
            _button("save", say.save),
        ]

    def _pending(self) -> list[Element]:
        """A higher limit takes a second yes, a day after the first."""
        waits = self.person.spending.request
        if waits is None or self.now >= waits.lapses_at:
            return []
        start, end = self._at(waits.confirm_from), self._at(waits.lapses_at)
        text = self.say.pending.replace("{start}", start).replace("{end}", end)
        is_open = self.now >= waits.confirm_from
        return [["p", {}, text], *([_button("confirm", self.say.confirm)] if is_open else [])]

    def _pause(self) -> list[Element]:
        one, more = self.formats.units["day"]
        days = {hours // DAY_HOURS: more for hours in PAUSE_HOURS} | {1: one}
        return [
            ["hr", {}],
            _pick("days", self.say.pause, {n: f"{n} {word}" for n, word in days.items()}, 1),
            ["p", {"className": "quiet"}, self.paused() or self.say.firm],
            _button("pause", self.say.begin),
        ]

    def _page(self) -> list[Element]:
        link = {"href": self.href, "target": "_blank", "rel": "noopener"}
        return [["hr", {}], ["p", {}, ["a", link, self.say.page]]]

    def _data(self) -> list[Element]:
        say = self.say
        kinds = {"transcript": say.transcript, "export": say.export, "erase": say.erase}
        return [["hr", {}], _group(say.mine, *[_button(do, text) for do, text in kinds.items()])]

    def _at(self, at: int) -> str:
        return self.formats.instant(at, self.zone)


def _labelled(text: str, control: Element) -> Element:
    return ["label", {}, ["span", {}, text], control]


def _pick(name: str, text: str, values: dict[Any, str], chosen: Any) -> Element:
    options = [
        ["option", {"value": value, "selected": value == chosen}, shown]
        for value, shown in values.items()
    ]
    return _labelled(text, ["select", {"name": name}, *options])


def _group(text: str, *parts: Element) -> Element:
    return ["fieldset", {}, ["legend", {}, text], *parts]


def _button(do: str, text: str, **properties: str) -> Element:
    return ["button", {"name": "do", "value": do, **properties}, text]
