"""How much a text sounds like despair: words and pairs of words, weighed as labelled texts taught.

The weights lie in content/despair.yaml and are made by benchmarks/despair.py. They hear what the
patterns of crisis.yaml do not name; where the file is missing, the patterns stand alone.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt

from msgspec import Struct

from bot.authored import Node, Report

FILE = "content/despair.yaml"
BEGINNING = 5  # letters of a word that count: Finnish endings change the rest
MOST_WORDS = 120  # of a text; the rest is not weighed
TELLING = 300  # hundredths a word must weigh to be worth weighing the whole text


class Weights(Struct, frozen=True):
    """Hundredths by feature; `telling` are the words without one of which nothing is weighed."""

    by_feature: dict[str, int]
    bias: int
    least: int
    telling: frozenset[str]


NOTHING = Weights({}, 0, 0, frozenset())


def parse_weights(files: Mapping[str, Node], report: Report) -> Weights:
    """The weights of content/despair.yaml, or none."""
    root = files.get(FILE)
    if root is None:
        return NOTHING
    keys = ["bias", "least", "weights"]
    place = report.fields(root, ["despair"], ["despair"], "U022").get("despair")
    pairs = report.fields(place, keys, keys, "U022") if place is not None else {}
    if len(pairs) < len(keys):
        return NOTHING
    found: dict[str, int] = {}
    for line in report.text(pairs["weights"], code="U022").splitlines():
        weight, _, feature = line.partition(" ")
        if not feature or not weight.removeprefix("-").isdigit():
            report.error(pairs["weights"], "U022", f"'{line[:40]}' is no weight and a feature")
            return NOTHING
        found[feature] = int(weight)
    telling = frozenset(one for one, weight in found.items() if is_word(one) and weight >= TELLING)
    bias = report.integer(pairs["bias"], code="U022")
    least = report.integer(pairs["least"], code="U022")
    return Weights(found, bias, least, telling)


def is_word(feature: str) -> bool:
    return " " not in feature and "_" not in feature


def sounds(weights: Weights, words: Sequence[str]) -> bool:
    """True for a text that weighs enough; a few microseconds where a telling word stands."""
    begun = [word[:BEGINNING] for word in words[:MOST_WORDS]]
    if weights.telling.isdisjoint(begun):
        return False
    said = features(begun)
    by_feature = weights.by_feature
    total = sum([by_feature.get(feature, 0) for feature in said])
    return total / sqrt(len(said)) + weights.bias > weights.least


def features(begun: Sequence[str]) -> set[str]:
    """Beginnings of words, and pairs of them that stand together or one or two words apart."""
    found = set(begun)
    row = ["<", *begun, ">"]
    found.update([f"{a} {b}" for a, b in pairwise(row)])
    found.update([f"{a}_{b}" for a, b in zip(row, row[2:], strict=False)])
    found.update([f"{a}__{b}" for a, b in zip(row, row[3:], strict=False)])
    return found
