"""The words of an attached text, table, e-mail or Office file, in pages short enough to show at once. Pure functions.

An e-mail shows its plain words. Its pictures are not fetched, its links not followed, its own files only named.
"""

from __future__ import annotations

import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO

from desktop.policy.filekinds import CSV, DOCX, EML, TEXT, XLSX, decoded, safe_name
from desktop.policy.officetext import word_text, workbook_text

READABLE = frozenset({TEXT, CSV, EML, DOCX, XLSX})
"""The kinds whose words can be shown."""
PAGE_LETTERS = 6_000
_LONGEST_LINE = 2_000
_HEADS = ("From", "To", "Cc", "Date", "Subject")


def text_pages(content: bytes, kind: str) -> tuple[str, ...]:
    """The words of a file of a readable kind, page by page; one page at least. Raises ``officetext.NotRead``."""
    words = _words_of(content, kind)
    pages: list[str] = []
    page: list[str] = []
    room = PAGE_LETTERS
    for line in _lines(words):
        if page and len(line) >= room:
            pages.append("\n".join(page))
            page, room = [], PAGE_LETTERS
        page.append(line)
        room -= len(line) + 1
    return (*pages, "\n".join(page))


def _words_of(content: bytes, kind: str) -> str:
    readers = {EML: _mail_words, DOCX: word_text, XLSX: workbook_text}
    return readers[kind](content) if kind in readers else decoded(content) or ""


def _lines(words: str) -> Iterator[str]:
    """Lines, the longest in pieces; without the marks that turn the order of letters round."""
    held = StringIO(words)
    while line := held.readline(_LONGEST_LINE):
        yield _TURNS.sub("", line.rstrip("\r\n"))


_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _mail_words(content: bytes) -> str:
    message = email.message_from_bytes(content, policy=email.policy.default)
    try:
        heads = [f"{head}: {value}" for head in _HEADS if (value := message.get(head))]
        names = [safe_name(part.get_filename() or "") for part in message.iter_attachments()]
        body = message.get_body(("plain", "html"))
        words = str(body.get_content()) if body is not None else ""
        if body is not None and body.get_content_subtype() == "html":
            words = _without_tags(words)
    except (LookupError, ValueError, TypeError, AttributeError, email.errors.MessageError):
        # A message that breaks the rules of messages is shown as it came.
        return decoded(content) or ""
    held = ["", "Attached to the e-mail, and not shown: " + ", ".join(names)] if names else []
    return "\n".join([*heads, "", words.strip(), *held])


class _Words(HTMLParser):
    """Gathers what a reader would see."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "head")
        if tag in ("p", "br", "div", "tr", "li", "h1", "h2", "h3"):
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in ("script", "style", "head")))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


def _without_tags(markup: str) -> str:
    words = _Words()
    words.feed(markup)
    words.close()
    return "\n".join(" ".join(line.split()) for line in "".join(words.found).splitlines())
