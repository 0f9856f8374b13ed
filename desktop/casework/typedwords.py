"""What somebody's own words may not bring into a letter, wherever they are typed."""

from __future__ import annotations

from collections.abc import Iterator

from db.records import Case, LetterKind
from desktop.casework.projection import text_of
from desktop.policy.agreements import Agreement
from desktop.policy.fields import Problem
from desktop.policy.letterkinds import GIVING
from desktop.policy.whereabouts import holds_line, places_of, told_where
from desktop.policy.wording import join_and
from desktop.policy.wordlists import word_told


def against_words(agreement: Agreement, case: Case, field: str, typed: str) -> tuple[Problem, ...]:
    """Why these words may not stand in a letter of the case: they tell where the person is while the address is kept
    off, or have a word that the agreement keeps out.
    """
    piece = told_where(typed, places_of(agreement, case)) if case.address_kept_off else ""
    words = f"“{piece}” tells where the person is, and the address is kept off this case. Take it out."
    found = [words] if piece else []
    found += [word] if (word := word_told(agreement, case.answers, typed)) else []
    return tuple(Problem(field, one, hard=True) for one in found)


_OF_WHO_ASKS = ("requester.reference", "requester.grade", "requester.officer", "requester.unit", "requester.body")
_IN_THIS_ORDER = ("requester.grade", "requester.officer", "requester.unit", "requester.body")
"""What stands together at the head of a letter: a place may be told over two of them."""
_OF_THE_PERSON = ("person.given_names", "person.family_name")


def against_request(agreement: Agreement, case: Case, kind: LetterKind) -> str:
    """Why what the request itself says may not stand in a letter of this kind: it tells where the person is while the
    address is kept off; "" where it may. The address to which the letter goes may stand, unless it is the person's.
    """
    return next(_told_by_request(agreement, case, kind), "") if case.address_kept_off else ""


def _told_by_request(agreement: Agreement, case: Case, kind: LetterKind) -> Iterator[str]:
    answers = case.submissions[-1].snapshot if case.submissions else case.answers
    known = places_of(agreement, case)
    for key in (*_OF_WHO_ASKS, *(_OF_THE_PERSON if kind in GIVING else ())):
        if piece := told_where(text_of(answers, key), known, at_work=key in _OF_WHO_ASKS):
            yield _in_the_request(agreement, piece, key)
    printed = [key for key in _IN_THIS_ORDER if text_of(answers, key)]
    if piece := holds_line(" ".join(text_of(answers, key) for key in printed), known):
        yield _in_the_request(agreement, piece, *printed)
    address = answers.get("requester.address")
    # Someone who asks for themselves is written to where they are; a letter that gives nothing is like any other.
    if kind in GIVING and isinstance(address, dict) and agreement.field("requester.officer") is not None:
        typed = f"{address.get('lines', '')}\n{address.get('postcode', '')}"
        if piece := holds_line(typed, known):
            yield _in_the_request(agreement, piece, "requester.address")


def _in_the_request(agreement: Agreement, piece: str, *keys: str) -> str:
    fields = ((key, agreement.field(key)) for key in keys)
    labels = join_and([f"“{field.label if field is not None else key}”" for key, field in fields])
    return (
        f"“{piece}” tells where the person is, and the address is kept off this case. It stands in the request under "
        f"{labels}: take it out there. Nothing was printed."
    )
