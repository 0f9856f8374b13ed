"""What must hold in an agreement's standard lines: one for each day, and none that tells two letters apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from db.records import LetterKind
from desktop.policy.agreements_clockchecks import Mistake
from desktop.policy.agreements_standing import StandardLine
from desktop.policy.letterkinds import TO_THE_PERSON

_ONE_SHAPE = frozenset({LetterKind.NO_TRACE, LetterKind.REFUSAL})
"""Letters of one shape: a line that only one of them had would tell the two apart."""


def standing_mistakes(lines: Sequence[StandardLine], letters: AbstractSet[LetterKind]) -> Iterator[Mistake]:
    """What must hold in an agreement's standard lines. ``letters``: those that the agreement uses."""
    for index, line in enumerate(lines):
        at = ("standard_lines", index)
        yield from _texts(line, at)
        for kind in line.letters:
            if kind not in letters:
                yield Mistake((*at, "letters"), f"the agreement has no letter “{kind.value}”.")
            if kind in TO_THE_PERSON:
                yield Mistake((*at, "letters"), f"“{kind.value}” goes to the person, and has no standard lines.")
        if len(_ONE_SHAPE & {*line.letters}) == 1:
            words = "put it in both the refusal and the no_trace letter, or in neither: it would tell them apart."
            if letters >= _ONE_SHAPE:
                yield Mistake((*at, "letters"), words)
        if line.valid_to is not None and line.valid_to < line.valid_from:
            yield Mistake((*at, "valid_to"), "it ends before it begins.")
        for other in lines[:index]:
            if other.id == line.id and _overlap(other, line):
                yield Mistake((*at, "valid_from"), f"two lines “{line.id}” are valid on one day.")


def _texts(line: StandardLine, at: tuple[str | int, ...]) -> Iterator[Mistake]:
    for name in ("id", "heading", "text", "owner"):
        if not getattr(line, name).strip():
            yield Mistake((*at, name), "this cannot be empty.")
    if not line.letters:
        yield Mistake((*at, "letters"), "name the letters that it stands in.")
    for name in ("heading", "text", "welsh_heading", "welsh"):
        if {"{", "}"} & set(getattr(line, name)):
            yield Mistake((*at, name), "a standard line has no merge fields: take the braces out.")
    if bool(line.welsh.strip()) != bool(line.welsh_heading.strip()):
        yield Mistake((*at, "welsh"), "give the heading and the text in Welsh, or neither.")


def _overlap(one: StandardLine, other: StandardLine) -> bool:
    first, second = sorted((one, other), key=lambda line: line.valid_from)
    return first.valid_to is None or second.valid_from <= first.valid_to
