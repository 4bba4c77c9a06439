"""Documents in one cell of a table, or in lines of a form: `name <address> | name <address>`."""

import re
from collections.abc import Iterable

from coding.incident import Document

_WRITTEN = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")


def documents_text(documents: Iterable[Document], between: str = " | ") -> str:
    """Documents as text; `read_documents` gives them back.

    >>> documents_text([Document(name="The report", address="https://example.org/report.pdf"), Document(name="Page 3")])
    'The report <https://example.org/report.pdf> | Page 3'
    """
    return between.join(f"{each.name} <{each.address}>" if each.address else each.name for each in documents)


def read_documents(text: str) -> list[dict[str, str]]:
    """The names and addresses that stand in a text, parted by `|` or line ends; not yet checked.

    >>> read_documents("The report <https://example.org/report.pdf> | Page 3")
    [{'name': 'The report', 'address': 'https://example.org/report.pdf'}, {'name': 'Page 3'}]
    """
    parts = (part.strip() for part in re.split(r"[|\n]", text))
    return [_document(part) for part in parts if part]


def _document(part: str) -> dict[str, str]:
    found = _WRITTEN.fullmatch(part)
    return found.groupdict() if found else {"name": part}
