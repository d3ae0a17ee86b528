"""The classifier: flat tables give the scores of the weights, and any text is classified."""

import math
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.talk import classify
from bot.talk.classify import Classifier, features, parts_of, prepared
from bot.training.learn import Figures, Sentence, train

SAID = {
    "drink": ["tea please", "a cup of tea", "some coffee", "coffee with milk", "i want tea"],
    "eat": ["bread please", "a slice of cake", "some soup", "soup with bread", "i want cake"],
    "pay": ["the bill please", "can i pay", "i want to pay", "how much is it", "pay by card"],
}
WORDS = ["i", "want", "a", "tea", "soup", "payed", "cakes", "with", "x", "please"]
SENTENCES = [Sentence(text.split(), intent) for intent, texts in SAID.items() for text in texts]


def trained() -> tuple[Classifier, Figures, bytes]:
    data, figures = train(SENTENCES)
    return prepared(data), figures, data


MODEL, FIGURES, DATA = trained()


def best(text: str) -> str:
    return classify.classify(MODEL, text.split()).ranks[0].intent


def plainly(text: str) -> dict[str, float]:
    """The scores of a text, weight by weight, as one would write it down."""
    lanes = len(MODEL.head.intents)
    scores = [_lane(MODEL.always, lane) for lane in range(lanes)]
    pairs = {
        f"{one} {other}": row for one, rows in MODEL.pairs.items() for other, row in rows.items()
    }
    kinds = (MODEL.words, pairs, MODEL.parts)
    for share, rows, names in zip(MODEL.head.shares, kinds, features(text.split()), strict=True):
        counts = Counter(name for name in names if name in rows)
        square = sum(count * _lane(rows[name], lanes) for name, count in counts.items())
        if square <= 0:
            continue
        factor = int(share * classify.FACTOR_ONE * math.sqrt(classify.SQUARE_ONE / square))
        for lane in range(lanes):
            scores[lane] += factor * sum(
                count * _lane(rows[name], lane) for name, count in counts.items()
            )
    unit = MODEL.head.steps * classify.FACTOR_ONE
    return {intent: score / unit for intent, score in zip(MODEL.head.intents, scores, strict=True)}


def _lane(row: int, lane: int) -> int:
    """One lane of a row, with its sign; the highest one has no end."""
    width = 8 * classify.LANE
    lifted = row + sum(classify.HALF << (width * n) for n in range(lane))
    value = lifted >> (width * lane)
    if lane == len(MODEL.head.intents):
        return value
    return (value + classify.HALF) % (1 << width) - classify.HALF


def test_what_was_taught_is_known() -> None:
    assert all(best(" ".join(one.words)) == one.intent for one in SENTENCES)
    assert (FIGURES.sentences, FIGURES.intents) == (15, 3)
    assert FIGURES.features == MODEL.size


def test_words_never_seen_are_known_by_their_parts() -> None:
    assert best("coffees") == "drink"
    assert best("breads") == "eat"


def test_the_same_sentences_make_the_same_model() -> None:
    assert train(SENTENCES)[0] == DATA


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9))
def test_rows_added_whole_are_weights_added_one_by_one(words: list[str]) -> None:
    ranking = classify.classify(MODEL, words)
    expected = plainly(" ".join(words))
    for rank in ranking.ranks:
        assert rank.score == pytest.approx(expected[rank.intent], abs=1e-6)
    assert [rank.score for rank in ranking.ranks] == sorted(
        (rank.score for rank in ranking.ranks), reverse=True
    )
    assert len({rank.intent for rank in ranking.ranks}) == 3


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), max_size=300))
def test_any_words_are_classified(words: list[str]) -> None:
    ranking = classify.classify(MODEL, words)
    assert len(ranking.ranks) == 3
    assert 0 <= ranking.confidence <= 1
    assert all(abs(rank.score) < 10 for rank in ranking.ranks)
    assert classify.classify(MODEL, words) == ranking


def test_only_words_of_the_lessons_are_remembered() -> None:
    for word in ("tea", "mysecretname"):
        classify.classify(MODEL, [word])
    assert "tea" in MODEL.spelt
    assert "mysecretname" not in MODEL.spelt


def test_a_sure_text_is_surer_than_a_strange_one() -> None:
    sure = classify.classify(MODEL, ["a", "cup", "of", "tea"])
    strange = classify.classify(MODEL, ["quantum", "weather"])
    assert sure.confidence > strange.confidence


def test_the_parts_of_a_word_have_two_to_four_characters() -> None:
    assert list(parts_of("ab")) == [" a", "ab", "b ", " ab", "ab ", " ab "]


def test_a_text_of_many_words_is_read_to_a_limit() -> None:
    words = [f"w{number}" for number in range(5_000)]
    assert classify.classify(MODEL, words) == classify.classify(MODEL, words[: 2 * 48])


@pytest.mark.parametrize("seed", range(3))
def test_a_spoilt_file_is_no_model(seed: int) -> None:
    dice = random.Random(seed)
    for spoilt in (b"", b"{}", DATA[: dice.randrange(len(DATA))], DATA + b"x"):
        with pytest.raises(ValueError, match="not a model"):
            prepared(spoilt)


def test_two_intents_are_too_few() -> None:
    with pytest.raises(ValueError, match="three intents"):
        train([one for one in SENTENCES if one.intent != "pay"])
