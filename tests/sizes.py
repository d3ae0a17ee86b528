"""How large the loops that prove reliability are: small by default, whole on demand."""

import os


def size(small: int, full: int) -> int:
    """`small`, or `full` when BOT_TEST_SIZE=full."""
    return full if os.environ.get("BOT_TEST_SIZE") == "full" else small
