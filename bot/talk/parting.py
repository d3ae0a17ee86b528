"""Where a text of two questions falls into two."""

import re
from collections.abc import Iterator, Sequence

from bot.talk.slots import normalise

MOST_JOINTS = 3  # places a text is tried to be parted at

_SENTENCE_END = re.compile(r"[.?!;]+\s+|\n+")


def parts(
    text: str, words: Sequence[str], joints: frozenset[str]
) -> Iterator[tuple[list[str], list[str]]]:
    """The ways a text falls into two: two sentences, else around a word like "and"."""
    sentences = [one for one in _SENTENCE_END.split(text) if one.strip()]
    if len(sentences) == 2:
        yield normalise(sentences[0]).split(), normalise(sentences[1]).split()
    if len(sentences) > 1:
        return
    places = [place for place in range(1, len(words) - 1) if words[place] in joints]
    for place in places[:MOST_JOINTS]:
        yield list(words[:place]), list(words[place + 1 :])
