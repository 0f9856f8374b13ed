"""What somebody's own words may not bring into a letter, wherever they are typed."""

from __future__ import annotations

from db.records import Case
from desktop.policy.agreements import Agreement
from desktop.policy.fields import Problem
from desktop.policy.whereabouts import places_of, told_where
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
