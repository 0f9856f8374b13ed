"""Words that may stand in no text of a request: the clinical list finds what is clinical and lets the rest pass."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Json
from desktop.policy.agreements import load_agreements
from desktop.policy.wordlists import WordList, word_list, word_told, words_against

DEBT = load_agreements().get("nhs-debt-report").at(1)
CLEAN = next(one for one in DEBT.criteria if one.never_says)
CLINICAL = (
    "dialysis", "In the June return: dialysis, oncology ward", "hospital", "A&E", "a & e", "A and E", "A+E", "scan",
    "births", "gave birth", "caesarean", "C-section", "abortion", "miscarriage", "TB", "HIV/AIDS", "IVF", "malaria",
    "epilepsy", "amputation", "X-ray", "x ray", "Xray", "X‑rays", "chemo", "Chemotherapy", "pregnancy", "pregnant",
    "maternity", "MRI", "ultra sound", "outpatients", "out-patient", "Wards 3 and 4", "ICU", "paediatrics",
    "neonatal", "still-born", "hepatitis B", "blood test", "dïalysis", "dia\u00adlysis", "ＤＩＡＬＹＳＩＳ", "CT scan",
    "vaccinated", "covid-19", "stroke", "psychiatric", "physiotherapy", "antenatal", "treatment", "operation",
)  # fmt: skip
HARMLESS = (
    "three invoices, none paid", "Date of birth as given", "with the invoice, by letter", "It is treated as unpaid",
    "Cardiff", "Wardle", "stern reminder", "By e-mail on 3 May", "He admitted the debt", "the scanned invoice", "aide",
    "No clinical word is in it", "free of medical information", "Overseas visitors team", "finance team", "Scanlon",
    "In the return for June 2026.", "entirely unpaid", "stbc", "operated a plan", "discharged the debt in part",
)  # fmt: skip
BODIES = (
    "Westmere Royal Hospital", "Westmere Hospitals NHS Trust", "Northshire Mental Health NHS Foundation Trust",
    "Westmere Women’s and Children’s Hospital", "Westmere Heart and Chest Hospital", "The Royal Infirmary",
    "Westmere Eye Clinic", "Westmere Cancer Centre", "Royal Orthopaedic Hospital",
)  # fmt: skip


def clinical() -> WordList:
    found = word_list("clinical")
    assert found is not None
    return found


@pytest.mark.parametrize("text", CLINICAL)
def test_what_is_clinical_is_found(text: str) -> None:
    assert clinical().found(text)
    assert clinical().found(f"They say: {text.upper()}.")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_not_passes(text: str) -> None:
    assert clinical().found(text) == ""


@pytest.mark.parametrize("text", BODIES)
def test_the_own_name_of_a_body_passes_where_it_stands_and_wherever_it_is_named(text: str) -> None:
    assert clinical().found(text, "body") == ""
    assert clinical().found(f"The letter of {text} of 3 May", body=text) == ""
    assert clinical().found(f"{text}, dialysis unit", "body") == "dialysis"


@pytest.mark.parametrize("name", ["Mary Ward", "Nurse", "Rehab Hassan", "Lung Wai", "Baby Thomas"])
def test_a_name_is_no_diagnosis(name: str) -> None:
    assert clinical().found(name, "name") == ""
    assert clinical().found(f"{name}, dialysis", "name") == "dialysis"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("requester.unit", "Oncology", "“Unit or team” has a word that may be clinical: “oncology”."),
        ("requester.grade", "Dialysis manager", "“Job title” has a word"),
        ("requester.body", "Westmere Hospital, dialysis unit", "“Organisation” has a word"),
        ("person.other_names", [{"name": "the epilepsy patient", "kind": "alias"}], "“Other names” has a word"),
        ("release.notes", "After the abortion", "“Notes for the reviewer” has a word"),
        ("debt.details", "chemo", "“What else they say about the debt” has a word"),
        ("balance.for", "For the malaria clinic", "“For reporting” has a word"),
        (
            "criteria.amount",
            {"answer": "met", "reasons": "TB drugs", "evidence": []},
            "what is said of criterion 3 has",
        ),
        ("criteria.amount", {"answer": "met", "reasons": "", "evidence": ["scan"]}, "what is said of criterion 3 has"),
    ],
)
def test_every_text_that_is_typed_is_looked_through(key: str, value: Json, words: str) -> None:
    (found,) = words_against(DEBT, CLEAN, {key: value})
    assert found.startswith(words)


def test_every_field_that_takes_text_is_looked_through() -> None:
    kinds: dict[str, Any] = {
        "names": [{"name": "dialysis"}], "address": {"lines": "dialysis", "postcode": ""},
        "sources": [{"source": "x", "result": "dialysis"}], "criterion": {"answer": "met", "reasons": "dialysis"},
    }  # fmt: skip
    for field in (one for section in DEBT.sections for one in section.fields):
        closed = ("choice", "choices", "items", "date", "partial_date", "time", "money", "phone", "tick")
        if field.kind in closed:
            continue
        found = list(words_against(DEBT, CLEAN, {field.key: kinds.get(field.kind, "dialysis")}))
        assert len(found) == 1, field.key


def test_an_answer_or_a_letter_has_none_of_them_either() -> None:
    answers: dict[str, Json] = {"requester.body": "Westmere Royal Hospital"}
    assert word_told(DEBT, answers, "In the return for June 2026, to Westmere Royal Hospital") == ""
    assert "“dialysis”" in word_told(DEBT, answers, "In the June return: dialysis, oncology ward")
    police = load_agreements().get("law-enforcement-tracing")
    assert word_told(police, answers, "dialysis") == ""


def test_there_is_no_list_of_an_unknown_name() -> None:
    assert word_list("other") is None
    assert word_list("../agreements/sar") is None
    assert word_list("") is None


@given(st.text(max_size=80))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert isinstance(clinical().found(text), str)
