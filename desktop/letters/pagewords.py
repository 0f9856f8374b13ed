"""The words of the pages that are no letters: recovery sheet, certificate, anchor, destruction certificate."""

from __future__ import annotations

from db.records import Organisation
from desktop.letters.content import Block, Section, Words
from desktop.letters.facts import (
    AnchorPage,
    CertificatePage,
    DestructionPage,
    RecoverySheet,
    check_anchor_page,
    check_certificate_page,
    check_destruction_page,
    check_sheet,
)
from desktop.letters.templates import Template, load
from desktop.letters.words import contact_lines, fill
from desktop.policy.wording import day

_SHEET_MERGES = frozenset({"organisation", "phone", "made_on", "alphabet"})
_CERTIFICATE_MERGES = frozenset(
    {"organisation", "named", "issuer", "valid_from", "valid_to", "phone", "hours", "made_on"}
)
_ANCHOR_MERGES = frozenset(
    {"organisation", "entry", "count", "anchored", "moment", "store", "key", "public", "signature", "made_on"}
)
_DESTRUCTION_MERGES = frozenset(
    {
        "organisation", "number", "because", "proposed", "approved", "carried_out", "counted", "content_hash",
        "journal", "made_on",
    }
)  # fmt: skip
_TABLES = {"key": "key", "cases": "items"}
"""How the table that a page's text calls for is drawn."""
_KEY_GROUPS_A_LINE = 4


def sheet_words(sheet: RecoverySheet) -> Words:
    """The words of the recovery sheet. Raises LetterError for what is missing or blank."""
    check_sheet(sheet)
    values = {
        "organisation": sheet.organisation.name,
        "phone": sheet.organisation.phone,
        "made_on": day(sheet.made_on),
        "alphabet": sheet.alphabet,
    }
    template = load("recovery_sheet", _SHEET_MERGES)
    return _page_words("Recovery key", sheet.organisation, template, values, _in_lines(sheet.groups))


def certificate_words(page: CertificatePage) -> Words:
    """The words of the page about the certificate. Raises LetterError for what is missing or blank."""
    check_certificate_page(page)
    values = {
        "organisation": page.organisation.name,
        "named": page.named,
        "issuer": page.issuer or f"{page.organisation.name} itself",
        "valid_from": day(page.valid_from),
        "valid_to": day(page.valid_to),
        "phone": page.organisation.phone,
        "hours": page.organisation.hours,
        "made_on": day(page.made_on),
    }
    template = load("certificate", _CERTIFICATE_MERGES)
    return _page_words("How to check our letters", page.organisation, template, values, _in_lines(page.fingerprint))


def anchor_words(page: AnchorPage) -> Words:
    """The words of the page about an anchor of the journal. Raises LetterError for what is missing or blank."""
    check_anchor_page(page)
    values = {
        "organisation": page.organisation.name,
        "entry": f"{page.entry:,}",
        "count": f"{page.count:,}",
        "anchored": page.anchored,
        "moment": page.moment,
        "store": page.store,
        "key": page.key,
        "public": " ".join(page.public),
        "signature": " ".join(page.signature),
        "made_on": day(page.made_on),
    }
    template = load("anchor", _ANCHOR_MERGES)
    return _page_words("Anchor of the journal", page.organisation, template, values, _in_lines(page.hash))


def destruction_words(page: DestructionPage) -> Words:
    """The words of a destruction certificate. Raises LetterError for what is missing or blank."""
    check_destruction_page(page)
    values = {
        "organisation": page.organisation.name,
        "number": str(page.number),
        "because": page.because,
        "proposed": page.proposed,
        "approved": page.approved,
        "carried_out": page.carried_out,
        "counted": page.counted,
        "content_hash": " ".join(page.content_hash),
        "journal": page.journal,
        "made_on": day(page.made_on),
    }
    template = load("destruction", _DESTRUCTION_MERGES)
    title = f"Destruction certificate {page.number}"
    return _page_words(title, page.organisation, template, values, page.rows)


def _page_words(
    title: str,
    organisation: Organisation,
    template: Template,
    values: dict[str, str],
    rows: tuple[tuple[str, ...], ...],
) -> Words:
    """The words of a page that is no letter, with its table."""
    return Words(
        document_title=title,
        marking="",
        foot=title,
        organisation=organisation.name,
        logo=organisation.logo,
        contact=contact_lines(organisation),
        email=organisation.email,
        references=(),
        recipient=(),
        title=fill(template.title, values, template),
        greeting="",
        sections=tuple(
            Section(
                fill(section.heading, values, template),
                tuple(
                    Block(_TABLES[part.text], columns=part.columns, rows=rows)
                    if part.role == "table"
                    else Block(part.role, fill(part.text, values, template))
                    for part in section.parts
                ),
            )
            for section in template.sections
        ),
        sign_off=None,
        after_sign_off=(),
        ending=template.ending,
    )


def _in_lines(groups: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Groups of characters as numbered lines."""
    lines = [groups[n : n + _KEY_GROUPS_A_LINE] for n in range(0, len(groups), _KEY_GROUPS_A_LINE)]
    return tuple((str(n), *line) for n, line in enumerate(lines, start=1))
