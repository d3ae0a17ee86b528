"""Sockets that come, speak and go for a long time: memory and descriptors along the way."""

import argparse
import asyncio
import random
import tempfile

import psutil
from load import bot, last_line, stop, table
from sockets import dial, packed, sessions

WARM_SHARE = 0.25  # of the run, before the slope is measured
LOOKS = 10
KIB = 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=20_000, help="in all")
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--people", type=int, default=500, help="who come again and again")
    parser.add_argument("--says", type=int, default=2, help="messages of each socket")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(soak(parser.parse_args(), folder))


async def soak(given: argparse.Namespace, folder: str) -> None:
    dice = random.Random(1)
    port, server = bot(folder)
    try:
        process = psutil.Process(server.pid)
        tokens = await sessions(port, [f"soak-{number}" for number in range(given.people)])
        fds = process.num_fds()
        looks = [(0, process.memory_info().rss, fds)]
        every = max(given.at_once, given.sockets // LOOKS)
        for opened in range(0, given.sockets, given.at_once):
            await _round(given, port, tokens, dice, opened)
            if (opened + given.at_once) % every < given.at_once:
                looks.append(
                    (opened + given.at_once, process.memory_info().rss, process.num_fds())
                )
        await asyncio.sleep(1)  # those who broke off last
        _report(looks, fds, process.num_fds())
    finally:
        stop(server)


async def _round(
    given: argparse.Namespace, port: int, tokens: list[str], dice: random.Random, opened: int
) -> None:
    async def one(token: str, number: int) -> None:
        says = [
            packed({"type": "say", "id": f"{number}-{say}", "text": dice.choice(WORDS)})
            for say in range(given.says)
        ]
        chat = await dial(port, token, says)
        chat.say()
        if dice.random() < 0.8:  # the others break off in the middle
            await chat.done
        chat.leave()

    people = dice.sample(tokens, min(given.at_once, len(tokens)))
    await asyncio.gather(*(one(token, opened + at) for at, token in enumerate(people)))


WORDS = ("hello", "what is leverage?", "topics", "more", "thanks")


def _report(looks: list[tuple[int, int, int]], before: int, after: int) -> None:
    table(
        ("sockets so far", "MiB", "descriptors"),
        [(count, f"{rss / KIB / KIB:.1f}", fds) for count, rss, fds in looks],
    )
    warm = next(look for look in looks if look[0] >= looks[-1][0] * WARM_SHARE)
    counted = max(1, looks[-1][0] - warm[0])
    slope = (looks[-1][1] - warm[1]) / counted
    print(f"{slope:.0f} bytes a socket after warm-up; {before} descriptors before, {after} after")
    last_line(
        sockets=looks[-1][0],
        bytes_a_socket=round(slope),
        start_mib=round(looks[0][1] / KIB / KIB, 1),
        end_mib=round(looks[-1][1] / KIB / KIB, 1),
        descriptors_left=after - before,
    )


if __name__ == "__main__":
    main()
