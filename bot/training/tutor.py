"""The classifier of the live catalog: a kept model, else one made by a child process."""

import asyncio
import os
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.clock import Clock
from bot.logs import Log
from bot.talk.classify import Classifier
from bot.training import shelf
from bot.training.shelf import Sentences

LONGEST_S = 300  # a training that takes longer is ended
FEWEST = 3  # intents with sentences, below which there is nothing to tell apart
_ROOT = Path(__file__).resolve().parents[2]


class Training(Struct, frozen=True):
    """How it stands with the classifier, for /health.

    `model` names the one in force, `accuracy` is that of sentences held back in turn.
    """

    state: str = "none"
    model: str | None = None
    intents: int = 0
    sentences: int = 0
    seconds: float | None = None
    accuracy: float | None = None
    problem: str | None = None


class Tutor:
    """Finds or makes the model of some sentences; one at a time."""

    def __init__(self, folder: Path, log: Log, clock: Clock) -> None:
        self.folder, self.training = folder, Training()
        self._log, self._clock = log, clock

    async def taught(self, sentences: Sentences) -> Classifier | None:
        """The model of these sentences, or None when there is none to be had; never raises.

        Cancelling ends the child process.
        """
        if len({intent for intent, _ in sentences}) < FEWEST:
            self.training = Training()
            return None
        name = shelf.name_of(sentences)
        seconds, accuracy = None, None
        model = await asyncio.to_thread(shelf.taken, self.folder, name)
        if model is None:
            self._log.info("classifier_training", version=name, count=len(sentences))
            self._changed(state="training", problem=None)
            began = self._clock.cpu_s()
            try:
                accuracy = await self._made(sentences, name)
                model = await asyncio.to_thread(shelf.taken, self.folder, name)
            except (OSError, ValueError, TimeoutError) as error:
                self._failed(str(error) or f"took longer than {LONGEST_S} s")
                return None
            if model is None:
                self._failed("the child process left no model")
                return None
            seconds = round(self._clock.cpu_s() - began, 1)
            self._log.info("classifier_trained", version=name, seconds=seconds)
            await asyncio.to_thread(shelf.cleaned, self.folder, name)
        head = model.head
        self.training = Training(
            "ready", name, len(head.intents), head.sentences, seconds, accuracy
        )
        return model

    async def _made(self, sentences: Sentences, name: str) -> float:
        """Runs the child; ValueError carries the last line it said."""
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *_paths()])}
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.training",
            str(shelf.path_of(self.folder, name)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environ,
        )
        try:
            async with asyncio.timeout(LONGEST_S):
                said, wrong = await child.communicate(msgspec.json.encode(sentences))
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if child.returncode != 0:
            lines = wrong.decode("utf-8", "replace").strip().splitlines()
            raise ValueError(lines[-1] if lines else f"ended with {child.returncode}")
        return float(msgspec.json.decode(said)["accuracy"])

    def _failed(self, reason: str) -> None:
        self._log.error("classifier_failed", reason=reason)
        self._changed(state="failed", problem=reason)

    def _changed(self, state: str, problem: str | None) -> None:
        self.training = msgspec.structs.replace(self.training, state=state, problem=problem)


def _paths() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
