"""Everything that a person reads comes from a catalogue, and every catalogue fits the English one."""

import ast
import re
import string
from pathlib import Path

import pytest

from coding.languages import DEFAULT, catalogue, languages

ROOT = Path(__file__).parent.parent.parent
FILES = [ROOT / "app.py", *sorted(ROOT.glob("*/pages/*.py"))]
NOT_VISIBLE = {
    "set_page_config", "html", "container", "fragment", "cache_data", "cache_resource", "get", "Page", "columns", "pop",
    "get_option",
}  # fmt: skip
"""Calls whose texts are no words on the screen: styles, keys, paths."""
VISIBLE_KEYWORDS = {"label", "placeholder", "help", "title", "body", "caption", "text"}
SECOND_WORDS = {
    "ru": r"тон(а|у|ом|е)?|супервизор\w*|стол(а|ом|е)?",
    "kk": r"тон\w*|кеңес\w*|бума\w*|тіркелгі\w*|үміткер\w*|үстел\w*|тапсырыл\w*",
}
"""Second words for what has a name: tone, supervisor, desk; tone, suggestion, folder, account, contestant, desk, assign."""
OWN_SECTIONS = ("app", "page", "chart", "sentence", "word")


def literal_texts(node: ast.Call) -> list[str]:
    """Literal words that a call of Streamlit would show: its first argument, and keywords that are shown."""
    shown = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg in VISIBLE_KEYWORDS)]
    literals = [part for part in shown if isinstance(part, ast.Constant | ast.JoinedStr)]
    return [ast.unparse(part) for part in literals if any(letter.isalpha() for letter in ast.unparse(part))]


def is_streamlit(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and "st" in {
        part.id for part in ast.walk(function) if isinstance(part, ast.Name)
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_show_no_words_of_their_own(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    shown = {
        node.lineno: texts
        for node in calls
        if is_streamlit(node.func) and node.func.attr not in NOT_VISIBLE  # type: ignore[attr-defined]
        if (texts := literal_texts(node))
    }
    assert shown == {}


def test_the_check_sees_a_word() -> None:
    call = ast.parse("st.button('Save')").body[0].value  # type: ignore[attr-defined]
    assert is_streamlit(call.func)
    assert literal_texts(call) == ["'Save'"]


def places(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


@pytest.mark.parametrize("language", sorted(set(languages()) - {DEFAULT}))
def test_catalogues_have_known_keys_and_the_same_places(language: str) -> None:
    english, other = catalogue(DEFAULT), catalogue(language)
    assert set(other) <= set(english)
    assert {key for key in other if places(other[key]) != places(english[key])} == set()


@pytest.mark.parametrize("language", sorted(set(languages()) - {DEFAULT}))
def test_no_word_of_the_results_is_left_in_english(language: str) -> None:
    own = {key for key in catalogue(DEFAULT) if key.split(".")[0] in OWN_SECTIONS}
    assert own - set(catalogue(language)) == set()


@pytest.mark.parametrize("language", SECOND_WORDS)
def test_one_thing_has_one_name(language: str) -> None:
    second = re.compile(rf"\b(?:{SECOND_WORDS[language]})\b", re.IGNORECASE)
    assert {key: text for key, text in catalogue(language).items() if second.search(text)} == {}


def test_languages_are_offered_under_their_own_names() -> None:
    assert languages() | {"en": "English", "ru": "Русский", "kk": "Қазақша"} == languages()
