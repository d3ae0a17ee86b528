"""What /metrics tells Prometheus: calls, their times, and the state of the house."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

# Seconds; the upper bounds of the histogram's buckets.
BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Meter:
    """Counts calls and their times; plain numbers, so that a call costs a microsecond."""

    def __init__(self) -> None:
        self.calls: dict[tuple[str, int], int] = {}
        self.times: dict[str, list[int]] = {}
        self.seconds: dict[str, float] = {}

    def note(self, route: str, status: int, seconds: float) -> None:
        """One call was answered."""
        key = (route, status)
        self.calls[key] = self.calls.get(key, 0) + 1
        counts = self.times.get(route)
        if counts is None:
            counts = self.times[route] = [0] * (len(BOUNDS_S) + 1)
        counts[bisect_left(BOUNDS_S, seconds)] += 1
        self.seconds[route] = self.seconds.get(route, 0.0) + seconds


def exposition(
    meter: Meter, gauges: dict[str, tuple[str, float]], jobs: dict[str, tuple[int, int]]
) -> tuple[bytes, str]:
    """The text Prometheus reads, and its content type.

    Gauges are name -> (help, value), jobs are name -> (runs that ended well, errors).
    """
    from prometheus_client import exposition, process_collector, registry  # at the first scrape

    house = registry.CollectorRegistry()
    house.register(_House(meter, gauges, jobs))
    process_collector.ProcessCollector(registry=house)
    return exposition.generate_latest(house), exposition.CONTENT_TYPE_PLAIN_0_0_4


class _House:
    """Turns our numbers into metric families when asked."""

    def __init__(
        self, meter: Meter, gauges: dict[str, tuple[str, float]], jobs: dict[str, tuple[int, int]]
    ) -> None:
        self._meter, self._gauges, self._jobs = meter, gauges, jobs

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        calls = CounterMetricFamily("bot_calls", "Calls answered.", labels=["route", "status"])
        for (route, status), count in sorted(self._meter.calls.items()):
            calls.add_metric([route or "none", str(status)], count)
        yield calls
        times = HistogramMetricFamily("bot_call_seconds", "Time to answer.", labels=["route"])
        for route, counts in sorted(self._meter.times.items()):
            times.add_metric([route or "none"], _buckets(counts), self._meter.seconds[route])
        yield times
        runs = CounterMetricFamily("bot_job_runs", "Runs that ended well.", labels=["job"])
        errors = CounterMetricFamily("bot_job_errors", "Runs that failed.", labels=["job"])
        for job, (ended, failed) in self._jobs.items():
            runs.add_metric([job], ended)
            errors.add_metric([job], failed)
        yield from (runs, errors)
        for name, (text, value) in self._gauges.items():
            yield GaugeMetricFamily(f"bot_{name}", text, value=value)


def _buckets(counts: list[int]) -> list[tuple[str, float]]:
    """Cumulative counts by upper bound, as the histogram family wants them."""
    total, found = 0, []
    for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), counts, strict=True):
        total += count
        found.append((bound, float(total)))
    return found
