"""What letters say that no case decides: an organisation's own words for parts of them, and agreements' standard lines.

An administrator changes the words that an organisation may change. What protects the reader cannot be taken out: legal
rights, the limits of the purpose, the day to destroy by and our reference stand in parts that have no words of one's
own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from db import letterwords
from db.journal import append
from db.letterwords import StoredWords
from db.records import Heading, LetterKind, Role
from db.store import Tx
from desktop.casework.desk import Desk, Invalid, Refused, changing, need_role
from desktop.letters.facts import OwnWords, StandingText
from desktop.letters.templates import Part, Template, wrong_words
from desktop.letters.words import changeable, own_hints, shipped_text
from desktop.policy.agreements import Agreement
from desktop.policy.agreements_standing import lines_on, stale_words
from desktop.policy.fields import Problem, check_text
from desktop.policy.letterkinds import TITLES

__all__ = [
    "ChangeWords",
    "ChangeablePart",
    "LetterText",
    "StoredWords",
    "change_words",
    "changed_kinds",
    "letter_text",
    "said_by_us",
]

MOST = 2000
"""The longest text of one part, in characters: a page of a letter."""
_ONE_TEXT: Mapping[tuple[LetterKind, str], tuple[LetterKind, str]] = {
    (LetterKind.REFUSAL, "opening"): (LetterKind.NO_TRACE, "opening"),
    (LetterKind.NO_TRACE, "opening"): (LetterKind.REFUSAL, "opening"),
}
"""Parts that say the same in two letters, which nothing may tell apart but what must: both are changed together."""

_UNFIT = (
    "Your organisation’s own words do not fit this letter. Ask an administrator to look at them, in Administration, "
    "Letters."
)
_NO_WELSH = "This letter has no Welsh text, so there is none to change."


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWords:
    """Puts words in the place of one part of a kind of letter; ``english`` is None for the desk's own words again."""

    kind: LetterKind
    part: str
    english: str | None
    welsh: str = ""
    because: str
    seen: int = 0
    """The number of the change that the editor had before it; 0 for none. Another since then is not written over."""


@dataclass(frozen=True, slots=True)
class ChangeablePart:
    """A part of a letter that an organisation may put in its own words."""

    part: Part
    in_welsh: Part | None
    """None where the letter has no Welsh text."""
    now: StoredWords | None
    """The last change of it, also one back to the desk's own words; None for none ever."""
    with_it: LetterKind | None
    """The kind of letter that says the same and is changed with it."""

    @property
    def own(self) -> StoredWords | None:
        """The organisation's own words, if it has any now."""
        return self.now if self.now is not None and self.now.english is not None else None


@dataclass(frozen=True, slots=True)
class LetterText:
    """A kind of letter as it is now: its shipped text, the parts that may be changed, and every change so far."""

    kind: LetterKind
    text: Template
    parts: Mapping[str, ChangeablePart]
    changes: tuple[StoredWords, ...]


def said_by_us(tx: Tx, agreement: Agreement, kind: LetterKind, on: date) -> dict[str, Any]:
    """The facts of a letter of this day that come neither from the case nor from what was decided."""
    stored = _in_use(tx, kind)
    own = tuple(OwnWords(part, english, one.welsh) for part, one in stored.items() if (english := one.english))
    unfit = [f"{_UNFIT} Part of the letter: {part}." for part in stored if not _fits(tx, kind, part, stored)]
    valid, stale = lines_on(agreement.standard_lines, kind, on)
    return {
        "own_words": own,
        "standing": tuple(StandingText(one.heading, one.text, one.welsh_heading, one.welsh) for one in valid),
        "out_of_date": " ".join((*unfit, *(stale_words(one) for one in stale))),
    }


def _in_use(tx: Tx, kind: LetterKind) -> dict[str, StoredWords]:
    """The organisation's own words for a kind of letter, by part."""
    return {one.part: one for one in letterwords.words_of(tx, kind) if one.english is not None}


def _fits(tx: Tx, kind: LetterKind, part: str, stored: Mapping[str, StoredWords]) -> bool:
    """Whether words that were good when they were set still are: the desk's own text may have changed since, and who
    can write to the store may have passed this module by.
    """
    if part not in changeable(kind):
        return False
    one = stored[part]
    shipped, in_welsh = changeable(kind)[part]
    twin = _in_use(tx, _ONE_TEXT[kind, part][0]).get(_ONE_TEXT[kind, part][1]) if (kind, part) in _ONE_TEXT else one
    if twin is None or (twin.english, twin.welsh) != (one.english, one.welsh):
        return False
    wrong = _wrong("english", shipped, one.english or "")
    if one.welsh:
        wrong += _wrong("welsh", in_welsh, one.welsh) if in_welsh else (Problem("welsh", _NO_WELSH, hard=True),)
    return not wrong


def changed_kinds(desk: Desk) -> frozenset[LetterKind]:
    """The kinds of letter that say something in the organisation's own words now."""
    need_role(desk, Role.ADMINISTRATOR)
    with desk.store.read() as tx:
        return letterwords.kinds_with_words(tx)


def letter_text(desk: Desk, kind: LetterKind) -> LetterText:
    """A kind of letter, for administrators."""
    need_role(desk, Role.ADMINISTRATOR)
    with desk.store.read() as tx:
        now = {one.part: one for one in letterwords.words_of(tx, kind)}
        changes = letterwords.changes_of(tx, kind)
    parts = {
        key: ChangeablePart(part, in_welsh, now.get(key), _ONE_TEXT.get((kind, key), (None, ""))[0])
        for key, (part, in_welsh) in changeable(kind).items()
    }
    return LetterText(kind, shipped_text(kind), parts, changes)


def change_words(desk: Desk, command: ChangeWords) -> None:
    """Puts the words in use for every letter that is issued from now on. Raises Invalid or Refused."""
    need_role(desk, Role.ADMINISTRATOR)
    problems = _problems(command)
    if problems:
        raise Invalid(problems)
    with changing(desk) as tx:
        now = {one.part: one for one in letterwords.words_of(tx, command.kind)}.get(command.part)
        if (now.id if now else 0) != command.seen:
            raise Refused("Someone else changed these words meanwhile. Look at them first, then change them.")
        if (now is None or now.english is None) and command.english is None:
            raise Refused("These are the desk’s own words already.")
        at = desk.clock()
        twin = _ONE_TEXT.get((command.kind, command.part))
        for kind, part in ((command.kind, command.part), *((twin,) if twin else ())):
            number = letterwords.add_words(
                tx,
                {
                    "kind": kind.value,
                    "part": part,
                    "english": command.english.strip() if command.english is not None else None,
                    "welsh": command.welsh.strip() or None,
                    "because": command.because.strip(),
                    "made_by": desk.user.id,
                    "made_at": at,
                },
            )
            append(
                tx,
                at=at,
                actor_id=desk.user.id,
                action="change_words",
                heading=Heading.SYSTEM,
                data={
                    "words": number,
                    "letter": kind.value,
                    "part": part,
                    "own": command.english is not None,
                    "because": command.because.strip(),
                },
            )


def _problems(command: ChangeWords) -> tuple[Problem, ...]:
    known = changeable(command.kind).get(command.part)
    if known is None:
        raise Refused(f"This part of the letter “{TITLES[command.kind]}” is protected: its words are not changed.")
    part, in_welsh = known
    found = check_text("because", command.because, most=1000)
    if not command.because.strip():
        found += (Problem("because", "Say why: it is kept with the words.", hard=True),)
    if command.english is not None:
        found += _wrong("english", part, command.english) or _unprinted("english", command.english)
    if command.welsh.strip():
        if command.english is None or in_welsh is None:
            return (*found, Problem("welsh", _NO_WELSH, hard=True))
        found += _wrong("welsh", in_welsh, command.welsh) or _unprinted("welsh", command.welsh)
    return found


def _wrong(field: str, part: Part, text: str) -> tuple[Problem, ...]:
    """What is wrong with words for a part, beside the desk's own; nothing where they can be printed."""
    if found := check_text(field, text, most=MOST, lines=False):
        return found
    if problem := wrong_words(part, text):
        return (Problem(field, problem, hard=True),)
    if hints := own_hints(text, part.text):
        words = f"A letter never hints at what a record holds. Take out “{hints[0]}”."
        return (Problem(field, words, hard=True),)
    return ()


def _unprinted(field: str, text: str) -> tuple[Problem, ...]:
    """What keeps words from being printed with this computer's fonts."""
    from desktop.letters.pages import why_missing
    from desktop.letters.shaping import missing

    if chars := missing(text):
        return tuple(Problem(field, one, hard=True) for one in why_missing(chars, todo="Take it out."))
    return ()
