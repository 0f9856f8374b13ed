"""Small helps with words on this window."""

from __future__ import annotations

import re

from desktop.ui.kit.text import Text

_ADDRESS = re.compile(r"https?://(?:www\.)?([^/\s)]+)[^\s)]*[^\s).,]")


def short_source(source: str) -> str:
    """A source with its web addresses cut down to where they lead: the whole agreement has them in full."""
    return _ADDRESS.sub(r"\1", source)


def say(text: Text, words: str) -> None:
    """Shows other words in a text that wraps, without the room that longer words took before."""
    if text.text() != words:
        text.setMinimumHeight(0)
        text.setText(words)
