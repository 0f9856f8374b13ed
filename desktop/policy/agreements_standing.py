"""The standard lines of an agreement: paragraphs that stand in its letters, each with an owner and the days on which it
may be printed. Import the line itself from ``desktop.policy.agreements``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from db.records import LetterKind
from desktop.policy.agreements_parts import Struct
from desktop.policy.wording import day

_COUNTS_AS = {
    LetterKind.PARTIAL_DISCLOSURE: LetterKind.DISCLOSURE,
    LetterKind.NOT_PERMITTED: LetterKind.REJECTION,
}
"""Letters that an agreement does not name, and the one whose lines they have."""


class StandardLine(Struct, frozen=True):
    """One line, for the days of its validity. The line that follows it has the same id and later days."""

    id: str
    letters: tuple[LetterKind, ...]
    heading: str
    text: str
    owner: str
    """Who keeps it right, by office: fits "Ask … for the line of today"."""
    valid_from: date
    valid_to: date | None = None
    """The last day on which it may be printed; None for until it is replaced."""
    source: str = ""
    welsh_heading: str = ""
    welsh: str = ""


def lines_on(
    lines: Sequence[StandardLine], kind: LetterKind, on: date
) -> tuple[tuple[StandardLine, ...], tuple[StandardLine, ...]]:
    """The lines that a letter of this kind and day has, and those that it should have and that are out of date.

    A line whose first day is still to come has no place in a letter of today.
    """
    valid: list[StandardLine] = []
    stale: list[StandardLine] = []
    named = {kind, _COUNTS_AS.get(kind, kind)}
    those = [line for line in lines if named & {*line.letters}]
    for key in dict.fromkeys(line.id for line in those):
        begun = [line for line in those if line.id == key and line.valid_from <= on]
        if not begun:
            continue
        last = max(begun, key=lambda line: line.valid_from)
        (valid if last.valid_to is None or on <= last.valid_to else stale).append(last)
    return tuple(valid), tuple(stale)


def standing_words(line: StandardLine) -> str:
    """A line as a list has it: what it is headed, its days, and who keeps it."""
    until = f" to {day(line.valid_to)}" if line.valid_to else ""
    return f"“{line.heading}”, from {day(line.valid_from)}{until}, kept by {line.owner}"


def stale_words(line: StandardLine) -> str:
    """Why a letter is stopped by a line that is out of date, and what to do."""
    until = day(line.valid_to) if line.valid_to else ""
    return (
        f"The standard line “{line.heading}” of this agreement was valid until {until}. Nothing is printed without it: "
        f"ask {line.owner} for the line of today, and the guardian to bring it in with the agreement’s new file."
    )
