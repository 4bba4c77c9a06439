"""The few screens in front of the app, as plain HTML that needs no script: sign in, choose a password, sign out."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from coding.languages import catalogue, languages, translator

FOLDER = Path(__file__).parent
STYLE = (FOLDER / "screen.css").read_text(encoding="utf-8")
UNSAVED = (FOLDER / "unsaved.js").read_text(encoding="utf-8")
MARK = (
    '<svg width="38" height="38" viewBox="0 0 38 38" fill="none" stroke="currentColor" stroke-width="2.6"'
    ' stroke-linecap="round" aria-hidden="true"><path d="M19 6v26M12 32h14M6 11h26M6 11l-4 11h8zM32 11l-4 11h8z"'
    ' stroke-linejoin="round"/></svg>'
)


def _digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src {_digest(STYLE)}; script-src {_digest(UNSAVED)}; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
"""Nothing but our own style and script runs. No-referrer would make the form's own Origin unknown."""


class Screen:
    """A screen in one language: parts in, a page out. Every word is escaped here."""

    def __init__(self, language: str, path: str, stays: Mapping[str, str] | None = None) -> None:
        self.language = language
        self.t = translator(language)
        self._path = path
        self._stays = {name: value for name, value in (stays or {}).items() if value}
        self._parts: list[str] = []

    def told(self, words: str, style: str = "told", command: str = "") -> None:
        """A message, with a command to be typed where there is one; `bad` is read out at once."""
        role = "alert" if style == "bad" else "status"
        typed = f"<br><code>{escape(command)}</code>" if command else ""
        self._parts.append(f'<p class="{style}" role="{role}">{escape(words)}{typed}</p>')

    def text(self, words: str, style: str = "") -> None:
        """A paragraph."""
        self._parts.append(f'<p class="{style}">{escape(words)}</p>' if style else f"<p>{escape(words)}</p>")

    def link(self, address: str, words: str) -> None:
        """A way on."""
        self._parts.append(f'<p class="below"><a href="{escape(address)}">{escape(words)}</a></p>')

    def unsaved(self) -> None:
        """What waits in this browser, where there is anything."""
        words = escape(self.t("signin.unsaved", count="#"))
        script = f"<script>{UNSAVED}</script>"
        self._parts.append(f'<p class="bad" role="alert" id="unsaved" data-words="{words}" hidden></p>{script}')

    def form(self, fields: Sequence[tuple[str, str, str, str]], button: str) -> None:
        """Fields of (name, label, autocomplete, value) and one button; a field named *password* hides its signs."""
        lines = []
        for place, (name, label, complete, value) in enumerate(fields):
            kind = "text" if complete == "username" else "password"
            first = " autofocus" if not value and all(held[3] for held in fields[:place]) else ""
            about = f'name="{name}" type="{kind}" autocomplete="{complete}" value="{escape(value)}"'
            lines.append(f'<label>{escape(label)}<input {about} maxlength="200" required{first}></label>')
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in self._stays.items()
        )
        inside = f"{hidden}{''.join(lines)}<button>{escape(button)}</button>"
        self._parts.append(f'<form method="post" action="{self._path}">{inside}</form>')

    def response(self, title: str, status: int = 200) -> HTMLResponse:
        """The whole page."""
        words = catalogue(self.language)
        head = (
            f'<!doctype html><html lang="{self.language}" dir="{escape(words.get("language.direction", "ltr"))}">'
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{escape(title)} · {escape(self.t("app.name"))}</title><link rel="icon" href="/favicon.png">'
            f"<style>{STYLE}</style></head>"
        )
        brand = f"{MARK}<span><b>{escape(self.t('app.name'))}</b>{escape(self.t('signin.about'))}</span>"
        body = f'<main><div class="brand">{brand}</div><h1>{escape(title)}</h1>{"".join(self._parts)}</main>'
        return HTMLResponse(f"{head}<body>{body}{self._languages()}</body></html>", status, HEADERS)

    def _languages(self) -> str:
        links = []
        for code, name in languages().items():
            address = f"{self._path}?{urlencode({**self._stays, 'lang': code})}"
            here = ' aria-current="true"' if code == self.language else ""
            links.append(f'<a href="{escape(address)}" lang="{code}" hreflang="{code}"{here}>{escape(name)}</a>')
        return f'<nav aria-label="{escape(self.t("app.language"))}">{"".join(links)}</nav>'
