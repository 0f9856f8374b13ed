"""What is typed back from a letter before it is marked as sent, so that the right letter went to the right place."""

from __future__ import annotations

from dataclasses import dataclass

from db.casereads import letter_recipient, load_case
from db.records import Case, Letter
from db.store import Tx
from desktop.casework.desk import Desk, Refused, need_sight
from desktop.letters.placing import first_lines
from desktop.policy.addressblock import same_line
from desktop.policy.fields import Problem
from desktop.policy.letterkinds import TO_THE_PERSON

NONE_KEPT = "No letter of this case is kept."


@dataclass(frozen=True, slots=True)
class TypedBack:
    """The recipient's reference, or ours where they gave none, and the first line of the address."""

    reference: str
    ours: bool
    first_line: str
    as_printed: tuple[str, ...]
    """The same as the window of either print may show it: run on, broken, or its beginning alone."""


def letter_to_type_back(desk: Desk, case_id: int, letter_id: int | None = None) -> TypedBack:
    """What marking an issued letter of a case as sent asks for; None for the one that answers. Raises Refused."""
    need_sight(desk)
    with desk.store.read() as tx:
        case = load_case(tx, case_id)
        return typed_back(tx, case, issued_letter(case, letter_id))


def typed_back(tx: Tx, case: Case, one: Letter) -> TypedBack:
    """As ``letter_to_type_back``, of a case that is read already."""
    reference = reference_on(case, one)
    return to_type_back(reference, reference == case.row.reference, letter_recipient(tx, one.id))


def to_type_back(reference: str, ours: bool, recipient: str) -> TypedBack:
    """What is typed back from a letter with this reference to this address."""
    first, *others = first_lines(tuple(recipient.splitlines())) or ("",)
    return TypedBack(reference, ours, first, tuple(others))


def reference_on(case: Case, one: Letter) -> str:
    """The reference by which a letter is told from another: the recipient's where they have one, else ours.

    One without a letter or figure, such as a dash, is none: nobody could type it back.
    """
    theirs = "" if one.kind in TO_THE_PERSON else case.row.requester_reference.strip()
    return theirs if same_line(theirs, theirs) else case.row.reference


def issued_letter(case: Case, letter_id: int | None) -> Letter:
    """One of the letters of a case, or the one that answers. Raises Refused."""
    one = case.letter if letter_id is None else next((one for one in case.letters if one.id == letter_id), None)
    if one is None:
        raise Refused(NONE_KEPT)
    return one


def sent_problems(expected: TypedBack, reference: str, line: str) -> tuple[Problem, ...]:
    """What was typed that the letter does not have. Capitals, spaces and punctuation do not matter."""
    problems = []
    if not same_line(reference, expected.reference):
        where = "“Our reference”" if expected.ours else "“Your reference”"
        message = f"This is not the reference on the letter. Type it as the letter has it, under {where}."
        problems.append(Problem("typed_reference", message, hard=True))
    lines = (expected.first_line, *expected.as_printed)
    if expected.first_line and not any(same_line(line, one) for one in lines):
        message = "This is not the first line of the address on the letter. Check that it is the right letter."
        problems.append(Problem("typed_line", message, hard=True))
    return tuple(problems)
