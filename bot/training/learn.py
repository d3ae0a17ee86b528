"""A model from sentences: the only place that imports scikit-learn."""

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.talk import classify
from bot.talk.classify import FACTOR_ONE, KINDS, SQUARE_ONE, Head, Tables
from bot.talk.slots import normalise

SHARES = (1.0, 0.8, 1.0)  # of words with their neighbours, of pairs, of parts of words
LEAST_SEEN = (1, 2, 2)  # sentences that must hold a feature of each kind
PENALTY = 0.7  # liblinear's C
FEW = 3  # intents, below which nothing can be told apart
FOLDS = 3  # of the sentences and of the intents, to learn how sure one may be
ROOM = 1 << 30  # what a lane may reach
KEEP = 0.97  # of what is rightly understood, so much is accepted
LEAST = 0.25  # nothing less sure than this is accepted: asking back costs a question only

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Sentence(Struct, frozen=True):
    """Something said, as normalised words, and what it means."""

    words: list[str]
    intent: str


class Figures(Struct, frozen=True):
    """How a training went; `accuracy` and `accepted` are of sentences held back in turn."""

    sentences: int
    intents: int
    features: int
    accuracy: float
    accepted: float


class Counted(Struct, frozen=True):
    """Sentences as counts of features by kind; `single` are the columns that are one word."""

    names: tuple[list[str], ...]
    counts: tuple[sparse.csr_matrix, ...]
    single: Flags
    lengths: Whole


class Sureness(Struct, frozen=True):
    """What tells right from wrong on sentences held back, and from what no intent means."""

    weights: tuple[float, float, float, float]
    least: float
    accuracy: float
    accepted: float


UNTESTED = Sureness((-2.0, 2.5, 1.5, 1.5), 0.3, 0.0, 0.0)  # when there is too little to test with


def train(sentences: Sequence[Sentence]) -> tuple[bytes, Figures]:
    """The bytes of a model file and how it went; ValueError when there is too little to learn."""
    intents = sorted({sentence.intent for sentence in sentences})
    if len(intents) < FEW:
        raise ValueError("a classifier needs sentences of three intents at least")
    whole = [*sentences, *(_named(intent) for intent in intents)]
    place = {intent: number for number, intent in enumerate(intents)}
    meant = np.array([place[sentence.intent] for sentence in whole])
    counted = _counted([sentence.words for sentence in whole])
    sure = _sureness(counted, meant, len(sentences))
    weights, biases, rarity = _fitted(counted, meant, np.arange(len(meant)))
    head = Head(tuple(intents), 1.0, SHARES, sure.weights, sure.least, len(sentences))
    tables = _tables(head, counted, weights, biases, rarity)
    size = sum(map(len, tables.names))
    figures = Figures(len(sentences), len(intents), size, sure.accuracy, sure.accepted)
    return msgspec.msgpack.encode(tables), figures


def _named(intent: str) -> Sentence:
    """An intent's name is a first sentence: with few others it is worth three or four more."""
    return Sentence(normalise(intent.replace("_", " ")).split(), intent)


def _counted(texts: Sequence[Sequence[str]]) -> Counted:
    found = [classify.features(words) for words in texts]
    names, counts = [], []
    for kind, least in enumerate(LEAST_SEEN):
        bags = [Counter(text[kind]) for text in found]
        seen = Counter(name for bag in bags for name in bag)
        kept = [name for name, count in seen.items() if count >= least]
        names.append(kept)
        counts.append(_matrix(bags, kept))
    single = np.array([" " not in name for name in names[0]])
    lengths = np.array([sum(" " not in name for name in text[0]) for text in found])
    return Counted(tuple(names), tuple(counts), single, lengths)


def _matrix(bags: Sequence[Counter[str]], names: Sequence[str]) -> sparse.csr_matrix:
    place = {name: number for number, name in enumerate(names)}
    data, columns, ends = [], [], [0]
    for bag in bags:
        for name, count in bag.items():
            if name in place:
                columns.append(place[name])
                data.append(float(count))
        ends.append(len(columns))
    return sparse.csr_matrix((data, columns, ends), shape=(len(bags), len(names)))


def _fitted(counted: Counted, meant: Whole, rows: Whole) -> tuple[Floats, Floats, list[Floats]]:
    """Weights and biases of each intent that these rows hold, and how rare each feature is."""
    rarity = [_rarity(counts[rows]) for counts in counted.counts]
    machine = LinearSVC(C=PENALTY, tol=1e-3, random_state=0)
    machine.fit(_scaled(counted, rarity, rows), meant[rows])
    return machine.coef_, machine.intercept_, rarity


def _rarity(counts: sparse.csr_matrix) -> Floats:
    """The inverse document frequency of each feature; 0 for one that never occurs."""
    occurs = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity: Floats = np.log((1 + counts.shape[0]) / (1 + occurs)) + 1
    return np.where(occurs > 0, rarity, 0.0)


def _scaled(counted: Counted, rarity: list[Floats], rows: Whole) -> sparse.csr_matrix:
    """The rows as classify weighs them: each kind of length one, times its share."""
    kinds = []
    for counts, weight, share in zip(counted.counts, rarity, SHARES, strict=True):
        own = counts[rows]
        length = np.sqrt(own @ (weight * weight))
        length[length == 0] = 1.0
        kinds.append(sparse.diags(share / length) @ own @ sparse.diags(weight))
    return sparse.csr_matrix(sparse.hstack(kinds))


def _sureness(counted: Counted, meant: Whole, asked_of: int) -> Sureness:
    """Every sentence is judged once by a model that saw neither it nor a third of the intents.

    Only the first `asked_of` are asked; the rest, names of intents, are always seen.
    """
    order = np.argsort(meant[:asked_of], kind="stable")
    fold = np.full(len(meant), FOLDS)
    fold[order] = np.arange(asked_of) % FOLDS
    intents = int(meant.max()) + 1
    group = np.random.default_rng(0).permutation(intents) % FOLDS
    if intents < FEW * FOLDS:
        group[:] = FOLDS  # none is left out
    found = []
    for number in range(FOLDS):
        seen = np.flatnonzero((fold != number) & (group[meant] != number))
        if len(np.unique(meant[seen])) >= FEW:
            asked = np.flatnonzero(fold == number)
            found.append(_judged(counted, meant, seen, asked))
    if not found:
        return UNTESTED
    return _weighed(*(np.concatenate(part) for part in zip(*found, strict=True)))


def _weighed(signs: Floats, is_right: Flags, is_inside: Flags) -> Sureness:
    """How signs tell right from wrong, and how sure is sure enough."""
    inside = max(int(is_inside.sum()), 1)
    weights, least = UNTESTED.weights, UNTESTED.least
    if is_right.any() and not is_right.all():
        logistic = LogisticRegression(C=100.0, max_iter=1_000).fit(signs, is_right)
        always, by_score, by_lead, by_known = map(
            float, (*logistic.intercept_, *logistic.coef_[0])
        )
        weights = (always, by_score, by_lead, by_known)
        confidence = logistic.predict_proba(signs)[:, 1]
        least = max(LEAST, float(np.quantile(confidence[is_right], 1 - KEEP)))
    odds = signs @ np.array(weights[1:]) + weights[0]
    accepted = is_right & (odds >= np.log(least / (1 - least)))
    return Sureness(weights, least, float(is_right.sum() / inside), float(accepted.sum() / inside))


def _judged(
    counted: Counted, meant: Whole, seen: Whole, asked: Whole
) -> tuple[Floats, Flags, Flags]:
    """Signs of sureness of the asked sentences, which came out right, which could have."""
    weights, biases, rarity = _fitted(counted, meant, seen)
    scores = _scaled(counted, rarity, asked) @ weights.T + biases
    ordered = np.sort(scores, axis=1)
    words = (counted.counts[0][asked] > 0) @ ((rarity[0] > 0) & counted.single).astype(float)
    known = words / np.maximum(counted.lengths[asked], 1)
    signs = np.stack([ordered[:, -1], ordered[:, -1] - ordered[:, -2], known], axis=1)
    named = np.unique(meant[seen])
    is_right = named[scores.argmax(axis=1)] == meant[asked]
    return signs, is_right, np.isin(meant[asked], named)


def _tables(
    head: Head, counted: Counted, weights: Floats, biases: Floats, rarity: list[Floats]
) -> Tables:
    """The model as whole numbers; `steps` as fine as the lanes have room for."""
    starts = np.cumsum([0, *map(len, counted.names)])
    kinds = [weights[:, starts[kind] : starts[kind + 1]] for kind in range(len(KINDS))]
    reach = sum(s * np.linalg.norm(k, axis=1) for s, k in zip(SHARES, kinds, strict=True))
    steps = ROOM / FACTOR_ONE / float((reach + np.abs(biases)).max())
    lanes = []
    for kind, weight in zip(kinds, rarity, strict=True):
        square = weight * weight * SQUARE_ONE
        lanes.append(np.vstack([kind * weight * steps, square]).T)
    lanes.append(np.append(biases * steps * FACTOR_ONE, 0.0)[None, :])
    rows = np.rint(np.vstack(lanes)).astype("<i4").tobytes()
    names = tuple(counted.names)
    head = msgspec.structs.replace(head, steps=steps)
    return Tables(head, (names[0], names[1], names[2]), rows)
