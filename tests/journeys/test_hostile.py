"""Hostile text in every field: refused with a reason, or stored and shown as typed, and printed safely."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

import pytest

from db.records import Json, Outcome
from db.records_views import RegisterFilter
from desktop.casework import issuing, outcomes, register, requests
from desktop.casework.casepage import case_page, open_case
from desktop.casework.desk import Invalid, Refused
from desktop.policy.agreements import Field
from tests.fixtures import Office, on

KEPT = {
    "quotes": "O'Brien \"Kit\" `x` \\ '; DROP TABLE cases; --",
    "markup": "<b>bold</b> <script>alert(1)</script> &amp; <para> </font>",
    "right-to-left mark": "Lev\u200fi \u200eA",
    "zero-width joiner": "क्\u200dष\u200c",
    "formula": '=HYPERLINK("x","y")',
    "plus": "+44",
    "minus": "-1+1",
    "at": "@SUM(A1)",
    "diacritics": "Łukasz Nguyễn Ğ Ø ß ﬁ",
    "emoji": "A 😀 B",
    "percent": "100% {brace} %s %(x)s",
}
REFUSED = {
    "lone surrogate": "Smi\ud800th",
    "null": "Smi\x00th",
    "escape": "Smi\x1b[31mth",
    "override": "Smi\u202eth",
    "isolate": "Smi\u2067th",
    "too long": "x" * 100_000,
}


def shaped(field: Field, text: str) -> Json:
    """Hostile text in the shape of a field."""
    shapes: dict[str, Any] = {
        "names": [{"name": text, "kind": "alias"}],
        "address": {"lines": text, "postcode": text[:8]},
        "sources": [{"source": text, "on": text, "result": text}],
        "date": {"day": text, "month": "1", "year": "2020"},
        "partial_date": {"day": text, "month": "1", "year": "2020", "unknown": False},
        "criterion": {"answer": "met", "reasons": text, "evidence": [text]},
        "choices": [text],
        "items": [text],
        "tick": text,
    }
    made: Json = shapes.get(field.kind, text)
    return made


def fields(office: Office, agreement_id: str = "law-enforcement-tracing") -> list[Field]:
    agreement = office.entry.agreements.get(agreement_id).at(1)
    return [field for section in agreement.sections for field in section.fields]


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_kept_is_refused_in_every_field_with_a_reason(office: Office, name: str) -> None:
    done = office.register()
    for field in fields(office):
        with pytest.raises(Invalid) as caught:
            office.save(done, **{field.key.replace(".", "__"): shaped(field, REFUSED[name])})
        assert caught.value.problems[0].field == field.key
        assert caught.value.problems[0].message.endswith(".")
    assert case_page(office.caseworker, done.case_id).case.row.version == done.version


@pytest.mark.parametrize("name", KEPT)
def test_what_is_odd_is_kept_as_typed_in_every_field(office: Office, name: str) -> None:
    done = office.register()
    saved = {}
    for field in fields(office):
        if field.kind in ("tick", "date", "partial_date"):
            continue
        saved[field.key] = shaped(field, KEPT[name])
        done = office.save(done, **{field.key.replace(".", "__"): saved[field.key]})
    assert len(saved) > 30
    answers = case_page(office.caseworker, done.case_id).case.answers
    for key, value in saved.items():
        assert answers[key] == value, key


@pytest.mark.parametrize("name", KEPT)
def test_odd_text_is_found_and_listed(office: Office, name: str) -> None:
    done = office.register(person__family_name=KEPT[name], requester__reference=KEPT[name])
    (row,) = register.register_rows(office.caseworker, register.register_ids(office.caseworker, RegisterFilter()))
    assert row.family_name == KEPT[name].strip()
    found = register.find(office.caseworker, KEPT[name])
    assert found == () or found[0].id == done.case_id
    register.register_ids(office.caseworker, RegisterFilter(text=KEPT[name], requester=KEPT[name]))


@pytest.mark.parametrize("name", [name for name in KEPT if name != "emoji"])
def test_odd_text_is_printed_safely(office: Office, name: str) -> None:
    text = KEPT[name]
    done = office.register(
        requester__officer=text, requester__unit=text, requester__reference=text, person__family_name=text
    )
    done = office.approve(office.submit(done))
    done = outcomes.record(
        office.caseworker,
        outcomes.Record(
            **on(done),
            outcome=Outcome.TRACED,
            matched=("name", "born", "address"),
            values={"address": {"value": text, "recorded_on": text}},
        ),
    )
    made = issuing.preview(office.caseworker, done.case_id)
    if made.problems:
        # A glyph that no font has stops the disclosure, with a message, rather than printing a box.
        assert "No font" in made.problems[0]
        with pytest.raises(Refused, match="No font"):
            office.release(done)
    else:
        office.release(done)
        assert made.pdf.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "value",
    [None, 5, 1.5, [], {}, [[]], {"day": {}}, [{"name": 5}], {"answer": ["met"]}, [None], {"x": "y"}, "text", True],
)
def test_a_value_of_the_wrong_shape_never_breaks_anything(office: Office, value: Json) -> None:
    done = office.register()
    for field in fields(office):
        command = requests.SaveAnswers(**on(done), answers={field.key: value})
        with contextlib.suppress(Invalid):
            done = requests.save_answers(office.caseworker, command)
    open_case(office.caseworker, done.case_id)


def test_a_field_that_the_agreement_does_not_have_is_refused(office: Office) -> None:
    done = office.register()
    for key in ("person.blood_group", "state", "", "x" * 500):
        with pytest.raises(Invalid, match="no field"):
            requests.save_answers(office.caseworker, requests.SaveAnswers(**on(done), answers={key: "x"}))


@pytest.mark.parametrize("name", REFUSED)
def test_reasons_and_outcomes_are_checked_too(office: Office, name: str) -> None:
    text = REFUSED[name]
    done = office.register()
    with pytest.raises(Invalid):
        requests.withdraw(office.caseworker, requests.WithReasons(**on(done), reasons=text))
    done = office.submit(done)
    decide = office.decide(done)
    from desktop.casework import decisions

    with pytest.raises(Invalid):
        decisions.send_back(office.reviewer, replace(decide, reasons=text))
    views = {key: {"view": "disagree", "note": text} for key in decide.views}
    with pytest.raises(Invalid):
        decisions.send_back(office.reviewer, replace(decide, command_id="other", reasons="Fine.", views=views))
    done = office.approve(done)
    values = {"address": {"value": text, "recorded_on": ""}}
    command = outcomes.Record(**on(done), outcome=Outcome.TRACED, matched=("name", "born", "address"), values=values)
    with pytest.raises(Invalid):
        outcomes.record(office.caseworker, command)
