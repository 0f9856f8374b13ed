"""Invented facts for letters, complete for every kind."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from db.records import LetterKind, Organisation
from desktop.letters.facts import ItemRow, LetterFacts, RecoverySheet


def png(width: int, height: int, grey: int = 90) -> bytes:
    """A plain grey PNG of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([grey]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def organisation(**changes: Any) -> Organisation:
    """An invented body that holds records."""
    return replace(
        Organisation(
            name="Meridian Health Records",
            team="Disclosure team",
            address="Castlegate House\nNorthbridge NB1 4QT",
            phone="01632 960148",
            email="tracing@meridian.example",
            hours="9am to 5pm, Monday to Friday",
            signatory_name="Margaret Ellison",
            signatory_title="Head of Disclosure",
        ),
        **changes,
    )


_COMMON: dict[str, Any] = {
    "organisation": organisation(),
    "number": None,
    "reference": "TR-000146-2",
    "their_reference": "EMC/MP/2017/0418",
    "recipient": (
        "Detective Sergeant Colin Marsden", "Missing Persons Unit", "Eastmoor Constabulary", "Harbour Road",
        "Eastmoor", "EM1 2HQ",
    ),
    "salutation": "Detective Sergeant Marsden",
    "dated": date(2017, 6, 12),
    "received": date(2017, 5, 17),
    "marking": "OFFICIAL",
    "snapshot_hash": "9f2c41ae" * 8,
    "file_id": "41ae9f2c" * 8,
    "caseworker": "Ruth Adeyemi",
}  # fmt: skip
_AGREEMENT: dict[str, Any] = {
    "agreement_title": "Tracing for law enforcement",
    "agreement_version": 3,
    "agreement_from": date(2016, 4, 1),
}
_GIVEN: dict[str, Any] = {
    "gateway": "section 261(5) of the Health and Social Care Act 2012",
    "purpose": "to find out whether this person is safe",
    "taken_at": datetime(2017, 6, 12, 8, 20, tzinfo=UTC),
    "destroy_by": date(2017, 12, 12),
    "retention": "at least 3 years",
}
_ASKED: dict[str, Any] = {
    "reference": "FI-000012-8",
    "their_reference": "Your e-mail of 12 May",
    "recipient": ("Sam Northcott", "3 Weir Street", "Westmere", "WM2 4QT"),
    "salutation": "Sam Northcott",
}
_DUE: dict[str, Any] = {
    "due": date(2017, 6, 15),
    "counted": "20 working days after the day on which it reached us",
    "counting": "Saturdays, Sundays and bank holidays in any part of the United Kingdom do not count.",
    "basis": "the agreement between us",
    "retention": "at least 3 years",
}
_PATIENT: dict[str, Any] = {
    "their_reference": "",
    "recipient": ("Li Wen Ashworth", "27 Ropewalk Court", "Westmere", "WM4 8RD"),
    "salutation": "Li Wen Ashworth",
    "retention": "at least 3 years",
}
_OF_KIND: dict[LetterKind, dict[str, Any]] = {
    LetterKind.DISCLOSURE: {
        **_AGREEMENT,
        **_GIVEN,
        "marking": "OFFICIAL-SENSITIVE",
        "person": "Li Wen Ashworth, born 4 November 1991",
        "items": (
            ItemRow("Name", "Li Wen Ashworth", "14 May 2012"),
            ItemRow("Former name", "Li Wen Tan", "2 September 2009"),
            ItemRow("Date of birth", "4 November 1991", "2 September 2009"),
            ItemRow("Last known address", "27 Ropewalk Court\nWestmere WM4 8RD", "19 January 2016"),
            ItemRow("Date of NHS registration", "2 September 2009", "2 September 2009"),
        ),
        "matched": ("name", "date of birth", "gender", "former address"),
    },
    LetterKind.PARTIAL_DISCLOSURE: {
        **_AGREEMENT,
        **_GIVEN,
        "marking": "OFFICIAL-SENSITIVE",
        "person": "Li Wen Ashworth, born 4 November 1991",
        "items": (
            ItemRow("Name", "Li Wen Ashworth", "14 May 2012"),
            ItemRow("Date of birth", "4 November 1991", "2 September 2009"),
        ),
        "not_given": ("Last known address", "GP practice"),
        "matched": ("name", "date of birth", "gender"),
    },
    LetterKind.NO_TRACE: {**_AGREEMENT, "answer_within": "20 working days"},
    LetterKind.REFUSAL: {
        **_AGREEMENT,
        "answer_within": "20 working days",
        "criterion": "Paragraph 4.3 asks that all usual sources have been tried first.",
        "reasons": ("Your request names two.", "It does not say when they were tried, or what they gave."),
        "refusal_title": "We cannot give you the information you asked for",
    },
    LetterKind.REJECTION: {
        "answer_within": "20 working days",
        "criterion": "The procedure asks that a senior officer signs each request.",
        "reasons": ("Yours has no second signature.",),
    },
    LetterKind.NOT_PERMITTED: {
        "criterion": "The agreement between us was withdrawn on 9 November 2018.",
        "reasons": ("So we could not accept your request.",),
    },
    LetterKind.STATUS_ANSWER: {
        **_AGREEMENT,
        **_GIVEN,
        "marking": "OFFICIAL-SENSITIVE",
        "reference": "SR-000031-5",
        "their_reference": "OVM/2017/88",
        "recipient": ("Overseas Visitor Manager", "Westmere NHS Trust", "Mill Lane", "Westmere", "WM1 3AB"),
        "salutation": "Ms Okafor",
        "agreement_title": "Status checks for NHS trusts",
        "gateway": "regulation 3A of the charging regulations of 2015",
        "purpose": "to settle whether free secondary care is due",
        "status_answer": "The person has limited leave, valid from 3 March 2016 to 2 March 2019. The health "
        "surcharge was paid.",
    },
    LetterKind.ANSWER: {
        **_AGREEMENT,
        **_GIVEN,
        **_ASKED,
        "agreement_title": "Freedom of information requests",
        "gateway": "section 1 of the Freedom of Information Act 2000",
        "request_words": "for information that we hold",
        "governed_by": "the Freedom of Information Act 2000",
        "answer_title": "We hold the information and give it to you in full",
        "status_answer": "We hold the information that you asked for. It is below.",
        "answer_note": "You may use it again under the Open Government Licence.",
        "items": (ItemRow("Requests received in 2016", "339", "30 November 2016"),),
        "rights": (
            "You can ask us to review how we handled your request, within 40 working days of this letter.",
            "If you are still not content, you can complain to the Information Commissioner.",
        ),
        "conditions": ("Tell us if you need it in another format, such as large print.",),
    },
    LetterKind.FOI_ANSWER: {
        **_AGREEMENT,
        **_GIVEN,
        **_ASKED,
        "gateway": "section 1 of the Freedom of Information Act 2000",
        "request_words": "for recorded information",
        "governed_by": "the Freedom of Information Act 2000",
        "answer_title": "We have given you part of the information",
        "status_answer": "We hold the information, and give you what is below. The rest is exempt.",
        "items": (
            ItemRow("Requests received in 2016", "339", "30 November 2016"),
            ItemRow("What is kept back", "The names of officers, under section 40(2)", "12 June 2017"),
        ),
    },
    LetterKind.SAR_ANSWER: {
        **_AGREEMENT,
        **_GIVEN,
        **_ASKED,
        "reference": "SA-000004-7",
        "gateway": "Article 15 of the UK General Data Protection Regulation",
        "request_words": "for information about you",
        "governed_by": "your right of access under Article 15 of the UK General Data Protection Regulation",
        "answer_title": "What we were asked about you",
        "status_answer": "We searched our register of requests for any that is about you. What we found is below.",
        "items": (ItemRow("Who asked us", "Eastmoor Constabulary, on 17 May 2017", "12 June 2017"),),
    },
    LetterKind.REVIEW_OUTCOME: {
        **_AGREEMENT,
        **_GIVEN,
        **_ASKED,
        "reference": "FI-000019-4",
        "gateway": "section 1 of the Freedom of Information Act 2000",
        "answer_title": "We looked again, and our answer stands",
        "status_answer": "Our answer was right, for the reasons below.",
        "items": (ItemRow("Why", "Section 40(2) applies to the names of officers", "12 June 2017"),),
    },
    LetterKind.ACKNOWLEDGEMENT: {**_DUE, "dated": date(2017, 5, 18)},
    LetterKind.MORE_INFORMATION: {
        "dated": date(2017, 5, 22),
        "said": ("The date of birth of the person, or the year at least.", "When you last knew where they were."),
        "answer_by": date(2017, 7, 18),
        "clock_effect": "The time in which we answer stopped at the end of Monday 22 May 2017. It goes on from the day "
        "after your answer reaches us.",
        "retention": "at least 3 years",
    },
    LetterKind.EXPEDITE_ACCEPTED: {
        **_DUE,
        "dated": date(2017, 5, 18),
        "due": date(2017, 5, 24),
        "counted": "5 working days after the day on which it reached us",
        "answer_within": "20 working days",
    },
    LetterKind.EXPEDITE_DECLINED: {
        **_DUE,
        "dated": date(2017, 5, 18),
        "said": ("You told us that the case is to be closed this month. That is no danger to anyone.",),
    },
    LetterKind.EXTENSION: {
        **_ASKED,
        **_DUE,
        "dated": date(2017, 6, 9),
        "due": date(2017, 7, 14),
        "counted": "40 working days after the day on which it reached us",
        "request_words": "for recorded information",
        "was_due": date(2017, 6, 15),
        "because": "weighing the public interest takes longer, which section 10(3) of the Act allows",
        "said": ("We are weighing whether section 31 (law enforcement) applies to the figures by office.",),
        "rights": (
            "You can ask us for an internal review, within 40 working days of the date of this letter.",
            "If you are still not content, you can complain to the Information Commissioner.",
        ),
    },
    LetterKind.DEBT_NOTICE: {
        **_PATIENT,
        "reference": "DR-000008-3",
        "body": "Westmere NHS Trust",
        "debt": "£1,250.00, from an invoice of 3 March 2017",
        "gateway": "Article 6(1)(c) of the UK General Data Protection Regulation, with the NHS Act 2006",
    },
    LetterKind.FORWARDING: {
        **_PATIENT,
        "reference": "LF-000002-5",
        "body": "Northbridge Family Link",
        "reply_to": "Northbridge Family Link, 12 Mill Lane, Northbridge NB2 1AB",
    },
    LetterKind.CORRECTION: {
        **_AGREEMENT,
        "marking": "OFFICIAL-SENSITIVE",
        "reference": "RC-000003-1",
        "agreement_title": "Rectification requests",
        "gateway": "Articles 16 and 19 of the UK General Data Protection Regulation",
        "retention": "at least 3 years",
        "answer_within": "10 working days",
        "items": (
            ItemRow(
                "Last known address:\n27 Ropewalk Court\nWestmere WM4 8RD",
                "9 Tannery Yard\nWestmere WM1 2AA",
                "12 June 2017\nOurs: TR-000214-7",
            ),
        ),
    },
}


KINDS = tuple(_OF_KIND)
"""The kinds of letter that there are facts for."""


def letter(kind: LetterKind, **changes: Any) -> LetterFacts:
    """Complete facts for a letter of this kind, changed as told."""
    return LetterFacts(**{**_COMMON, "kind": kind, **_OF_KIND[kind], **changes})


_IN_WELSH: dict[LetterKind, dict[str, Any]] = {
    LetterKind.ACKNOWLEDGEMENT: {},
    LetterKind.DISCLOSURE: {},
    LetterKind.PARTIAL_DISCLOSURE: {},
    LetterKind.NO_TRACE: {},
    LetterKind.REFUSAL: {
        "criterion": "The agreement asks that all usual sources have been tried first. We could not see from the "
        "request that they had.",
        "reasons": ("So we are not able to provide the information.",),
    },
    LetterKind.SAR_ANSWER: {
        "items": (
            ItemRow(
                "Who asked us about you, when, under what, and what we gave",
                "17 May 2017: Eastmoor Constabulary asked, under “Tracing requests from law enforcement bodies”. We "
                "gave them name and date of birth on 12 June 2017.",
                "12 June 2017",
                in_our_words=True,
            ),
        ),
    },
}


def bilingual(kind: LetterKind, **changes: Any) -> LetterFacts:
    """Complete facts for a letter in Welsh and English: what it says of an agreement stands in the list of terms."""
    said: dict[str, Any] = {"in_welsh": True, "agreement_title": "Tracing requests from law enforcement bodies"}
    facts = letter(kind)
    if facts.gateway and kind is not LetterKind.SAR_ANSWER:
        said["gateway"] = "section 261(5) of the Health and Social Care Act 2012, welfare of an individual"
    return replace(facts, **{**said, **_IN_WELSH[kind], **changes})


def sheet(**changes: Any) -> RecoverySheet:
    """A recovery sheet for an invented key."""
    groups = tuple("4F7QK 2XD9M PA7T3 WHJ6N C5REY B8V2G ZD4KF Q7XM3".split())
    return replace(
        RecoverySheet(
            organisation(), groups, "the figures 0 to 9 and the letters A to Z without I, L, O and U", date(2017, 6, 12)
        ),
        **changes,
    )
