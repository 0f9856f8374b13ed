"""Completed forms that are not whole: cut off anywhere, with boxes that are gone, or not filled in at all."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from desktop.casework.requestforms import NotAForm, read_request_form
from desktop.letters.formwords import MARK
from tests.fixtures import Office
from tests.journeys.test_request_forms import asked_of, blank, filled, values_of


def saved(pdf: pikepdf.Pdf, **how: Any) -> bytes:
    out = BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def fields_last(pdf: pikepdf.Pdf) -> bytes:
    """The file as a reader writes it that has the catalogue first and the fields at the end."""
    late = {one.objgen[0] for one in pdf.Root.AcroForm.Fields if str(one.T) != MARK}
    ordered = sorted(pdf.objects, key=lambda one: one.objgen[0] in late)
    out, places = bytearray(b"%PDF-1.5\n"), {}
    for one in ordered:
        number = one.objgen[0]
        places[number] = len(out)
        body = one.unparse(resolved=True)
        if isinstance(one, pikepdf.Stream):
            body = pikepdf.Dictionary(dict(one.stream_dict.items())).unparse()
            body += b"\nstream\n" + one.read_raw_bytes() + b"\nendstream"
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    out += b"".join(b"%d 1\n%010d 00000 n \n" % (number, at) for number, at in sorted(places.items()))
    size, root = max(places) + 1, pdf.Root.objgen[0]
    return bytes(out) + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, start)


def added_to(content: bytes, whole: bytes) -> bytes:
    """The blank form with the completed fields after it, as a reader saves that only adds to a file."""
    with pikepdf.open(BytesIO(content)) as pdf, pikepdf.open(BytesIO(whole)) as done:
        size, root = int(pdf.trailer.Size), pdf.trailer.Root.objgen[0]
        said = {str(one.T): one for one in done.Root.AcroForm.Fields}
        new = {}
        for field in pdf.Root.AcroForm.Fields:
            if "/V" in said[str(field.T)] and field.get("/V") != said[str(field.T)].V:
                field.V = said[str(field.T)].V
                new[field.objgen[0]] = field.unparse(resolved=True)
    out, places = bytearray(content), {}
    for number, body in new.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (number, at) for number, at in sorted(places.items()))
    before = content[: content.rindex(b"%%EOF")].split(b"startxref")[-1].strip()
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, before, start)
    return bytes(out)


@pytest.mark.parametrize("how", ["fields last", "packed", "linearised", "added to"])
def test_a_form_that_was_cut_off_is_refused_and_never_loses_an_answer(office: Office, tmp_path: Path, how: str) -> None:
    agreement = office.entry.agreements.get("law-enforcement-tracing")
    empty = blank(office, agreement.id, tmp_path)
    whole = filled(empty, values_of(agreement, asked_of(agreement)))
    with pikepdf.open(BytesIO(whole)) as pdf:
        if how == "fields last":
            whole = fields_last(pdf)
        elif how == "packed":
            whole = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        elif how == "linearised":
            whole = saved(pdf, linearize=True)
        elif how == "added to":
            whole = added_to(empty, whole)
    full = read_request_form(office.caseworker, whole)
    assert full.not_read == ()
    ends = set(range(1, len(whole), 611)) | set(range(len(whole) - 40, len(whole)))
    ends |= {at + len(b"%%EOF") for at in range(len(whole)) if whole.startswith(b"%%EOF", at)}
    for end in sorted(ends):
        try:
            found = read_request_form(office.caseworker, whole[:end])
        except NotAForm as error:
            assert str(error)  # noqa: PT017
        else:
            assert found == full, end


def test_a_box_that_is_gone_or_holds_something_else_is_listed(office: Office, tmp_path: Path) -> None:
    content = filled(blank(office, "law-enforcement-tracing", tmp_path), {"person~given_names": "Ana"})
    with pikepdf.open(BytesIO(content)) as pdf:
        fields = pdf.Root.AcroForm.Fields
        by_name = {str(one.T): one for one in fields}
        by_name["person~family_name"].V = pdf.make_stream(b"Okafor")
        by_name["requester~officer"].V = pikepdf.Array([pikepdf.String("A"), pikepdf.String("B")])
        by_name["requester~unit"].V = 7
        item = next(name for name in by_name if name.startswith("asked~items~"))
        by_name[item].V = pikepdf.Name("/On")
        for name in ("person~born~year", "person~nhs_number"):
            by_name[name].T = pikepdf.String(f"a.{name}")
        content = saved(pdf)
    found = read_request_form(office.caseworker, content)
    assert found.answers == {"person.given_names": "Ana"}
    unreadable = {one.label for one in found.not_read if "cannot be read" in one.why}
    gone = {one.label for one in found.not_read if "no box" in one.why}
    agreement = office.entry.agreements.get("law-enforcement-tracing")

    def label(key: str) -> str:
        field = agreement.field(key)
        assert field is not None
        return field.label

    keys = ("person.family_name", "requester.officer", "requester.unit", "asked.items")
    assert unreadable == {label(key) for key in keys}
    assert gone == {label(key) for key in ("person.born", "person.nhs_number")}


def test_an_empty_form_is_said_to_be_empty(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotAForm, match="Nothing is filled in"):
        read_request_form(office.caseworker, blank(office, "coroner", tmp_path))
