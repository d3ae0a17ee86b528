"""Time and randomness."""

import os

from bot.clock import POOL_BYTES, Clock, FrozenClock


def test_no_two_tokens_are_the_same_over_many_refills_of_the_pool() -> None:
    clock = Clock()
    count = POOL_BYTES // 16 * 5
    assert len({clock.token() for _ in range(count)}) == count


def test_a_forked_child_draws_bytes_of_its_own() -> None:
    clock = Clock()
    clock.token()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, clock.token().encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 64).decode() != clock.token()
    os.close(reading)
    os.close(writing)


def test_a_seed_has_at_most_62_bits() -> None:
    clock = Clock()
    assert all(0 <= clock.seed() < 2**62 for _ in range(1000))


def test_a_frozen_clock_moves_only_when_told() -> None:
    clock = FrozenClock()
    before = clock.now()
    clock.move(1.5)
    assert (clock.now() - before, clock.monotonic()) == (1_500_000, 1_500_000)
    clock.set(before)
    assert (clock.now(), clock.monotonic()) == (before, 1_500_000)
