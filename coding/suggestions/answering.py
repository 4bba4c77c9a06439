"""The other side of `worker.py`: the process that holds models and answers questions, a line of JSON for each.

It reads questions from its input and writes answers to its output until the input ends: with it ends the process, so
that none is left behind by a server that was killed.
"""

import json
import os
import signal
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from models.suggestion import Suggester

MODELS_AT_ONCE = 2
"""Models held in memory; one more puts out the one that was asked for longest ago."""
NICE = 10

Open = Callable[[Path], "Suggester"]


class Shelf:
    """The open models, by folder. A version's folder never changes, so an open one stays right."""

    def __init__(self, open_model: Open, most: int = MODELS_AT_ONCE) -> None:
        self._open = open_model
        self._most = most
        self._held: OrderedDict[str, Suggester] = OrderedDict()

    def model(self, folder: str) -> "Suggester":
        """The model of a folder, opened where it is not. Raises Refused."""
        if folder not in self._held:
            while len(self._held) >= self._most:
                self._held.popitem(last=False)
            self._held[folder] = self._open(Path(folder))
        self._held.move_to_end(folder)
        return self._held[folder]


def answer(shelf: Shelf, question: dict[str, Any]) -> dict[str, Any]:
    """What the model of a question says: points, probabilities, labels, silent, model, language. Raises Refused."""
    from models.target import Target

    told = question["target"]
    target = Target(told["name"], tuple(told["aliases"]), tuple(tuple(each) for each in told["bystanders"]))
    said = shelf.model(question["folder"]).suggest([question["text"]], [target], [question["language"]])[0]
    names = ("points", "probabilities", "labels", "model", "language")
    return {name: getattr(said, name) for name in names} | {"silent": str(said.silent or "")}


def serve(open_model: Open) -> None:
    """Answer until the questions end. What a model raises is told, and written to the log; the process goes on."""
    questions, answers = sys.stdin.buffer, _own_output()
    shelf = Shelf(open_model)
    for line in questions:
        try:
            said = answer(shelf, json.loads(line))
        except Exception as error:  # noqa: BLE001  one text or one folder must not end it for all the others
            traceback.print_exc()
            said = {"failed": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(said).encode() + b"\n")
        answers.flush()


def _own_output() -> BinaryIO:
    """The output for answers alone: what a library prints goes to the log."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


def main() -> None:
    """What the worker starts."""
    from models.folder import open_model

    step_back()
    serve(open_model)


def step_back() -> None:
    """Coders' saves come first; and the keys that stop a server at the console are for the server."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
