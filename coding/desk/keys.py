"""The desk's keys: the shipped map, and what a mission changes of it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from coding.problems import Problem

FILE = Path(__file__).with_name("keys.toml")
MODIFIERS = ("Ctrl", "Alt", "Shift")
CODE = re.compile(
    r"^(Key[A-Z]|(Digit|Numpad)[0-9]|F([1-9]|1[0-2])|Numpad(Add|Subtract|Enter)|Arrow(Left|Right|Up|Down)|Page(Up|Down)"
    r"|Bracket(Left|Right)|Space|Enter|Escape|Tab|Backspace|Delete|Insert|Home|End|Comma|Period|Slash|Semicolon|Quote"
    r"|(Intl)?Backslash|Minus|Equal|Backquote)$"
)


@lru_cache
def shipped() -> dict[str, dict[str, str]]:
    """Group, action and its keys, as the file has them."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def key_map(changed: Mapping[str, str]) -> dict[str, dict[str, list[str]]]:
    """Group, action and list of keys, with a mission's changes; an action changed to "" has no key."""
    return {
        group: {action: (changed.get(action, keys)).split() for action, keys in actions.items()}
        for group, actions in shipped().items()
    }


def problems(changed: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the changes: an action that is not there, a key nobody has, one key for two actions."""
    actions = {action for group in shipped().values() for action in group}
    for action, keys in changed.items():
        if action not in actions:
            yield Problem(
                "desk.unknown_action",
                column=f"keys.{action}",
                value=action,
                values={"known": ", ".join(sorted(actions))},
            )
        for key in keys.split():
            if not _is_key(key):
                yield Problem("desk.unknown_key", column=f"keys.{action}", value=key)
    taken: dict[str, str] = {}
    for group in key_map(changed).values():
        for action, listed in group.items():
            for key in listed:
                if key in taken and {action, taken[key]} & set(changed):
                    yield Problem("desk.key_taken", column=f"keys.{action}", value=key, values={"other": taken[key]})
                taken.setdefault(key, action)


def _is_key(written: str) -> bool:
    *modifiers, code = written.split("+")
    in_order = [name for name in MODIFIERS if name in modifiers]
    return bool(CODE.match(code)) and modifiers == in_order
