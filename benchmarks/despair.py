"""How well despair is heard, and the weights of content/despair.yaml.

Trains a linear model on tests/talk/heard and everything harmless at hand: the shipped phrases,
lessons, and the public intent sets beside the project. Prints what five folds hear of texts they
were not shown, alone and together with the patterns of crisis.yaml; the last line is JSON.

    python benchmarks/despair.py            # measures
    python benchmarks/despair.py --write    # measures, then writes content/despair.yaml
"""

import argparse
import csv
import json
import re
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.authored import Report, parse
from bot.sources import read_files
from bot.talk.alarm import Alarm, locale_heard, parse_alarm
from bot.talk.despair import BEGINNING, FILE, MOST_WORDS, features
from bot.talk.slots import normalise

ROOT = Path(__file__).resolve().parents[1]
HEARD = ROOT / "tests" / "talk" / "heard"
INTENTS = ROOT.parent / "shared" / "data" / "intents"
KEPT = 6_000  # weights; the heaviest
LEAST = 1.5  # log odds from which on a text sounds like despair
SOFTNESS = 30.0  # inverse of the regularisation
FOLDS = 5
SHOWN = 12_000  # public texts that are trained on; the others are held back
HEAD = """\
# Weights of words and pairs of words, in hundredths, learnt from labelled texts: they hear despair
# that the patterns of crisis.yaml do not name. Made by `python benchmarks/despair.py --write`;
# do not edit by hand. Without this file the patterns stand alone.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write content/despair.yaml")
    options = parser.parse_args()
    despair, alike, ordinary, public = texts("crisis"), texts("harmless"), shipped(), everyday()
    shown, held = public[:SHOWN], public[SHOWN:]
    alarm = patterns()
    alone, together, wrong = folded(despair, alike, [*ordinary, *shown], alarm)
    vector, weights, bias = trained(despair, alike, [*ordinary, *shown])
    alarms = int((vector.transform(held) @ weights + bias > LEAST).sum()) if held else 0
    print(f"of {len(despair)} texts not shown, heard by the weights alone: {alone:.3f}")
    print(f"with the patterns of crisis.yaml: {together:.3f}")
    print(f"of {len(alike)} look-alikes not shown, taken for despair: {wrong}")
    print(f"of {len(held)} public texts not shown, taken for despair: {alarms}")
    if options.write:
        write(vector, weights, bias)
    figures = {"recall_alone": alone, "recall": together, "alike_wrong": wrong, "alarms": alarms}
    print(json.dumps(figures | {"public": len(held)}))


def texts(name: str) -> list[str]:
    return (HEARD / f"{name}.txt").read_text("utf-8").splitlines()


def shipped() -> list[str]:
    """Every sentence of the lessons and every phrase of the intents."""
    found: list[str] = []
    for file, text in read_files(ROOT).items():
        if "/topics" in file:
            found += re.split(r"(?<=[.?!:])\s+|\n", text)
        elif file.endswith(("intents.yaml", "examples.yaml")):
            node = parse(text, file, Report())
            found += leaves(node.plain()) if node is not None else []
    return [text for text in found if len(text) > 8]


def leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in leaves(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in leaves(one)]
    return [value] if isinstance(value, str) else []


def everyday() -> list[str]:
    """What people say to machines about anything, in a fixed disorder."""
    found: list[str] = []
    for path in sorted(INTENTS.glob("*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [max(row, key=len) for row in csv.reader(file)]
    order = np.random.default_rng(0).permutation(len(found))
    return [found[at] for at in order]


def patterns() -> Alarm:
    """The alarm of the shipped patterns, without weights."""
    report = Report()
    nodes = {f: parse(t, f, report) for f, t in read_files(ROOT).items() if "crisis" in f}
    return parse_alarm({f: node for f, node in nodes.items() if node is not None}, report)


def trained(
    despair: list[str], alike: list[str], ordinary: list[str]
) -> tuple[TfidfVectorizer, "np.ndarray", float]:
    """The heaviest weights of a logistic model; look-alikes count five times."""
    vector = TfidfVectorizer(analyzer=said, use_idf=False, norm="l2", binary=True)
    rows = vector.fit_transform([*despair, *alike, *ordinary])
    meant = [1] * len(despair) + [0] * (len(alike) + len(ordinary))
    counts = [1.0] * len(despair) + [5.0] * len(alike) + [1.0] * len(ordinary)
    model = LogisticRegression(C=SOFTNESS, class_weight="balanced", max_iter=1_000)
    model.fit(rows, meant, sample_weight=counts)
    weights = model.coef_[0]
    weights[np.argsort(-np.abs(weights))[KEPT:]] = 0
    return vector, weights, float(model.intercept_[0])


def said(text: str) -> list[str]:
    return sorted(features([word[:BEGINNING] for word in normalise(text).split()[:MOST_WORDS]]))


def folded(
    despair: list[str], alike: list[str], ordinary: list[str], alarm: Alarm
) -> tuple[float, float, int]:
    """What is heard of texts held back in turn: alone, with the patterns; and what wrongly."""
    alone = together = wrong = 0
    for fold in range(FOLDS):
        vector, weights, bias = trained(
            [text for at, text in enumerate(despair) if at % FOLDS != fold],
            [text for at, text in enumerate(alike) if at % FOLDS != fold],
            ordinary,
        )
        held = despair[fold::FOLDS]
        loud = vector.transform(held) @ weights + bias > LEAST
        alone += int(loud.sum())
        pairs = zip(held, loud, strict=True)
        together += sum(is_loud or is_named(alarm, text) for text, is_loud in pairs)
        wrong += int((vector.transform(alike[fold::FOLDS]) @ weights + bias > LEAST).sum())
    return alone / len(despair), together / len(despair), wrong


def is_named(alarm: Alarm, text: str) -> bool:
    return bool(locale_heard(alarm, normalise(text).split()))


def write(vector: TfidfVectorizer, weights: "np.ndarray", bias: float) -> None:
    names = vector.get_feature_names_out()
    rows = [(round(100 * weights[at]), names[at]) for at in np.flatnonzero(weights)]
    lines = [f"    {weight} {name}" for weight, name in sorted(rows, key=lambda r: (-r[0], r[1]))]
    text = f"despair:\n  bias: {round(100 * bias)}\n  least: {round(100 * LEAST)}\n  weights: |\n"
    (ROOT / FILE).write_text(HEAD + text + "\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} weights written to {FILE}")


if __name__ == "__main__":
    main()
