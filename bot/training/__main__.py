"""The child process: sentences in, a model file out."""

import os
import sys
from pathlib import Path

import msgspec

from bot.training.learn import Sentence, train
from bot.training.shelf import written

NICENESS = 5  # those who talk meanwhile go first


def main() -> None:
    """Reads [[intent, words], ...] from standard input, prints how the training went."""
    os.nice(NICENESS)
    pairs = msgspec.json.decode(sys.stdin.buffer.read(), type=list[tuple[str, str]])
    try:
        data, figures = train([Sentence(words.split(), intent) for intent, words in pairs])
    except ValueError as error:
        sys.exit(str(error))
    written(Path(sys.argv[1]), data)
    sys.stdout.buffer.write(msgspec.json.encode(figures))


if __name__ == "__main__":
    main()
