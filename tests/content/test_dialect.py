"""The template dialect: what authors may write, and what they are told about the rest."""

import pytest

from bot.authored import Report
from bot.content.compile import compile_source, compile_text
from bot.content.schema import VARIABLES
from tests.content.files import nodes, problems

ALL = frozenset(VARIABLES)

REFUSED = {
    "{{ nmae }}": "did you mean 'name'?",
    "{{ nothing_like_it }}": "is not a variable",
    "{% set x = 1 %}": "'assign' is not part of our templates",
    "{% macro m() %}{% endmacro %}": "'macro' is not part",
    "{% include 'x' %}": "'include' is not part",
    "{% import 'x' as y %}": "'import' is not part",
    "{% extends 'x' %}": "'extends' is not part",
    "{% block b %}{% endblock %}": "'block' is not part",
    "{% with %}{% endwith %}": "'with' is not part",
    "{% filter upper %}x{% endfilter %}": "'filterblock' is not part",
    "{{ name.__class__ }}": "no field '__class__'",
    "{{ remaining.dya }}": "did you mean 'day'?",
    "{{ remaining['day'] }}": "'getitem' is not part",
    "{{ range(9) }}": "'call' is not part",
    "{{ name.upper() }}": "'call' is not part",
    "{{ lipsum }}": "'lipsum' is not a variable",
    "{{ self }}": "'self' is not a variable",
    "{{ price * 3 }}": "'mul' is not part",
    "{{ price ** 9 }}": "'pow' is not part",
    "{{ name % 3 }}": "'mod' is not part",
    "{{ name ~ name }}": "'concat' is not part",
    "{{ [1, 2] }}": "'list' is not part",
    "{{ {'a': 1} }}": "'dict' is not part",
    "{{ 1 if price else 2 }}": "'condexpr' is not part",
    "{{ name is defined }}": "'test' is not part",
    "{{ price == 1 }}": "'compare' is not part",
    "{{ '%s' | format(name) }}": "'format' is not a filter",
    "{{ name | center }}": "'center' is not a filter",
    "{{ name | indent }}": "'indent' is not a filter",
    "{{ topics | batch(2) }}": "'batch' is not a filter",
    "{{ name | uppr }}": "did you mean 'upper'?",
    "{{ price | upper }}": "takes a text, not a number",
    "{{ topics | join }}": "the arguments of 'join' are: text",
    "{{ topics | join(2) }}": "the arguments of 'join' are: text",
    "{{ clusters | join(', ') }}": "takes a list of texts",
    "{{ topics }}": "cannot be written out",
    "{{ is_new }}": "cannot be written out",
    "{{ remaining }}": "cannot be written out",
    "{{ none }}": "only texts, numbers",
    "{{ 1e999 }}": "only texts, numbers",
    "{% if price > 'a' %}{% endif %}": "a number is never a text",
    "{% if name > 'a' %}{% endif %}": "only numbers are smaller",
    "{% if 1 < price < 3 %}{% endif %}": "a comparison is",
    "{% if name in topics %}{% endif %}": "a comparison is",
    "{% if topics == topics %}{% endif %}": "cannot be compared",
    "{% for a in topics %}{% for b in owned %}{% endfor %}{% endfor %}": "cannot stand in a loop",
    "{% for a, b in topics %}{% endfor %}": "a loop is",
    "{% for a in topics if a %}{% endfor %}": "a loop is",
    "{% for a in topics %}{% else %}x{% endfor %}": "a loop is",
    "{% for a in topics recursive %}{% endfor %}": "a loop is",
    "{% for a in name %}{% endfor %}": "a loop goes over",
    "{% for a in 'abc' %}{% endfor %}": "a loop goes over",
    "{% for name in topics %}{% endfor %}": "already means",
    "{% for loop in topics %}{% endfor %}": "already means",
    "{% for c in clusters %}{{ c.prise }}{% endfor %}": "did you mean 'price'?",
    "{% for c in clusters %}{{ c }}{% endfor %}": "cannot be written out",
    "{% if name %}" * 4 + "x" + "{% endif %}" * 4: "at most 3 deep",
    "{% for a in topics %}{{ a }}{% endfor %}" * 9: "at most 8 loops",
    "{{ name": "not a template",
    "{% if name %}": "not a template",
    "{{ " + "(" * 3000: "not a template",
    "{{ " + "9" * 5000 + " }}": "not a template",
    "x" * 20_000: "at most 16384 characters",
}


@pytest.mark.parametrize("source", REFUSED, ids=lambda source: source[:40])
def test_what_is_not_on_the_short_list_is_refused_with_a_reason(source: str) -> None:
    with pytest.raises(ValueError, match="error C01") as refused:
        compile_source(source, ALL)
    assert REFUSED[source] in str(refused.value)


def test_a_variable_of_another_text_is_refused_here() -> None:
    with pytest.raises(ValueError, match="'price' is not known where this text is said"):
        compile_source("{{ price }}", frozenset({"name"}))


def test_a_mistake_names_file_and_line_of_the_template() -> None:
    text = "say: |\n  one {{ name }}\n  two\n    {{ nmae }}\n"
    report = Report()
    root = nodes({"content/en/replies.yaml": text}, report)["content/en/replies.yaml"]
    compile_text(root.value["say"], ALL, report)  # type: ignore[index]  # a mapping
    assert problems(report).startswith("content/en/replies.yaml:4:5  error C011")


def test_every_mistake_of_a_text_is_told_not_the_first_only() -> None:
    with pytest.raises(ValueError) as refused:
        compile_source("{{ a_b }} {{ c_d }} {% set x = 1 %}", ALL)
    assert str(refused.value).count("error C011") == 3
