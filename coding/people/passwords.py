"""Passwords: argon2id, one-time passwords that can be read out, and a brake on guessing."""

import secrets
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from threading import BoundedSemaphore, Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from coding.problems import Problem, ProblemsFound
from coding.vocabulary import matching_key

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without 0 o, 1 l i: what is read out over a telephone must not be taken for another sign."""
SHORTEST = 10
MOST_TRIES = 5
WITHIN = timedelta(minutes=15)
MOST_NAMES = 10_000

_hasher = PasswordHasher()
_at_once = BoundedSemaphore(2)
"""Each check takes 64 MB: many sign-ins at a time wait for one another, instead of filling the memory."""


def one_time_password() -> str:
    """Four groups of four signs, about 79 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """The argon2id hash, with its salt and costs."""
    with _at_once:
        return _hasher.hash(_normal(password))


def matches(held: str | None, password: str) -> bool:
    """Whether this is the password; takes as long where there is nobody of that name."""
    if held is None:
        hashed(password)
        return False
    with _at_once:
        try:
            return _hasher.verify(held, _normal(password))
        except (VerificationError, InvalidHashError):
            return False


def _normal(password: str) -> str:
    """One form for what two keyboards write as one letter or as a letter and its mark."""
    return unicodedata.normalize("NFC", password)


def check_choice(name: str, old: str, new: str) -> None:
    """Raises ProblemsFound for a password that is short, the name, or the one before."""
    problems = []
    if len(new) < SHORTEST:
        problems.append(Problem("people.password_short", values={"shortest": SHORTEST}))
    if matching_key(new) == matching_key(name):
        problems.append(Problem("people.password_name"))
    if new == old:
        problems.append(Problem("people.password_same"))
    if problems:
        raise ProblemsFound(problems)


class Throttle:
    """Counts tries for a name, also of names that do not exist; too many within a quarter of an hour must wait."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._tries: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = Lock()

    def attempt(self, key: str) -> None:
        """Count a try before it is checked, so that tries side by side are all counted. Raises ProblemsFound."""
        with self._lock:
            now = self._clock()
            recent = [tried for tried in self._tries.get(key, ()) if tried + WITHIN > now]
            if len(recent) >= MOST_TRIES:
                minutes = ceil((recent[0] + WITHIN - now) / timedelta(minutes=1))
                raise ProblemsFound([Problem("people.wait", values={"minutes": minutes})])
            self._tries[key] = [*recent, now]
            self._tries.move_to_end(key)
            while len(self._tries) > MOST_NAMES:
                self._tries.popitem(last=False)

    def forget(self, key: str) -> None:
        """Begin anew after a right password."""
        with self._lock:
            self._tries.pop(key, None)
