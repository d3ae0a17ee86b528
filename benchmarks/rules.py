"""300 rules over 60 facts: a verdict against plain closures of the same conditions."""

import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from bot.authored import Report, parse
from bot.rules import engine, prove
from bot.rules.facts import parse_facts

# more scenes than verdicts are remembered, so that every one of them is merged anew
RULES, FACTS, SCENES, ROUNDS, SEED = 300, 60, 600, 6, 8350
GATE_US, STRETCH_US = 40, 16
LEVELS = ["novice", "developing", "skilled", "advanced", "expert", "master"]
RANKS = {level: rank for rank, level in enumerate(LEVELS)}
WORDS = ["greet", "buy", "ask", "leave", "learn", "limit", "market", "pause"]
Facts = dict[str, Any]
Closure = Callable[[Facts], bool]


def main() -> None:
    dice = random.Random(SEED)
    kinds = ["int"] * 25 + ["bool"] * 10 + ["decimal"] * 10 + ["choice"] * 7 + ["text"] * 5
    kinds += ["list"] * 3
    names = [f"g{number % 6}.f{number}" for number in range(FACTS)]
    types = dict(zip(names, kinds, strict=True))
    conditions = [condition(dice, types) for _ in range(RULES)]
    report = Report()
    started = time.perf_counter()
    ruleset = built(types, [text for text, _ in conditions], report)
    load_ms = (time.perf_counter() - started) * 1e3
    started = time.perf_counter()
    prove.prove(ruleset, ruleset.vocabulary, report)
    prove_ms = (time.perf_counter() - started) * 1e3
    scenes = [scene(dice, types) for _ in range(SCENES)]
    closures = [closure for _, closure in conditions]
    same = [fired_by(ruleset, one) == by_closures(closures, one) for one in scenes]
    assert all(same), "the engine and the closures disagree"
    judged_us = measured(lambda one: engine.judge(ruleset, one, {}, 0, None), scenes)
    closures_us = measured(lambda one: by_closures(closures, one), scenes)
    evaluated_us = measured(
        lambda one: [layer.found(one) for layer in ruleset.layers],
        [ruleset.load(one) for one in scenes],
    )
    fired = statistics.mean(len(by_closures(closures, one)) for one in scenes)
    rows = [
        ("plain closures, conditions only", closures_us, 1.0),
        ("generated conditions only", evaluated_us, evaluated_us / closures_us),
        ("judge: facts checked, conditions, verdict", judged_us, judged_us / closures_us),
    ]
    print(f"{RULES} rules, {ruleset.cost} atoms, {FACTS} facts, {fired:.1f} fire on average")
    print(f"load with checks of names and types {load_ms:.0f} ms, static checks {prove_ms:.0f} ms")
    print(f"{'':44}{'us':>8}{'ratio':>8}")
    for name, spent_us, ratio in rows:
        print(f"{name:44}{spent_us:8.1f}{ratio:8.2f}")
    print(f"gate {GATE_US} us, stretch {STRETCH_US} us")
    print(
        json.dumps(
            {
                "us_per_judge": round(judged_us, 2),
                "us_per_conditions": round(evaluated_us, 2),
                "closures_us": round(closures_us, 2),
                "closures_ratio": round(judged_us / closures_us, 3),
                "conditions_ratio": round(evaluated_us / closures_us, 3),
                "gate_ratio": round(judged_us / GATE_US, 3),
                "load_ms": round(load_ms),
                "prove_ms": round(prove_ms),
            }
        )
    )


def condition(dice: random.Random, types: dict[str, str]) -> tuple[str, Closure]:
    """Two to five atoms: a few joined by `and`, one of them sometimes an `or` of two."""
    parts = [atom(dice, types) for _ in range(dice.randint(2, 5))]
    if len(parts) > 2 and dice.random() < 0.4:
        (one, first), (other, second) = parts[-2:]
        both = lambda f, a=first, b=second: a(f) or b(f)  # noqa: E731 - a plain closure
        parts = [*parts[:-2], (f"({one} or {other})", both)]
    text = " and ".join(text for text, _ in parts)
    return text, all_of([closure for _, closure in parts])


def all_of(parts: list[Closure]) -> Closure:
    """As one writes it by hand: short-circuiting, and without a loop."""
    if len(parts) == 2:
        a, b = parts
        return lambda f: a(f) and b(f)
    if len(parts) == 3:
        a, b, c = parts
        return lambda f: a(f) and b(f) and c(f)
    if len(parts) == 4:
        a, b, c, d = parts
        return lambda f: a(f) and b(f) and c(f) and d(f)
    a, b, c, d, e = parts
    return lambda f: a(f) and b(f) and c(f) and d(f) and e(f)


def atom(dice: random.Random, types: dict[str, str]) -> tuple[str, Closure]:
    name = dice.choice(list(types))
    match types[name]:
        case "int":
            limit = dice.randint(5, 95)
            if dice.random() < 0.5:
                return f"{name} >= {limit}", lambda f: f[name] >= limit
            return f"{name} < {limit}", lambda f: f[name] < limit
        case "decimal":
            share = dice.randint(1, 9) / 10
            return f"{name} > {share}", lambda f: f[name] > share
        case "bool":
            if dice.random() < 0.5:
                return name, lambda f: f[name]
            return f"not {name}", lambda f: not f[name]
        case "choice":
            level = dice.randint(1, 5)
            return f'{name} >= "{LEVELS[level]}"', lambda f: RANKS[f[name]] >= level
        case "text":
            words = dice.sample(WORDS, 2)
            listed = ", ".join(f'"{word}"' for word in words)
            return f"{name} in [{listed}]", lambda f: f[name] in words
        case _:
            word = dice.choice(WORDS)
            return f'has({name}, "{word}")', lambda f: word in f[name]


def scene(dice: random.Random, types: dict[str, str]) -> Facts:
    make: dict[str, Callable[[], Any]] = {
        "int": lambda: dice.randint(0, 100),
        "decimal": lambda: dice.random(),
        "bool": lambda: dice.random() < 0.5,
        "choice": lambda: dice.choice(LEVELS),
        "text": lambda: dice.choice(WORDS),
        "list": lambda: tuple(dice.sample(WORDS, 3)),
    }
    return {name: make[kind]() for name, kind in types.items()}


def built(types: dict[str, str], conditions: list[str], report: Report) -> engine.RuleSet:
    """Mostly gates, every fifth with a reply, every tenth an award: a set as authors write it."""
    ranges = {"int": ", min: 0, max: 100", "decimal": ", min: 0, max: 1"}
    ranges["choice"] = f", of: [{', '.join(LEVELS)}], ordered: true"
    lines = ["facts:"]
    lines += [f"  {name}: {{type: {kind}{ranges.get(kind, '')}}}" for name, kind in types.items()]
    facts = parse("\n".join(lines), "facts.yaml", report)
    effects = parse(EFFECTS, "effects.yaml", report)
    rules = ["rules:"]
    for number, text in enumerate(conditions):
        then = "gate: allow" if number % 3 else "gate: ask"
        then += ", reply: hello" * (number % 5 == 0) + ", award: 1" * (number % 10 == 0)
        rules += [f"  - name: rule-{number}", f"    when: {text}", f"    then: {{{then}}}"]
        rules += [f"    priority: {number - 150}", "    because: A sentence for a person"]
    source = parse("\n".join(rules), "rules.yaml", report)
    assert facts is not None
    assert effects is not None
    assert source is not None
    vocabulary = parse_facts(dict(facts.items())["facts"], report)
    files = {"effects.yaml": effects, "rules.yaml": source}
    ruleset = engine.build(files, vocabulary, engine.Names(frozenset(("hello",))), report)
    assert not report.errors, report.errors[:5]
    return ruleset


EFFECTS = """effects:
  gate: {merge: strictest, of: [allow, ask, deny]}
  reply: {merge: first}
  award: {merge: sum, max: 100}
"""


def fired_by(ruleset: engine.RuleSet, facts: Facts) -> set[int]:
    verdict = engine.judge(ruleset, facts, {}, 0, None)
    return {int(name.removeprefix("rule-")) for name in verdict.fired}


def by_closures(closures: list[Closure], facts: Facts) -> set[int]:
    return {number for number, closure in enumerate(closures) if closure(facts)}


def measured(work: Callable[[Any], object], scenes: list[Any]) -> float:
    """Microseconds a scene: the best of some rounds, for neighbours only ever add."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for one in scenes:
            work(one)
        best = min(best, (time.perf_counter() - started) / len(scenes) * 1e6)
    return best


if __name__ == "__main__":
    main()
