"""No letter is printed with a blank in it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from db.records import LetterKind, Organisation
from desktop.letters.factnames import plain
from desktop.letters.facts import (
    REQUIRED,
    AnchorPage,
    CertificatePage,
    DestructionPage,
    ItemRow,
    LetterError,
    LetterFacts,
    RecoverySheet,
    is_blank,
)
from desktop.letters.pages import render, render_sheet
from desktop.letters.words import words
from tests.letters.factory import KINDS, letter, organisation, sheet

NEEDED = [(kind, name) for kind in KINDS for name in REQUIRED[kind] if name != "organisation"]
ORGANISATION = ("name", "team", "address", "phone", "email", "hours", "signatory_name", "signatory_title")


def blanks(facts: LetterFacts, name: str) -> list[Any]:
    """The ways in which this fact can be missing."""
    value = getattr(facts, name)
    if isinstance(value, str):
        return ["", "  \n", "\u200b\u202e\u00a0", "\u3164", "\u115f", "\u034f", " \u0301", "\u2800"]
    if isinstance(value, tuple):
        return [(), ("",), (*value, " \u200d")] if name != "items" else [()]
    return [None]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_needs_and_the_factory_has_it(kind: LetterKind) -> None:
    assert words(letter(kind)).title
    assert set(KINDS) == set(REQUIRED) == set(LetterKind)


@pytest.mark.parametrize(("kind", "name"), NEEDED)
def test_a_letter_without_a_fact_that_it_needs_is_not_made(kind: LetterKind, name: str) -> None:
    for blank in blanks(letter(kind), name):
        with pytest.raises(LetterError) as caught:
            render(letter(kind, **{name: blank}))
        assert caught.value.field == name
        assert f"no {plain(name)}. " in caught.value.message


def test_what_is_missing_is_called_by_a_word_and_not_by_a_field_s_name() -> None:
    with pytest.raises(LetterError) as caught:
        render(letter(LetterKind.DISCLOSURE, destroy_by=None))
    assert caught.value.message == "The letter has no day by which it must be destroyed. Nothing was printed."
    every = {one.name for one in fields(LetterFacts)} & {name for names in REQUIRED.values() for name in names}
    pages = (RecoverySheet, CertificatePage, AnchorPage, DestructionPage, Organisation)
    every |= {one.name for page in pages for one in fields(page)}
    every -= {"valid_from", "valid_to", "hours_welsh", "signatory_title_welsh"}
    assert not [name for name in sorted(every) if "_" in plain(name)]


@pytest.mark.parametrize("name", ORGANISATION)
@pytest.mark.parametrize("kind", KINDS)
def test_a_letterhead_with_a_blank_is_not_printed(kind: LetterKind, name: str) -> None:
    with pytest.raises(LetterError) as caught:
        render(letter(kind, organisation=organisation(**{name: " "})))
    assert caught.value.field == f"organisation.{name}"
    with pytest.raises(LetterError):
        render_sheet(sheet(organisation=organisation(**{name: ""})))


@pytest.mark.parametrize("row", [ItemRow("", "x", "y"), ItemRow("x", "\u200b", "y"), ItemRow("x", "y", " ")])
def test_an_item_with_a_blank_is_not_printed(row: ItemRow) -> None:
    facts = letter(LetterKind.DISCLOSURE)
    with pytest.raises(LetterError, match="items"):
        render(replace(facts, items=(*facts.items, row)))


@pytest.mark.parametrize(
    ("kind", "name"), [(LetterKind.FOI_ANSWER, "conditions"), (LetterKind.REJECTION, "how_to_ask")]
)
def test_a_fact_that_may_be_left_out_may_not_be_blank(kind: LetterKind, name: str) -> None:
    render(letter(kind, **{name: ()}))
    with pytest.raises(LetterError, match=name):
        render(letter(kind, **{name: ("something", "\u00a0")}))


@pytest.mark.parametrize("name", ["groups", "alphabet"])
def test_a_recovery_sheet_without_its_key_is_not_printed(name: str) -> None:
    with pytest.raises(LetterError, match=name):
        render_sheet(sheet(**{name: type(getattr(sheet(), name))()}))


@pytest.mark.parametrize("value", [0, False, "a", "a\u0301", "\u0627", ("a",), b""])
def test_what_prints_as_something_is_not_blank(value: object) -> None:
    assert not is_blank(value)


@pytest.mark.parametrize("module", ["desktop.letters.facts", "desktop.letters.words", "desktop.letters.templates"])
def test_the_words_do_not_load_the_engine_that_prints_them(module: str) -> None:
    code = f"import sys, {module}; sys.exit('reportlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 0
