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
        "not_permitted": ("GP practice",),
        "matched": ("name", "date of birth", "gender", "former address"),
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
        "reference": "FI-000012-8",
        "their_reference": "Your e-mail of 12 May",
        "recipient": ("Sam Northcott", "3 Weir Street", "Westmere", "WM2 4QT"),
        "salutation": "Sam Northcott",
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


def sheet(**changes: Any) -> RecoverySheet:
    """A recovery sheet for an invented key."""
    groups = tuple("4F7QK 2XD9M PA7T3 WHJ6N C5REY B8V2G ZD4KF Q7XM3".split())
    return replace(
        RecoverySheet(
            organisation(), groups, "the figures 0 to 9 and the letters A to Z without I, L, O and U", date(2017, 6, 12)
        ),
        **changes,
    )
