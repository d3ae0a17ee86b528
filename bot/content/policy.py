"""What persuasion may not do: promises of gain, a machine posing as human, guilt at leaving."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.authored import Node, Report, did_you_mean
from bot.content import wording
from bot.content.wording import AnyOf, Word, Wording
from bot.people.calendar import HOUR_US

# P05: nobody can promise a price or a return (UCPD Annex I, FCA COBS 4). P09: a machine has no
# body, no licence, and is not left alone (California SB 243, AI Act Art. 5).
GROUPS = {
    "promises": ("C020", "promises a price or a gain (P05)"),
    "gains": ("C020", "names a gain without its period and source (P05)"),
    "human": ("C021", "speaks as a human (P09)"),
    "guilt": ("C021", "makes somebody feel guilty for leaving (P09)"),
}
LISTS = ("period", "source", "unless", "unless_after")
DISCLOSED_EVERY_US = 3 * HOUR_US  # P08: what this is, said again in a conversation that lasts
DISCLOSING = ("disclosure", "are_you_human")  # P08: these name the machine in every voice
FAR = 8  # words between a word of `unless` and what it turns into the contrary


class Lexicon(Struct, frozen=True):
    """One locale's phrases: what may not be said, what turns it into the contrary, and (machine)
    the words for what we are.
    """

    groups: dict[str, AnyOf]
    lists: dict[str, AnyOf]
    machine: tuple[str, ...] = ()


class Breach(Struct, frozen=True):
    """What a text may not say: the group it belongs to, and the words."""

    group: str
    words: str

    @property
    def code(self) -> str:
        return GROUPS[self.group][0]

    @property
    def problem(self) -> str:
        return f"'{self.words}' {GROUPS[self.group][1]}"


def breaches(lexicon: Lexicon, text: str) -> Iterator[Breach]:
    """Everything a text may not say; a sentence that says the contrary may stand."""
    for words in wording.sentences(text):
        for group, wanted in lexicon.groups.items():
            found = next(_meant(lexicon, group, words, wanted), None)
            if found is None or (group == "gains" and _is_sourced(lexicon, words)):
                continue
            yield Breach(group, " ".join(word.text for word in words[found[0] : found[1]]))


def names_machine(lexicon: Lexicon, text: str) -> bool:
    """P08: the text says that a machine speaks."""
    folded = text.casefold()
    return not lexicon.machine or any(word in folded for word in lexicon.machine)


def _meant(
    lexicon: Lexicon, group: str, words: Sequence[Word], wanted: AnyOf
) -> Iterator[tuple[int, int]]:
    """Where phrases stand that no word before or after turns into the contrary.

    Guilt has no contrary: nobody is blamed by saying so either.
    """
    for start, end in wording.find(words, wanted):
        near, after = words[max(0, start - FAR) : start], words[end:]
        says_contrary = _has(lexicon, "unless", near) or _has(lexicon, "unless_after", after)
        if group == "guilt" or not says_contrary:
            yield start, end


def _has(lexicon: Lexicon, name: str, words: Sequence[Word]) -> bool:
    wanted = lexicon.lists.get(name)
    return wanted is not None and any(True for _ in wording.find(words, wanted))


def _is_sourced(lexicon: Lexicon, words: Sequence[Word]) -> bool:
    """A gain that says over which time, and who measured it."""
    return _has(lexicon, "period", words) and _has(lexicon, "source", words)


def parse_policy(files: Mapping[str, Node], report: Report) -> dict[str, Lexicon]:
    """The lexicon of every content/<locale>/policy.yaml; a locale that speaks needs one."""
    found = {
        file.split("/")[1]: _lexicon(root, report)
        for file, root in files.items()
        if file.startswith("content/") and file.endswith("/policy.yaml")
    }
    for file in files:
        folder, _, name = file.rpartition("/")
        if name == "replies.yaml" and folder.removeprefix("content/") not in found:
            place = Node(f"{folder}/policy.yaml", 1, 1, "")
            report.error(place, "C024", f"this file is missing; {file} cannot be checked without")
    return found


def _lexicon(root: Node, report: Report) -> Lexicon:
    pairs = report.fields(root, ["policy"], ["policy"], "C024")
    if "policy" not in pairs:
        return Lexicon({}, {})
    keys = ["words", *GROUPS, *LISTS, "machine"]
    parts = report.fields(pairs["policy"], keys, [*GROUPS, "machine"], "C024")
    lists: dict[str, AnyOf] = {}
    for name, node in report.mapping(parts.get("words"), "C024").items():
        lists[name] = _phrases(node, {}, report)
    read = {
        name: _phrases(parts[name], lists, report) for name in (*GROUPS, *LISTS) if name in parts
    }
    return Lexicon(
        {name: read[name] for name in GROUPS if name in read},
        {name: read[name] for name in LISTS if name in read},
        tuple(one.casefold() for one in report.texts(parts.get("machine"), "C024")),
    )


def _phrases(node: Node, lists: Mapping[str, AnyOf], report: Report) -> AnyOf:
    found: list[Wording] = []
    for one in report.items(node, "C024"):
        try:
            phrase = wording.read(report.text(one, code="C024"), lists)
        except KeyError as error:
            name = str(error.args[0])
            hint = did_you_mean(name, [*lists, *wording.NUMBERS])
            report.error(one, "C024", f"'{{{name}}}' is not a list of words", hint)
            continue
        if not phrase or isinstance(phrase[0], wording.Gap):
            report.error(one, "C024", "a phrase begins with a word or a {list}")
            continue
        found.append(phrase)
    if not found:
        report.error(node, "C024", "a list without a phrase checks nothing")
    return wording.any_of(found)
