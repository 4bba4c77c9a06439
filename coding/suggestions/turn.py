"""One at a time: a turn that a process holds on this machine, and that ends with it, however it ends."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class Taken(Exception):
    """Another process has the turn."""


@contextmanager
def turn(path: Path, patience: float = 2.0) -> Iterator[None]:
    """Hold the turn that a file stands for. Raises Taken where another has it for longer than `patience` seconds.

    The lock is that of an SQLite file: the operating system takes it back from a process that was killed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Taken(str(path)) from error
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def taken(path: Path) -> bool:
    """Whether somebody has the turn just now."""
    if not path.is_file():
        return False
    try:
        with turn(path, 0.0):
            return False
    except Taken:
        return True
