"""Token buckets."""

import pytest

from bot.clock import FrozenClock
from bot.errors import RequestError
from bot.web import rates
from bot.web.rates import Buckets


def test_a_bucket_holds_its_burst_and_fills_at_its_rate() -> None:
    clock = FrozenClock()
    buckets = Buckets(clock, per_minute=60, burst=2)
    buckets.take("a")
    buckets.take("a")
    with pytest.raises(RequestError) as refused:
        buckets.take("a")
    assert refused.value.code == "too_many" and refused.value.retry_after_s == 1
    clock.move(1)
    buckets.take("a")
    with pytest.raises(RequestError):
        buckets.take("a")


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    clock = FrozenClock()
    buckets = Buckets(clock, per_minute=60, burst=2)
    clock.move(86_400)
    buckets.take("a")
    buckets.take("a")
    with pytest.raises(RequestError):
        buckets.take("a")


def test_names_have_buckets_of_their_own() -> None:
    buckets = Buckets(FrozenClock(), per_minute=1, burst=1)
    buckets.take("a")
    with pytest.raises(RequestError):
        buckets.take("a")
    buckets.take("b")


def test_a_flood_of_names_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "KEPT", 100)
    buckets = Buckets(FrozenClock(), per_minute=1, burst=5)
    for number in range(1000):
        buckets.take(str(number))
    assert len(buckets) <= 100
