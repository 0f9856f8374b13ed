"""Many letters at once: each issued in a transaction of its own, then printed and copied, with a result for each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from db import lists
from db.casereads import load_case
from db.errors import StoreError
from db.records import Action, LetterKind, State
from desktop.casework import issuing
from desktop.casework.desk import Conflict, Desk, Invalid, Refused
from desktop.casework.letterfacts import letter_kind
from desktop.casework.requests import agreement_of
from desktop.policy.life import DISCLOSING, why_not

READY_STATES = (State.RELEASED, State.REFUSED, State.REJECTED, State.RECORDED)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadyLetter:
    """A letter that can be issued: whose, what it is, and the version of the case that was seen."""

    case_id: int
    version: int
    reference: str
    kind: LetterKind
    body: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one letter. No words of it name a person."""

    case_id: int
    reference: str
    number: int | None = None
    not_issued: str = ""
    printed: str = ""
    saved: str = ""

    @property
    def well(self) -> bool:
        """Whether all that was asked for was done."""
        return self.number is not None and not any(one.startswith("not ") for one in (self.printed, self.saved))

    def words(self) -> str:
        """Such as "Issued, no. 12; printed; not saved: the disk is full"."""
        if self.number is None:
            return f"Not issued: {self.not_issued}"
        return "; ".join(part for part in (f"Issued, no. {self.number}", self.printed, self.saved) if part)


Told = Callable[[int, int], bool]
"""``told(done, of)`` after each letter; False stops before the next one."""
Print = Callable[[str, bytes], None]
"""Prints the letter that has this reference. Raises Unprinted."""


class Unprinted(Exception):
    """The printer did not take a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Which letters are issued, and what is done with each. ``folder``: for a copy of each, named by its reference."""

    letters: tuple[ReadyLetter, ...]
    print: Print | None = None
    folder: Path | None = None


def ready_letters(desk: Desk) -> tuple[ReadyLetter, ...]:
    """The signed-in caseworker's cases whose letter can be issued, the most urgent first."""
    with desk.store.read() as tx:
        rows = lists.open_cases_of(tx, desk.user.id, READY_STATES, None)
        waiting = {row.id for row in rows if row.state is State.RECORDED and row.outcome in DISCLOSING}
        cases = [load_case(tx, row.id) for row in rows if row.id not in waiting]
        return tuple(
            ReadyLetter(
                case.row.id,
                case.row.version,
                case.row.reference,
                letter_kind(case, agreement_of(desk, tx, case)),
                case.row.requester,
            )
            for case in cases
            if not why_not(desk.user.id, desk.user.role, case, Action.ISSUE)
        )


def run_batch(desk: Desk, batch: Batch, told: Told) -> tuple[Result, ...]:
    """Issues the letters one after the other; what one of them meets with stops none of the others.

    Each is issued, printed and copied before the next, so that whatever ends the program leaves whole letters behind.
    One letter is in memory at a time.
    """
    return tuple(_each(desk, batch, told))


def _each(desk: Desk, batch: Batch, told: Told) -> Iterator[Result]:
    going = True
    for at, letter in enumerate(batch.letters, 1):
        if not going:
            yield Result(letter.case_id, letter.reference, not_issued="you stopped before it was its turn.")
            continue
        yield _one(desk, batch, letter)
        going = told(at, len(batch.letters))


def _one(desk: Desk, batch: Batch, letter: ReadyLetter) -> Result:
    result = Result(letter.case_id, letter.reference)
    command = issuing.Issue(command_id=str(uuid4()), case_id=letter.case_id, version=letter.version)
    if why := _tried(lambda: issuing.issue(desk, command)):
        return replace(result, not_issued=why)
    number = _number(desk, letter.case_id)
    result = replace(result, number=number)
    if batch.print is not None:
        why = _tried(partial(_print, desk, letter, batch.print))
        result = replace(result, printed=f"not printed: {why.removesuffix('.')}" if why else "printed")
    if batch.folder is not None:
        why = _tried(partial(_save, desk, letter, batch.folder))
        result = replace(result, saved=f"not saved: {why.removesuffix('.')}" if why else "copy saved")
    return result


def _number(desk: Desk, case_id: int) -> int:
    with desk.store.read() as tx:
        letter = load_case(tx, case_id).letter
    return letter.number if letter is not None else 0


def _print(desk: Desk, letter: ReadyLetter, prints: Print) -> None:
    prints(letter.reference, issuing.read_letter(desk, letter.case_id))
    issuing.printed(desk, issuing.Handled(**as_it_stands(desk, letter.case_id)))


def _save(desk: Desk, letter: ReadyLetter, folder: Path) -> None:
    copy = issuing.SaveCopy(**as_it_stands(desk, letter.case_id), out=folder / f"{letter.reference}.pdf")
    issuing.save_copy(desk, copy)


def as_it_stands(desk: Desk, case_id: int) -> dict[str, Any]:
    """What a command on a case carries where it may go on whatever was done to the case meanwhile: what is done with a
    letter that is issued changes nothing of it.
    """
    with desk.store.read() as tx:
        version = load_case(tx, case_id).row.version
    return {"command_id": str(uuid4()), "case_id": case_id, "version": version}


_WHY: Mapping[type[Exception], str] = {
    Conflict: "somebody changed the case meanwhile. Look at it again.",
    Invalid: "the letter cannot be made as things are. Open the case to see why.",
    FileExistsError: "a file of that name is there already.",
    Unprinted: "the printer did not take it.",
}
"""Failures whose own words may quote what was typed, or say nothing."""


def _tried(does: Callable[[], object]) -> str:
    """Does it; returns why it was not done, in words that name no person, or ""."""
    try:
        does()
    except tuple(_WHY) as error:
        return _WHY[type(error)]
    except Refused as error:
        return str(error)
    except StoreError as error:
        return f"{error.what} {error.todo}"
    except OSError as error:
        return f"{error.strerror or 'the file cannot be written'}."
    except Exception as error:  # noqa: BLE001 - a mistake of ours in one letter stops none of the others
        _log.info("a letter of a batch failed: %s", type(error).__name__)
        return f"the desk made a mistake ({type(error).__name__}). Open the case and try again."
    return ""


def results_text(results: Sequence[Result]) -> str:
    """The results as plain text, a line each: references and what became of them, nothing about anybody."""
    return "\n".join(f"{one.reference}\t{one.words()}" for one in results)
