"""Request forms: made for every agreement, completed as in any PDF reader, and read back into a draft."""

from __future__ import annotations

import random
import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from db.records import Json, State
from desktop.casework.casepage import case_page
from desktop.casework.desk import Done, Invalid, Refused
from desktop.casework.requestforms import (
    NotAForm,
    ReadForm,
    RegisterForm,
    make_request_form,
    read_request_form,
    register_form,
)
from desktop.letters.formwords import MARK, field_name
from desktop.policy.agreements import Agreement, load_agreements
from tests.fixtures import Office
from tests.journeys.walking import complete
from tests.letters.reading import text_of

TODAY = date(2026, 6, 1)
OPEN = [
    one
    for one in load_agreements().all()
    if (version := one.version_on(date(2026, 6, 10))) is not None and version.accepts
]
every_open = pytest.mark.parametrize("agreement", OPEN, ids=lambda one: one.id)
RECEIVED: Json = {"day": "1", "month": "6", "year": "2026"}


def blank(office: Office, agreement_id: str, folder: Path) -> bytes:
    out = folder / f"{uuid4()}.pdf"
    make_request_form(office.caseworker, agreement_id, out)
    return out.read_bytes()


def filled(content: bytes, values: dict[str, str]) -> bytes:
    """The form as a PDF reader saves it with these values."""
    left = dict(values)
    with pikepdf.open(BytesIO(content)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            said = left.pop(str(field.T), None)
            if said is None:
                continue
            field.V = pikepdf.Name(f"/{said}") if pikepdf.Name.Btn == field.FT else pikepdf.String(said)
        out = BytesIO()
        pdf.save(out)
    assert left == {}
    return out.getvalue()


def values_of(agreement: Agreement, answers: dict[str, Json]) -> dict[str, str]:
    """What a requester writes into the fields to say these answers."""
    found: dict[str, str] = {}

    def put(key: str, value: Json, *parts: str) -> None:
        if isinstance(value, str) and value:
            found[field_name(key, *parts)] = value

    for key, value in answers.items():
        field = agreement.field(key)
        assert field is not None
        match field.kind:
            case "tick":
                put(key, "Yes" if value else "")
            case "choices" | "items":
                for one in value if isinstance(value, list) else []:
                    put(key, "Yes", str(one))
            case "names" | "sources":
                for row, one in enumerate(value if isinstance(value, list) else []):
                    for part, said in one.items() if isinstance(one, dict) else []:
                        put(key, said, str(row), part)
            case "date" | "partial_date" | "address":
                for part, said in value.items() if isinstance(value, dict) else []:
                    put(key, said, part)
            case _:
                put(key, value)
    return found


def asked_of(agreement: Agreement) -> dict[str, Json]:
    """A complete request, as far as its form asks for it."""
    version = agreement.version_on(TODAY)
    seen = agreement.at(version.number if version else 0, TODAY)
    wanted = {
        field.key
        for section in seen.sections
        if section.group == "request"
        for field in section.fields
        if field.form and not field.key.startswith("received.")
    }
    return {key: value for key, value in complete(agreement, TODAY).items() if key in wanted and value}


def registered(office: Office, content: bytes, found: ReadForm) -> Done:
    command = RegisterForm(
        command_id=str(uuid4()),
        agreement_id=found.agreement_id,
        answers={**found.answers, "received.on": RECEIVED},
        name="request.pdf",
        content=content,
    )
    return register_form(office.caseworker, command)


@every_open
def test_what_is_written_into_a_form_is_what_the_draft_says(
    office: Office, agreement: Agreement, tmp_path: Path
) -> None:
    answers = asked_of(agreement)
    content = filled(blank(office, agreement.id, tmp_path), values_of(agreement, answers))
    found = read_request_form(office.caseworker, content)
    assert (found.agreement_id, found.not_read, found.older) == (agreement.id, (), False)
    assert found.answers == answers
    done = registered(office, content, found)
    page = case_page(office.caseworker, done.case_id)
    assert {key: page.case.answers[key] for key in answers} == answers
    assert [one.name for one in page.attachments] == ["request.pdf"]
    assert page.case.row.state in (State.DRAFT, State.HELD)


@every_open
def test_a_form_asks_what_the_agreement_asks_and_warns(office: Office, agreement: Agreement, tmp_path: Path) -> None:
    content = blank(office, agreement.id, tmp_path)
    said = text_of(content)
    assert "health, care or treatment" in said
    for section in agreement.sections:
        if section.group == "request":
            asked = [one for one in section.fields if one.form and not one.key.startswith("received.")]
            assert all(" ".join((one.form_label or one.label).split()) in said for one in asked)
    with pikepdf.open(BytesIO(content)) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        assert all(str(one.get("/TU", "")).strip() for one in fields)
        assert len({str(one.T) for one in fields}) == len(fields)
        assert "/JavaScript" not in content.decode("latin-1")


def test_a_form_is_never_read_twice(office: Office, tmp_path: Path) -> None:
    content = filled(blank(office, "coroner", tmp_path), {"person~family_name": "Okafor"})
    found = read_request_form(office.caseworker, content)
    done = registered(office, content, found)
    reference = case_page(office.caseworker, done.case_id).case.row.reference
    with pytest.raises(Refused, match=reference):
        read_request_form(office.caseworker, content)
    with pytest.raises(Refused, match=reference):
        registered(office, content, found)


IN_THE_THIRD_PERSON = re.compile(r"\b(they|their|theirs|them|themselves|whoever)\b", re.IGNORECASE)


@every_open
def test_a_form_speaks_to_whoever_completes_it(office: Office, agreement: Agreement, tmp_path: Path) -> None:
    content = blank(office, agreement.id, tmp_path)
    said = text_of(content)
    with pikepdf.open(BytesIO(content)) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        said += " ".join(str(one.get("/TU", "")) for one in fields)
        names = {str(one.T) for one in fields}
    # "Their" is the person's whom the request is about.
    said = said.replace("The person gave a code so that their right to work can be checked", "")
    assert not IN_THE_THIRD_PERSON.findall(said)
    staff = {"identity~seen", "letter~seen", "urgency~decision", "received~on~day", "received~channel"}
    assert not names & staff


def test_no_choice_of_a_form_is_cut_off(office: Office, tmp_path: Path) -> None:
    agreement = office.entry.agreements.get("law-enforcement-tracing")
    content = blank(office, agreement.id, tmp_path)
    said = " ".join(text_of(content).split())
    assert all(" ".join(one.title.split()) in said for one in agreement.gateways)
    chosen = filled(content, {"ground~gateway": agreement.gateways[0].id, "person~family_name": "Okafor"})
    found = read_request_form(office.caseworker, chosen)
    assert found.answers["ground.gateway"] == agreement.gateways[0].id
    assert found.not_read == ()


def test_a_form_that_may_be_a_case_already_says_which(office: Office, tmp_path: Path) -> None:
    empty = blank(office, "coroner", tmp_path)
    asked = {"requester~body": "Eastmoor Coroner", "person~family_name": "Okafor"}
    first = filled(empty, {**asked, "requester~reference": "NP/1"})
    done = registered(office, first, read_request_form(office.caseworker, first))
    reference = case_page(office.caseworker, done.case_id).case.row.reference
    for theirs in ("np/1", "NP / 1"):
        again = filled(empty, {**asked, "requester~body": "EASTMOOR CORONER", "requester~reference": theirs})
        found = read_request_form(office.caseworker, again)
        assert found.perhaps == f"Their reference {theirs} is that of {reference} already."
    other = filled(empty, {**asked, "requester~body": "Westmere Coroner", "requester~reference": "NP/1"})
    assert read_request_form(office.caseworker, other).perhaps == ""
    unmarked_form = filled(empty, asked)
    assert read_request_form(office.caseworker, unmarked_form).perhaps == f"{reference} says all that this form says."
    saved_again = changed(first, lambda pdf: pdf.docinfo.update({"/Producer": pikepdf.String("A reader")}))
    found = read_request_form(office.caseworker, saved_again)
    assert reference in found.perhaps
    assert registered(office, saved_again, found).case_id != done.case_id


def test_what_could_not_be_read_is_listed(office: Office, tmp_path: Path) -> None:
    content = blank(office, "law-enforcement-tracing", tmp_path)
    values = {"person~nhs_number": "943 476 5910", "person~born~day": "31", "person~born~month": "6"}
    found = read_request_form(office.caseworker, filled(content, values))
    assert [one.label for one in found.not_read] == ["Date of birth", "NHS number"]
    hostile = filled(content, {"person~family_name": "A\u202eB"})
    found = read_request_form(office.caseworker, hostile)
    assert found.not_read[0].why.startswith("Character 2 is a hidden mark")
    assert "person.family_name" not in found.answers


def test_a_form_of_an_earlier_text_is_read_as_far_as_it_goes(office: Office, tmp_path: Path) -> None:
    content = blank(office, "coroner", tmp_path)
    with pikepdf.open(BytesIO(content)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.T) == MARK:
                field.V = pikepdf.String("coroner|1|another text")
            if str(field.T) == "person~family_name":
                field.V = pikepdf.String("Okafor")
            if str(field.T) == "person~given_names":
                field.T, field.V = pikepdf.String("person~colour"), pikepdf.String("blue")
        out = BytesIO()
        pdf.save(out)
    found = read_request_form(office.caseworker, out.getvalue())
    assert found.older
    assert found.answers == {"person.family_name": "Okafor"}
    assert [(one.label, one.said) for one in found.not_read] == [("Given names", ""), ("person~colour", "blue")]
    assert "no box for this" in found.not_read[0].why


def plain_pdf() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "printed")
    canvas.save()
    return out.getvalue()


def changed(content: bytes, how: Any) -> bytes:
    with pikepdf.open(BytesIO(content)) as pdf:
        how(pdf)
        out = BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b") if how is locked else False)
    return out.getvalue()


def locked(_pdf: pikepdf.Pdf) -> None:
    """Needs a password."""


def of_another(pdf: pikepdf.Pdf) -> None:
    for field in pdf.Root.AcroForm.Fields:
        if str(field.T) == MARK:
            field.V = pikepdf.String("no-such-agreement|1|x")


def unmarked(pdf: pikepdf.Pdf) -> None:
    for field in pdf.Root.AcroForm.Fields:
        if str(field.T) == MARK:
            del field.V


def other_kind(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.XFA = pikepdf.String("x")


def in_a_circle(pdf: pikepdf.Pdf) -> None:
    one = pdf.make_indirect(pikepdf.Dictionary(T=pikepdf.String("a")))
    one.Kids = pikepdf.Array([one])
    pdf.Root.AcroForm.Fields = pikepdf.Array([one])
    for page in pdf.pages:
        if "/Annots" in page:
            del page.Annots


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (locked, "locked with a password"),
        (of_another, "does not have: “no-such-agreement”"),
        (unmarked, "not one of the desk’s request forms"),
        (other_kind, "another kind"),
        (in_a_circle, "not one of the desk’s request forms"),
    ],
)
def test_another_form_is_told_from_ours(office: Office, tmp_path: Path, how: Any, message: str) -> None:
    content = changed(blank(office, "coroner", tmp_path), how)
    with pytest.raises(NotAForm, match=message):
        read_request_form(office.caseworker, content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a PDF"),
        (b"MZ program", "not a PDF"),
        (b"%PDF-1.7 and nothing more", "damaged"),
        (plain_pdf(), "printed or scanned"),
        (b"%PDF-1.7" + bytes(11 * 1024 * 1024), "larger than"),
    ],
)
def test_what_is_no_form_is_said(office: Office, content: bytes, message: str) -> None:
    with pytest.raises(NotAForm, match=message):
        read_request_form(office.caseworker, content)


def test_300_damaged_forms_are_read_or_refused_and_nothing_else(office: Office, tmp_path: Path) -> None:
    chance = random.Random(5)
    whole = filled(blank(office, "coroner", tmp_path), {"person~family_name": "Okafor"})
    read = 0
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 10)):
            if chance.random() < 0.2:
                del content[chance.randrange(100, len(content)) :]
            else:
                content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            read_request_form(office.caseworker, bytes(content))
            read += 1
        except (NotAForm, Refused) as error:
            assert str(error)  # noqa: PT017
    assert read < 300
    with office.entry.store.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM cases").scalar() == 0


def test_no_form_is_made_for_what_takes_no_request_and_no_draft_stays_half_made(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No request is taken on"):
        make_request_form(office.caseworker, "home-office-tracing", tmp_path / "form.pdf")
    content = filled(blank(office, "coroner", tmp_path), {"person~family_name": "Okafor"})
    found = read_request_form(office.caseworker, content)
    command = RegisterForm(
        command_id="x",
        agreement_id="coroner",
        answers={**found.answers, "received.on": RECEIVED},
        name="a",
        content=b"MZ",
    )
    with pytest.raises(Invalid):
        register_form(office.caseworker, command)
    with office.entry.store.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM cases").scalar() == 0
