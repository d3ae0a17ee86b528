"""Random conditions over a small vocabulary, as texts, and random facts to go with them."""

from typing import Any

from hypothesis import strategies as st

from bot.language.types import FactType

LEVELS = ("novice", "skilled", "master")
WORDS = ("buy", "ask", "leave")
TYPES = {
    "a.whole": FactType("int", low=-5, high=20),
    "a.other": FactType("int", low=0, high=20),
    "a.share": FactType("decimal", low=0, high=1),
    "a.flag": FactType("bool"),
    "a.sign": FactType("bool"),
    "a.level": FactType("choice", of=LEVELS, is_ordered=True),
    "a.wish": FactType("choice", of=LEVELS, is_ordered=True),
    "a.word": FactType("text"),
    "a.topic": FactType("text"),
    "a.tags": FactType("list"),
    "a.wait": FactType("duration", low=0, high=86_400),
    "a.perhaps": FactType("int", low=0, high=20, is_maybe=True),
    "msg.hour": FactType("int", low=0, high=23),
}
COMPARISONS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
EQUALITIES = st.sampled_from(["==", "!="])
INTS = st.integers(-6, 21).map(str)
SHARES = st.sampled_from(["0.0", "0.25", "0.5", "70%", "1.0"])
LEVEL = st.sampled_from([f'"{level}"' for level in LEVELS])
WORD = st.sampled_from([f'"{word}"' for word in WORDS])


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(" ".join)


def just(text: str) -> st.SearchStrategy[str]:
    return st.just(text)


whole = st.sampled_from(["a.whole", "a.other", "msg.hour", "count(a.tags)"])
sums = st.one_of(
    whole,
    joined(whole, st.sampled_from(["+", "-"]), st.one_of(whole, INTS)),
    joined(whole, just("*"), st.one_of(INTS, just("a.other"))),
    joined(just("("), whole, just("-"), whole, just(") * 2")),
)
atoms = st.one_of(
    joined(sums, COMPARISONS, st.one_of(INTS, sums)),
    joined(just("a.share"), st.sampled_from(["<", "<=", ">", ">="]), SHARES),
    joined(just("a.level"), COMPARISONS, LEVEL),
    joined(just("a.level"), COMPARISONS, just("a.wish")),
    joined(just("a.word"), EQUALITIES, WORD),
    joined(just("a.word"), EQUALITIES, just("a.topic")),
    joined(just("a.flag"), EQUALITIES, st.sampled_from(["true", "false", "a.sign"])),
    st.sampled_from(["a.flag", "a.sign", "known(a.perhaps)", "true", "false"]),
    st.lists(WORD, min_size=1, max_size=3).map(lambda w: f"a.word in [{', '.join(w)}]"),
    st.lists(WORD, min_size=1, max_size=3).map(lambda w: f"a.word not in [{', '.join(w)}]"),
    st.lists(LEVEL, min_size=1, max_size=3).map(lambda w: f"a.level in [{', '.join(w)}]"),
    st.lists(INTS, min_size=1, max_size=3).map(lambda w: f"a.whole in [{', '.join(w)}]"),
    WORD.map(lambda word: f"has(a.tags, {word})"),
    joined(just("a.wait"), COMPARISONS, st.sampled_from(["0m", "90m", "2h", "1d"])),
    INTS.map(lambda limit: f"(known(a.perhaps) and a.perhaps < {limit})"),
    INTS.map(lambda limit: f"(not known(a.perhaps) or a.perhaps >= {limit})"),
    st.tuples(st.integers(0, 23), st.integers(0, 24))
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: f"between_hours({pair[0]}, {pair[1]})"),
)


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda parts: f"({' and '.join(parts)})"),
        several.map(lambda parts: f"({' or '.join(parts)})"),
        inner.map(lambda part: f"not ({part})"),
        st.tuples(inner, EQUALITIES, inner).map(
            lambda t: f"(({t[0]} or a.sign) {t[1]} ({t[2]} and a.flag))"
        ),
    )


conditions = st.recursive(atoms, deeper, max_leaves=6)


@st.composite
def scenes(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "a.whole": draw(st.integers(-5, 20)),
        "a.other": draw(st.integers(0, 20)),
        "a.share": draw(st.sampled_from([0.0, 0.25, 0.3, 0.5, 0.7, 1.0])),
        "a.flag": draw(st.booleans()),
        "a.sign": draw(st.booleans()),
        "a.level": draw(st.sampled_from(LEVELS)),
        "a.wish": draw(st.sampled_from(LEVELS)),
        "a.word": draw(st.sampled_from(["", *WORDS])),
        "a.topic": draw(st.sampled_from(["", *WORDS])),
        "a.tags": tuple(draw(st.lists(st.sampled_from(WORDS), max_size=3))),
        "a.wait": draw(st.sampled_from([0, 5_400, 7_200, 86_400])),
        "a.perhaps": draw(st.none() | st.integers(0, 20)),
        "msg.hour": draw(st.integers(0, 23)),
    }
