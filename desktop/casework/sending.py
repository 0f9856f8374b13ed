"""What is typed back from a letter before it is marked as sent, so that the right letter went to the right place."""

from __future__ import annotations

from dataclasses import dataclass

from db.casereads import letter_recipient, load_case
from db.records import Case
from db.store import Tx
from desktop.casework.desk import Desk, Refused, need_sight
from desktop.policy.addressblock import same_line
from desktop.policy.fields import Problem


@dataclass(frozen=True, slots=True)
class TypedBack:
    """The recipient's reference, or ours where they gave none, and the first line of the address, as printed."""

    reference: str
    ours: bool
    first_line: str


def letter_to_type_back(desk: Desk, case_id: int) -> TypedBack:
    """What marking the issued letter of a case as sent asks for. Raises Refused where none is issued."""
    need_sight(desk)
    with desk.store.read() as tx:
        return typed_back(tx, load_case(tx, case_id))


def typed_back(tx: Tx, case: Case) -> TypedBack:
    """As ``letter_to_type_back``, of a case that is read already."""
    if case.letter is None:
        raise Refused("No letter of this case is kept.")
    theirs = case.row.requester_reference.strip()
    recipient = letter_recipient(tx, case.letter.id)
    return TypedBack(theirs or case.row.reference, not theirs, first_line(recipient))


def first_line(recipient: str) -> str:
    """The first line of an address as it was printed."""
    return next(iter(recipient.splitlines()), "")


def sent_problems(expected: TypedBack, reference: str, line: str) -> tuple[Problem, ...]:
    """What was typed that the letter does not have. Capitals, spaces and punctuation do not matter."""
    problems = []
    if not same_line(reference, expected.reference):
        where = "“Our reference”" if expected.ours else "“Your reference”"
        message = f"This is not the reference on the letter. Type it as the letter has it, under {where}."
        problems.append(Problem("typed_reference", message, hard=True))
    if expected.first_line and not same_line(line, expected.first_line):
        message = "This is not the first line of the address on the letter. Check that it is the right letter."
        problems.append(Problem("typed_line", message, hard=True))
    return tuple(problems)
