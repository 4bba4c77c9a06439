"""Message catalogues: one TOML file for each interface language, English for what is missing.

`translator("ru")` returns a function `t(key, **values)`. A key is `section.name`; `{name}` places are filled
from the values. A missing key raises, so that no page can show one.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
DEFAULT = "en"

Translate = Callable[..., str]


@lru_cache
def languages() -> Mapping[str, str]:
    """Code and own name of every interface language, from the files in this folder."""
    return {path.stem: catalogue(path.stem)["language.name"] for path in sorted(FOLDER.glob("*.toml"))}


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """All messages of one language under their full keys (`section.name`)."""
    return flattened(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")))


def flattened(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """A tree of tables as one table of full keys."""
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            flat |= flattened(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


@lru_cache
def translator(language: str = DEFAULT) -> Translate:
    """The function that fills messages of one language; English stands in where a message is missing."""
    messages = catalogue(DEFAULT) | (catalogue(language) if language in languages() else {})

    def translate(key: str, **values: Any) -> str:
        return messages[key].format(**values)

    return translate
