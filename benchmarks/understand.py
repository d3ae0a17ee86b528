"""How often the classifier is right: public intent sets, or anybody's own files of examples."""

import argparse
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from load import last_line, table
from sklearn.model_selection import train_test_split

from bot.talk.classify import Classifier, Ranking, classify, prepared
from bot.talk.slots import normalise
from bot.training.learn import Sentence, train

ROOT = Path(__file__).resolve().parents[1]
SETS = ROOT.parent / "shared" / "data" / "intents"
HELD_BACK, SEED = 0.25, 0
GATES = {"clinc150": 0.955, "banking77": 0.90, "hwu64": 0.895}  # accuracy without rejection
GATE_US = 50

Rows = list[tuple[str, str]]


@dataclass
class Outcome:
    """One set: accuracies without and with rejection (0-1), and what it cost."""

    name: str
    taught: int
    intents: int
    n: int
    accuracy: float
    accuracy_rejecting: float
    oos_recall: float | None
    us_per_message: float
    train_s: float

    def figures(self) -> dict[str, object]:
        return {
            "accuracy": round(self.accuracy, 4),
            "accuracy_rejecting": round(self.accuracy_rejecting, 4),
            "oos_recall": None if self.oos_recall is None else round(self.oos_recall, 4),
            "n": self.n,
            "us_per_message": round(self.us_per_message, 1),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, help="CSV with the columns text and intent")
    parser.add_argument("--test", type=Path, help="CSV with the columns text and intent")
    parser.add_argument("--oos", type=Path, help="CSV with the column text: what no intent means")
    parser.add_argument("--shots", type=int, help="teach at most so many sentences an intent")
    given = parser.parse_args()
    if (given.train is None) != (given.test is None):
        parser.error("--train and --test go together")
    if given.oos is not None and given.train is None:
        parser.error("--oos goes with --train and --test")
    if given.train is not None:
        outcomes = [_own(given)]
    elif SETS.exists():
        outcomes = [_shipped(name, rows, oos, given.shots) for name, rows, oos in _public()]
    else:
        parser.error(f"the public sets are not in {SETS}; give --train and --test")
    _report(outcomes)


def _own(given: argparse.Namespace) -> Outcome:
    taught, asked = read_rows(given.train), read_rows(given.test)
    oos = read_texts(given.oos) if given.oos is not None else []
    strange = {intent for _, intent in asked} - {intent for _, intent in taught}
    if strange:
        print(f"never taught, so never right: {', '.join(sorted(strange)[:10])}")
    return measured(given.train.stem, few(taught, given.shots), asked, oos)


def _shipped(name: str, rows: Rows, oos: Sequence[str], shots: int | None) -> Outcome:
    intents = [intent for _, intent in rows]
    taught, asked = train_test_split(
        rows, test_size=HELD_BACK, random_state=SEED, stratify=intents
    )
    return measured(name, few(taught, shots), asked, oos)


def _public() -> list[tuple[str, Rows, list[str]]]:
    clinc = json.loads((SETS / "clinc150" / "train.json").read_text())
    parts = {name: [(str(text), str(intent)) for text, intent in clinc[name]] for name in clinc}
    oos = [text for name in ("oos_train", "oos_val") for text, _ in parts[name]]
    return [
        ("clinc150", parts["train"] + parts["val"], oos),
        ("banking77", _columns(SETS / "banking77" / "train.csv", ("text", "category")), []),
        ("hwu64", _columns(SETS / "hwu64" / "train.csv", ("text", "intent")), []),
    ]


def read_rows(path: Path) -> Rows:
    """The texts and intents of a CSV file; ends the program with a sentence when it has none."""
    return _columns(path, ("text", "intent"))


def read_texts(path: Path) -> list[str]:
    return [text for text, _ in _columns(path, ("text", "text"))]


def _columns(path: Path, names: tuple[str, str]) -> Rows:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            found = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = found
            lacking = sorted(set(names) - set(found))
            if lacking:
                sys.exit(
                    f"{path}: the first line must name the column {' and '.join(lacking)}; "
                    f"it names {', '.join(found) or 'nothing'}"
                )
            one, other = names
            rows = [(line[one] or "", line[other] or "") for line in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        sys.exit(f"{path}: cannot be read: {error}")
    rows = [(text, intent.strip()) for text, intent in rows if text.strip() and intent.strip()]
    if not rows:
        sys.exit(f"{path}: not one line has a text" + (" and an intent" if one != other else ""))
    return rows


def few(rows: Rows, shots: int | None) -> Rows:
    """At most so many sentences of each intent, the first ones."""
    if shots is None:
        return rows
    seen: Counter[str] = Counter()
    kept = []
    for text, intent in rows:
        seen[intent] += 1
        if seen[intent] <= shots:
            kept.append((text, intent))
    return kept


def measured(name: str, taught: Rows, asked: Rows, oos: Sequence[str]) -> Outcome:
    """Trained and asked with the code of the product."""
    began = time.perf_counter()
    try:
        data, _ = train([Sentence(normalise(text).split(), intent) for text, intent in taught])
    except ValueError as error:
        sys.exit(f"{name}: {error}")
    train_s = time.perf_counter() - began
    model = prepared(data)
    answers = [heard(model, text) for text, _ in asked]
    began = time.process_time()
    for text, _ in asked:
        heard(model, text)
    spent = time.process_time() - began
    right = [
        answer.ranks[0].intent == intent
        for answer, (_, intent) in zip(answers, asked, strict=True)
    ]
    sure = [answer.confidence >= model.head.least for answer in answers]
    refused = [heard(model, text).confidence < model.head.least for text in oos]
    return Outcome(
        name=name,
        taught=len(taught),
        intents=len(model.head.intents),
        n=len(asked),
        accuracy=sum(right) / len(asked),
        accuracy_rejecting=sum(map(all, zip(right, sure, strict=True))) / len(asked),
        oos_recall=sum(refused) / len(oos) if oos else None,
        us_per_message=spent / len(asked) * 1e6,
        train_s=train_s,
    )


def heard(model: Classifier, text: str) -> Ranking:
    return classify(model, normalise(text).split())


def _report(outcomes: Sequence[Outcome]) -> None:
    heads = ("set", "taught", "intents", "asked", "right", "gate", "right and sure")
    rows = [
        (
            one.name,
            one.taught,
            one.intents,
            one.n,
            f"{one.accuracy:.2%}",
            f"{GATES[one.name]:.1%}" if one.name in GATES else "",
            f"{one.accuracy_rejecting:.2%}",
            "" if one.oos_recall is None else f"{one.oos_recall:.1%}",
            f"{one.us_per_message:.0f}",
            f"{one.train_s:.0f}",
        )
        for one in outcomes
    ]
    table((*heads, "outside refused", f"us (gate {GATE_US})", "trained s"), rows)
    n = sum(one.n for one in outcomes)
    recalls = [one.oos_recall for one in outcomes if one.oos_recall is not None]
    sets = {one.name: one.figures() for one in outcomes} if len(outcomes) > 1 else {}
    last_line(
        accuracy=round(sum(one.accuracy * one.n for one in outcomes) / n, 4),
        accuracy_rejecting=round(sum(one.accuracy_rejecting * one.n for one in outcomes) / n, 4),
        oos_recall=round(recalls[0], 4) if recalls else None,
        n=n,
        us_per_message=round(sum(one.us_per_message * one.n for one in outcomes) / n, 1),
        **({"sets": sets} if sets else {}),
    )


if __name__ == "__main__":
    main()
