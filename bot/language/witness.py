"""Facts that lie in a box, as near to given ones as can be found."""

import math
from collections.abc import Callable, Mapping, Sequence

from bot.language import domains
from bot.language.compile import Value
from bot.language.domains import Bag, Domain, Spans, Words
from bot.language.spaces import NO, YES, Box, Count, Form, Key, Known, Same, full, words_of
from bot.language.types import Types

Facts = dict[str, Value]
ROUNDS = 6  # sums are brought into their spans one after the other, this often
MADE_UP = "something-else"
MOST_FILLERS = 50


def near(box: Box, start: Mapping[str, Value], types: Types) -> Facts:
    """`start` with as little changed as lets every fact into its part of the box.

    Sums are brought near one fact after another; whether all of them fit is for the caller
    to see, by judging the facts.
    """
    facts = dict(start)
    for key, domain in box.items():
        if isinstance(key, Known):
            _know(key.name, domain, box, facts, types)
    for key, domain in box.items():
        if isinstance(key, str) and facts.get(key) is not None:
            facts[key] = _value(key, domain, facts[key], types)
    for key, domain in box.items():
        if isinstance(key, Count):
            facts[key.name] = _filled(key, domain, facts, box, types)
    for _ in range(ROUNDS):
        if not [key for key in box if _moved(key, box, facts, types)]:
            break
    return facts


def first(
    found: Sequence[Box],
    start: Mapping[str, Value],
    types: Types,
    is_right: Callable[[Facts], bool],
) -> Facts | None:
    """Facts in one of the boxes that pass the test, or None when none were found."""
    for box in found:
        facts = near(box, start, types)
        if is_right(facts):
            return facts
    return None


def _know(name: str, domain: Domain, box: Box, facts: Facts, types: Types) -> None:
    if domain == NO:
        facts[name] = None
    elif domain == YES and facts.get(name) is None:
        facts[name] = _any(name, box.get(name), types)


def _any(name: str, domain: Domain | None, types: Types) -> Value:
    """Some value of a fact that had none."""
    plain: dict[str, Value] = {"bool": False, "text": "", "list": (), "choice": ""}
    value = plain.get(types[name].kind, 0)
    whole = full(name, types)
    return _value(name, whole if domain is None else domains.meet(whole, domain), value, types)


def _value(name: str, domain: Domain, value: Value, types: Types) -> Value:
    """The nearest value inside."""
    match domain:
        case Spans():
            assert isinstance(value, int | float)
            found = domains.nearest(domain, value)
            return value if found is None else found
        case Words():
            return value if _is_among(value, domain) else _word(name, domain, value, types)
        case Bag():
            held = value if isinstance(value, tuple | list) else ()
            kept = [one for one in held if one not in domain.never]
            return tuple(kept + sorted(domain.must - set(kept)))


def _is_among(value: Value, domain: Words) -> bool:
    return (value in domain.values) is not domain.is_all_but


def _word(name: str, domain: Words, value: Value, types: Types) -> Value:
    """Another word: of an ordered choice the closest, of a text the first, else a made up one."""
    if domain.is_all_but:
        return next(
            word
            for word in (MADE_UP, *(f"{MADE_UP}-{number}" for number in range(1000)))
            if word not in domain.values
        )
    of = words_of(name, types)
    if not of or value not in of:
        return sorted(domain.values, key=str)[0]
    here = of.index(value) if isinstance(value, str | bool) else 0
    return min(domain.values, key=lambda word: (abs(of.index(word) - here), str(word)))


def _filled(key: Count, domain: Domain, facts: Facts, box: Box, types: Types) -> Value:
    """A list of an allowed length: shortened from its end, or filled up."""
    held = facts.get(key.name)
    texts = list(held) if isinstance(held, tuple | list) else []
    bag = box.get(key.name, Bag())
    assert isinstance(domain, Spans)
    assert isinstance(bag, Bag)
    wanted = domains.nearest(domain, len(texts))
    if wanted is None or wanted > MOST_FILLERS + len(texts):
        return tuple(texts)
    loose = [one for one in texts if one not in bag.must]
    while len(texts) > wanted and loose:
        texts.remove(loose.pop())
    of = types[key.name].of or tuple(f"{MADE_UP}-{number}" for number in range(2 * MOST_FILLERS))
    fillers = [one for one in of if one not in bag.never and one not in texts]
    return tuple(texts + fillers[: max(0, int(wanted) - len(texts))])


def _moved(key: Key, box: Box, facts: Facts, types: Types) -> bool:
    """Bring a sum or an equality into its part of the box; True when something changed."""
    before = dict(facts)
    if isinstance(key, Form):
        _balance(key, box, facts, types)
    if isinstance(key, Same):
        _match(key, box, facts, types)
    return facts != before


def _balance(form: Form, box: Box, facts: Facts, types: Types) -> None:
    """Moves one fact of the sum after the other until the sum is inside its spans."""
    domain = box[form]
    assert isinstance(domain, Spans)
    for monomial, weight in form.terms:
        total = _total(form, facts)
        target = domains.nearest(domain, total)
        if target is None or target == total:
            return
        name = monomial[-1]
        factor = weight * math.prod(_number(facts.get(one)) for one in monomial[:-1])
        if factor == 0 or name not in types:
            continue
        value = _number(facts.get(name)) + (target - total) / factor
        if types[name].kind != "decimal":
            value = math.ceil(value) if (target > total) is (factor > 0) else math.floor(value)
        allowed = domains.meet(full(name, types), box.get(name, full(name, types)))
        facts[name] = _value(name, allowed, value, types)


def _total(form: Form, facts: Mapping[str, Value]) -> float:
    return sum(
        weight * math.prod(_number(_read(name, facts)) for name in monomial)
        for monomial, weight in form.terms
    )


def _read(name: str, facts: Mapping[str, Value]) -> Value:
    if not name.startswith("count("):
        return facts.get(name)
    held = facts.get(name[len("count(") : -1])
    return len(held) if isinstance(held, tuple | list) else 0


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else 0


def _match(key: Same, box: Box, facts: Facts, types: Types) -> None:
    """Makes two texts or choices equal, or not; an order between choices the same way."""
    left, right = (box.get(name, full(name, types)) for name in (key.left, key.right))
    if not isinstance(left, Words) or not isinstance(right, Words):
        return
    is_wanted = box[key] == YES
    for one in _candidates(key.left, left, facts, types):
        for other in _candidates(key.right, right, facts, types):
            if _relates(key, one, other, types) is is_wanted:
                facts[key.left], facts[key.right] = one, other
                return


def _candidates(name: str, domain: Words, facts: Facts, types: Types) -> list[Value]:
    """Values to try: the present one first."""
    words = sorted(domain.values, key=str)
    if domain.is_all_but:
        words = [word for word in ("", MADE_UP, f"{MADE_UP}-2") if word not in domain.values]
    present = facts.get(name)
    return [one for one in (present, *words) if _is_among(one, domain)]


def _relates(key: Same, one: Value, other: Value, types: Types) -> bool:
    if key.operator == "==":
        return one == other
    of = words_of(key.left, types)
    return of.index(str(one)) < of.index(str(other))
