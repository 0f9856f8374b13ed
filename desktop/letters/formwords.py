"""What a request form is made of, and what its fields are called: shared by making one and reading it back.

Each field's name is its key with "~" for the dot, and a part after it: PDF takes a dot for a hierarchy (ISO 32000-1,
12.7.3.2). A hidden field says which form it is, so that it is never read as another.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.records import Organisation

MARK = "tracing-desk~form"
YES = "Yes"
NAME_ROWS, SOURCE_ROWS = 3, 4


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key, its words, and how it is answered."""

    key: str
    label: str
    kind: str
    """As the agreement's fields have it: "text", "lines", "choice", "choices", "date", "names", "address"…"""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """Ids and labels."""


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions under a heading."""

    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class RequestForm:
    """Everything that a form needs."""

    organisation: Organisation
    title: str
    mark: str
    """Which form it is: agreement, version and hash."""
    lead: tuple[str, ...]
    """What is said before the first question, a paragraph each."""
    groups: tuple[QuestionGroup, ...]


def field_name(key: str, *parts: str) -> str:
    """The name of a field in the file."""
    return "~".join((key.replace(".", "~"), *parts))
