"""The fast path says exactly what jinja2 says, and both end in time."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from bot.content.compile import MAX_LOOP, MAX_OUTPUT, compile_source
from bot.content.schema import DEFAULTS, VARIABLES
from tests.content.files import shipped
from tests.sizes import size

ALL = frozenset(VARIABLES)

texts = st.text(max_size=12) | st.sampled_from(["", "*a*", "[x](https://y)", "- z", "a\nb", "`"])
numbers = st.integers(-(10**6), 10**6) | st.floats(-(10**6), 10**6)


def _value(name: str) -> st.SearchStrategy[Any]:
    variable = VARIABLES[name]
    of = {"text": texts, "number": numbers, "flag": st.booleans()}
    if variable.sort == "list" and variable.fields:
        row = st.fixed_dictionaries({field: of[sort] for field, sort in variable.fields.items()})
        return st.lists(row, max_size=3)
    if variable.sort == "list":
        return st.lists(texts, max_size=3)
    if variable.sort == "record":
        return st.fixed_dictionaries({name: of[sort] for name, sort in variable.fields.items()})
    return of[variable.sort]


everything = st.fixed_dictionaries({name: _value(name) for name in VARIABLES})

_plain = st.text("ab *-`[](){}%#\n<&\"'\\é🙂", max_size=8).map(
    lambda text: text.replace("{", "(").replace("%}", "").replace("#}", "")
)
_quoted = st.text("ab *é", max_size=4).map(lambda text: f"'{text}'")
_text = st.one_of(
    st.sampled_from(["name", "bot", "until", "remaining.day", "limits.week"]),
    _quoted,
    st.sampled_from(["topics | join(', ')", "topics | first", "owned | listed('and')"]),
    st.sampled_from(["price | thousands", "change | signed", "volatility | percent"]),
    st.sampled_from(["price | plural('a', 'b')", "price | count('a', 'b')", "change | fixed(2)"]),
    st.sampled_from(["is_new | yesno('y', 'n')"]),
)
_filtered = st.tuples(
    _text,
    st.sampled_from(
        [
            *("", "", " | upper", " | lower", " | capital", " | trim", " | shorten(5)"),
            *(" | length", " | otherwise('x')", " | otherwise(name)"),
        ]
    ),
).map("".join)
_number = st.sampled_from(
    ["price", "change", "3", "2.5", "topics | length", "change | round(1)", "change | absolute"]
)
_test = st.one_of(
    st.sampled_from(["name", "is_new", "topics", "price", "not is_paused", "clusters"]),
    st.tuples(_number, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), _number).map(" ".join),
    st.tuples(_text, st.sampled_from([" == ", " != "]), _text).map("".join),
)
_condition = st.recursive(
    _test,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map(
            lambda parts: f"({''.join(parts)})"
        ),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=4,
)
_leaf = st.one_of(_plain, st.one_of(_filtered, _number).map(lambda one: f"{{{{ {one} }}}}"))
_loop = st.tuples(_leaf, st.sampled_from(["{{ one }}", "{{ one | upper }}", "x"])).map(
    lambda parts: f"{{% for one in topics %}}{''.join(parts)}{{% endfor %}}"
)
_rows = _leaf.map(
    lambda leaf: "{% for row in clusters %}\n- {{ row.price }}" + leaf + "\n{% endfor %}\n"
)
_body = st.lists(st.one_of(_leaf, _leaf, _loop, _rows), max_size=4).map("".join)
_branch = st.tuples(_condition, _body, _condition, _body, _body).map(
    lambda p: f"{{% if {p[0]} %}}{p[1]}{{% elif {p[2]} %}}{p[3]}{{% else %}}{p[4]}{{% endif %}}"
)
sources = st.lists(st.one_of(_body, _branch), max_size=4).map("".join)


@settings(max_examples=size(150, 5_000), deadline=None)
@given(sources, everything)
def test_any_template_of_the_dialect_is_rendered_as_jinja2_renders_it(
    source: str, variables: dict[str, Any]
) -> None:
    try:
        fast = compile_source(source, ALL)
    except ValueError:  # plain text may hold half a tag; then both refuse
        with pytest.raises(ValueError, match="C01"):
            compile_source(source, ALL, is_fast=False)
        return
    slow = compile_source(source, ALL, is_fast=False)
    assert fast.run(variables) == slow.run(variables)


@settings(max_examples=size(10, 200), deadline=None)
@given(everything)
def test_every_shipped_text_is_rendered_as_jinja2_renders_it(variables: dict[str, Any]) -> None:
    fast, slow = shipped(True)[0], shipped(False)[0]
    for key, reply in fast.replies.items():
        other = slow.replies[key]
        for one, two in zip(reply.variants, other.variants, strict=True):
            assert one.run(variables) == two.run(variables)
        for mine, theirs in zip(reply.choices, other.choices, strict=True):
            for one in variables[mine.each] if mine.each else ({},):
                given = {**variables, "one": one}
                assert mine.label.run(given) == theirs.label.run(given)
    for name, notice in fast.notices.items():
        assert notice.body.run(variables) == slow.notices[name].body.run(variables)


@pytest.mark.parametrize("is_fast", [True, False])
def test_a_loop_ends_after_two_hundred_members(is_fast: bool) -> None:
    template = compile_source("{% for one in topics %}x{% endfor %}", ALL, is_fast)
    assert template.run({"topics": ["a"] * 1_000}) == "x" * MAX_LOOP


@pytest.mark.parametrize("is_fast", [True, False])
@pytest.mark.parametrize("character", ["x", "é", "🙂"])
def test_an_output_ends_at_eight_kibibytes_on_a_whole_character(
    is_fast: bool, character: str
) -> None:
    template = compile_source("{% for one in topics %}{{ one }}{% endfor %}", ALL, is_fast)
    text = template.run({"topics": [character * 100] * 200})
    assert MAX_OUTPUT - 4 < len(text.encode()) <= MAX_OUTPUT
    assert set(text) == {character}


@pytest.mark.parametrize("is_fast", [True, False])
def test_a_loop_stops_writing_when_the_output_is_full(is_fast: bool) -> None:
    told: list[int] = []

    class Counting(str):
        def __getitem__(self, at: Any) -> str:
            told.append(1)
            return str.__getitem__(self, at)

    source = "{% for one in topics %}{{ one | capital }}{% endfor %}end"
    text = compile_source(source, ALL, is_fast).run({"topics": [Counting("x" * 4_000)] * 200})
    assert len(text) == MAX_OUTPUT
    assert len(told) == 2 * 3  # capital takes a first letter and a rest


@pytest.mark.parametrize("is_fast", [True, False])
@pytest.mark.parametrize(
    "source", ["{{ name }}", "{{ remaining.day }}", "{% if name %}{% endif %}"]
)
def test_a_missing_variable_is_a_fault_not_an_empty_text(is_fast: bool, source: str) -> None:
    with pytest.raises(UndefinedError):
        compile_source(source, ALL, is_fast).run({"remaining": {}})


def test_every_variable_has_a_value_when_nobody_gave_one() -> None:
    for name, variable in VARIABLES.items():
        assert DEFAULTS[name] == variable.empty()
        if variable.sort == "record":
            assert set(DEFAULTS[name]) == set(variable.fields)


def test_no_field_is_named_like_a_method_of_a_mapping() -> None:
    fields = {field for variable in VARIABLES.values() for field in variable.fields}
    assert not [field for field in fields if hasattr({}, field)]
