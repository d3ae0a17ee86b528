"""Names on leaderboards: friendly ones made up for people, and what a chosen one may be."""

import hashlib
import re
import unicodedata
from urllib.parse import quote

SHORTEST, LONGEST = 2, 24
MOST_DIGITS = 6  # more could be a telephone number
RESERVED = frozenset(
    ("admin", "administrator", "moderator", "operator", "staff", "support", "system", "bot",
     "removed", "removeduser", "anonymous", "nobody")
)  # fmt: skip
HANDLE_CHARS = 16

# No word that is a first name, an insult, or bawdy beside one of the other list. A word that is
# replaced is replaced where it stands: everybody else keeps the name they were given.
_FIRST = (
    "Able Agile Alert Azure Bold Brave Breezy Bright Brisk Calm Candid Clear Clever Cosy"
    " Crisp Curious Daring Dapper Deft Early Earnest Elegant Fair Fleet Fresh Gentle Glad"
    " Golden Happy Hardy Hopeful Honest Humble Jolly Keen Kind Lively Lucky Lunar Mellow Merry"
    " Mild Mindful Mighty Modest Nimble Noble Orderly Patient Plucky Polar Proud Quick Quiet"
    " Ready Rapid Serene Solar Steady Sunny Swift Tidy Witty Wise"
)
_SECOND = (
    "Badger Bunting Bison Bluebird Caribou Condor Coral Crane Cricket Curlew Deer Dolphin"
    " Dove Eagle Egret Elk Falcon Ferret Finch Fox Gecko Grebe Gazelle Hare Hawk Hedgehog"
    " Heron Ibex Ibis Jackdaw Kestrel Kiwi Koala Lark Linnet Lynx Magpie Marten Mallard Moose"
    " Newt Ocelot Orca Osprey Otter Owl Panda Pelican Penguin Plover Puffin Rabbit Raven"
    " Redstart Salmon Seal Sparrow Squirrel Stork Siskin Swan Tern Turtle Wren"
)
FIRST, SECOND = tuple(_FIRST.split()), tuple(_SECOND.split())
_MADE = re.compile(rf"({'|'.join(FIRST)})({'|'.join(SECOND)})[0-9]{{4}}\Z", re.IGNORECASE)
_JOINS = " -_'"
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")  # these have look-alikes
_ALIKE = str.maketrans("аеорсухіјѕһԁԛԝкмтвнοανρικτυχı", "aeopcyxijshdqwkmtbhoavpiktuxi")


def handle(seed: str) -> str:
    """What a line is known by on the wire: says nothing of whoever it is."""
    return hashlib.sha256(f"board|{seed}".encode()).hexdigest()[:HANDLE_CHARS]


def made_up(handle: str) -> str:
    """The name of somebody who chose none: always the same for a handle."""
    number = int(handle, 16)
    number, first = divmod(number, len(FIRST))
    number, second = divmod(number, len(SECOND))
    return f"{FIRST[first]} {SECOND[second]} {number % 10_000:04}"


def picture(handle: str, name: str) -> str:
    """A small picture as a data: address: the initials on a colour that goes with the handle."""
    hue = int(handle[:4], 16) % 360
    initials = "".join(word[0] for word in name.split() if word[0].isalpha())[:2].upper()
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
        f"<circle cx='16' cy='16' r='16' fill='hsl({hue},45%,30%)'/><text x='16' y='21'"
        " text-anchor='middle' font-family='sans-serif' font-size='13'"
        f" fill='#fff'>{initials}</text></svg>"
    )
    return f"data:image/svg+xml,{quote(svg)}"


def tidied(name: str) -> str:
    """A chosen name as it is shown: composed, without spaces around it or two in a row."""
    return " ".join(part for part in unicodedata.normalize("NFC", name).split(" ") if part)


def problem(name: str) -> str:
    """Why a tidied name cannot be taken; empty when it can."""
    if not SHORTEST <= len(name) <= LONGEST:
        return f"a name has {SHORTEST} to {LONGEST} characters"
    if not all(_is_fit(char) for char in name):
        return "a name is made of letters, digits, spaces, hyphens, underscores and apostrophes"
    if sum(char.isalpha() for char in name) < SHORTEST:
        return f"a name has at least {SHORTEST} letters"
    if len(_alphabets(name)) > 1:
        return "a name is written in one alphabet"
    if sum(char.isdigit() for char in name) > MOST_DIGITS:
        return f"a name has at most {MOST_DIGITS} digits"
    plain = key(name)
    if plain in RESERVED:
        return "this name is reserved"
    if _MADE.match(plain):
        return "this name is like those made up for others"
    return ""


def key(name: str) -> str:
    """What two names share that could be taken for each other."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if char not in _JOINS).translate(_ALIKE)


def _alphabets(name: str) -> set[str]:
    words = (unicodedata.name(char, "").partition(" ")[0] for char in name if char.isalpha())
    return {word for word in words if word in _ALPHABETS}


def _is_fit(char: str) -> bool:
    """Letters, digits, what joins them, and the marks without which some scripts are not read."""
    is_mark = unicodedata.category(char) in ("Mn", "Mc")
    return char.isalpha() or char.isdigit() or char in _JOINS or is_mark
