"""The letters of a case: how each is called, and in which states one that does not answer may be written."""

from __future__ import annotations

from collections.abc import Mapping

from db.records import ANSWERING, LetterKind, State

TITLES: Mapping[LetterKind, str] = {
    LetterKind.DISCLOSURE: "Disclosure letter",
    LetterKind.PARTIAL_DISCLOSURE: "Partial disclosure letter",
    LetterKind.NO_TRACE: "No-trace letter",
    LetterKind.REFUSAL: "Refusal letter",
    LetterKind.REJECTION: "Rejection letter",
    LetterKind.NOT_PERMITTED: "Refusal: no agreement permits it",
    LetterKind.STATUS_ANSWER: "Status answer",
    LetterKind.ANSWER: "Answer",
    LetterKind.FOI_ANSWER: "Freedom of information answer",
    LetterKind.SAR_ANSWER: "Subject access answer",
    LetterKind.REVIEW_OUTCOME: "Outcome of the internal review",
    LetterKind.ACKNOWLEDGEMENT: "Acknowledgement",
    LetterKind.MORE_INFORMATION: "Request for more information",
    LetterKind.EXPEDITE_ACCEPTED: "Faster answer: accepted",
    LetterKind.EXPEDITE_DECLINED: "Faster answer: declined",
    LetterKind.EXTENSION: "Extension notice",
    LetterKind.DEBT_NOTICE: "Notice to the patient",
    LetterKind.FORWARDING: "Forwarding letter",
    LetterKind.CORRECTION: "Notice of correction",
}
"""How lists and windows call each letter."""

_ASSESSED = frozenset({State.DRAFT, State.SENT_BACK, State.SUBMITTED, State.ESCALATED})
WRITTEN_IN: Mapping[LetterKind, frozenset[State]] = {
    LetterKind.ACKNOWLEDGEMENT: _ASSESSED,
    LetterKind.MORE_INFORMATION: frozenset({State.RETURNED}),
    LetterKind.EXPEDITE_ACCEPTED: _ASSESSED | {State.APPROVED},
    LetterKind.EXPEDITE_DECLINED: _ASSESSED | {State.APPROVED},
    LetterKind.EXTENSION: _ASSESSED | {State.APPROVED, State.RECORDED},
    LetterKind.DEBT_NOTICE: frozenset({State.RELEASED}),
    LetterKind.FORWARDING: frozenset({State.RELEASED}),
}
"""The states in which each letter that does not answer may be written; the database holds the same."""

WRITING = frozenset().union(*WRITTEN_IN.values())
"""The states in which any of them may be written."""

TO_THE_PERSON = frozenset({LetterKind.DEBT_NOTICE, LetterKind.FORWARDING})
"""Letters that go to whom the case is about, at an address that whoever asked must never learn from us."""

SAID = frozenset({LetterKind.MORE_INFORMATION, LetterKind.EXPEDITE_DECLINED, LetterKind.EXTENSION})
"""Letters that a caseworker's own words complete: what is missing, or why."""

WITH_FIGURES = frozenset({LetterKind.FOI_ANSWER, LetterKind.SAR_ANSWER, LetterKind.REVIEW_OUTCOME})
"""Answers that a table of figures can go into."""

GIVING = ANSWERING - {LetterKind.NO_TRACE, LetterKind.REFUSAL, LetterKind.REJECTION, LetterKind.NOT_PERMITTED}
"""The letters that give something: each is one disclosure."""
