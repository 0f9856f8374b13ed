"""Signed letters: whole, archival and accessible as before, and every change to a byte of one is found."""

from __future__ import annotations

import io
import random
import re
import shutil
import socket
import subprocess
from datetime import timedelta
from pathlib import Path

import page
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from db.records import LetterKind
from desktop.letters.pages import render
from desktop.security.certificates import Identity, import_identity, make_identity
from desktop.security.signing import MOST_BYTES, State, check, sign
from tests.letters.factory import letter
from tests.letters.reading import pages_of
from tests.letters.signers import AT, PASSWORD, ec_key, from_authority, issued, packed

NAME = "Meridian Health Records"


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity(NAME, AT - timedelta(days=1))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(letter(LetterKind.DISCLOSURE))


@pytest.fixture(scope="module")
def signed(pdf: bytes, identity: Identity) -> bytes:
    return sign(pdf, identity, AT)


@pytest.fixture(scope="module")
def authority() -> Identity:
    """An RSA key and its certificate, with two more up to a root."""
    return import_identity(from_authority(), PASSWORD, AT)


def contents(signed: bytes) -> tuple[int, int]:
    """Where the signature itself is, without its angle brackets."""
    found = re.search(rb"/Contents <([0-9A-F]+)>", signed)
    assert found is not None
    return found.span(1)


def flipped(signed: bytes, at: int, bit: int = 0) -> bytes:
    return signed[:at] + bytes([signed[at] ^ 1 << bit]) + signed[at + 1 :]


def test_a_signed_letter_says_who_signed_it_and_when(pdf: bytes, signed: bytes, identity: Identity) -> None:
    found = check(signed)
    assert found.state is State.INTACT
    assert found.signer == identity.facts
    assert found.signed_at == AT
    assert signed.startswith(pdf)
    assert pages_of(signed) == pages_of(pdf)


def test_the_same_letter_signs_to_the_same_bytes(pdf: bytes, signed: bytes, identity: Identity) -> None:
    assert sign(pdf, identity, AT) == signed
    assert sign(pdf, identity, AT + timedelta(seconds=1)) != signed


@pytest.mark.parametrize("kind", list(LetterKind))
@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_signing_keeps_a_letter_accessible_and_archival(
    kind: LetterKind, profile: str, identity: Identity, tmp_path: Path
) -> None:
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    before.write_bytes(render(letter(kind)))
    after.write_bytes(sign(before.read_bytes(), identity, AT))
    reports = [str(page.validate_pdf(str(one), profile=profile)) for one in (before, after)]
    # The signature is one object more; nothing else of the report may differ.
    plain = [re.sub(r"\d+ object\(s\)", "", one) for one in reports]
    assert plain[0] == plain[1]
    assert "no failures" in plain[1]


@pytest.mark.parametrize("whose", ["own", "authority"])
def test_other_programs_agree(whose: str, pdf: bytes, identity: Identity, authority: Identity, tmp_path: Path) -> None:
    made = sign(pdf, identity if whose == "own" else authority, AT)
    one = PdfFileReader(io.BytesIO(made)).embedded_signatures[0]
    roots = [one.signer_cert] if whose == "own" else [c for c in one.other_embedded_certs if c.self_signed != "no"]
    context = ValidationContext(
        trust_roots=roots, other_certs=[*SimpleCertificateStore.from_certs(one.other_embedded_certs)], moment=AT
    )
    status = validate_pdf_signature(one, context)
    assert status.bottom_line, status.pretty_print_details()
    assert status.docmdp_ok
    assert one.docmdp_level is not None
    assert one.docmdp_level.value == 1
    assert one.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert one.field_name == "Signature1"
    if shutil.which("pdfsig"):
        path = tmp_path / "letter.pdf"
        path.write_bytes(made)
        said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
        assert "Signature is Valid" in said
        assert "Total document signed" in said


def test_nothing_is_fetched(pdf: bytes, identity: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the desk asked the network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert check(sign(pdf, identity, AT)).state is State.INTACT


@pytest.mark.parametrize("hundredth", range(100))
def test_each_change_of_one_byte_is_found(hundredth: int, signed: bytes) -> None:
    """One byte at a random place in each hundredth of the file."""
    dice = random.Random(hundredth)
    size = len(signed)
    at = dice.randrange(hundredth * size // 100, (hundredth + 1) * size // 100)
    assert check(flipped(signed, at, dice.randrange(8))).state is not State.INTACT


@pytest.mark.parametrize("whose", ["own", "authority"])
def test_so_is_each_change_within_the_signature(
    whose: str, pdf: bytes, identity: Identity, authority: Identity
) -> None:
    """Certificates, algorithms, padding: what no signature covers by itself."""
    made = sign(pdf, identity if whose == "own" else authority, AT)
    start, end = contents(made)
    assert check(made).state is State.INTACT
    missed = [at for at in range(start, end, 7) if check(other_digit(made, at)).state is State.INTACT]
    assert not missed
    missed = [at for at in range(end - 12, end) if check(other_digit(made, at)).state is State.INTACT]
    assert not missed


def other_digit(made: bytes, at: int) -> bytes:
    """Another hexadecimal digit, so that the file is read as before."""
    digits = b"0123456789ABCDEF"
    return made[:at] + bytes([digits[(digits.index(made[at]) + 1) % 16]]) + made[at + 1 :]


def test_a_digit_written_otherwise_is_a_change(signed: bytes) -> None:
    start, end = contents(signed)
    at = next(n for n in range(start, end) if signed[n : n + 1].isalpha())
    assert check(signed[:at] + signed[at : at + 1].lower() + signed[at + 1 :]).state is State.OTHER_FORM


def test_what_is_appended_is_found(signed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(signed)
    assert check(out.getvalue()).state is State.ADDED
    assert check(signed + b"\n").state is State.ADDED


def test_a_signature_of_another_letter_is_found(signed: bytes, identity: Identity) -> None:
    other = sign(render(letter(LetterKind.DISCLOSURE, reference="TR-000147-0")), identity, AT)
    (start, end), (other_start, other_end) = contents(signed), contents(other)
    assert end - start == other_end - other_start
    swapped = signed[:start] + other[other_start:other_end] + signed[end:]
    found = check(swapped)
    assert found.state is State.CHANGED
    assert found.signer == identity.facts


def test_a_signature_that_covers_less_is_no_signature_of_the_letter(signed: bytes) -> None:
    covered = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\s*\]", signed)
    assert covered is not None
    first = int(covered[1])
    shorter = covered[0].replace(covered[1], str(first - 1).rjust(len(covered[1])).encode(), 1)
    assert check(signed.replace(covered[0], shorter)).state is not State.INTACT


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_letter_that_was_cut_off_is_found(signed: bytes, kept: float) -> None:
    assert check(signed[: int(len(signed) * kept)]).state in (State.UNREADABLE, State.CHANGED, State.UNSIGNED)
    assert check(signed[:-1]).state is State.CHANGED


def test_what_is_not_a_signed_letter_is_told_apart(pdf: bytes) -> None:
    assert check(pdf).state is State.UNSIGNED
    assert check(b"").state is State.NOT_PDF
    assert check(b"Dear Sir,\n").state is State.NOT_PDF
    assert check(b"%PDF-1.7\n" + bytes(200)).state is State.UNREADABLE
    assert check(b"%PDF-1.7\n" + bytes(MOST_BYTES)).state is State.NOT_PDF


def test_what_a_reader_mutters_of_a_damaged_file_is_not_logged(
    signed: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    spaced = signed.replace(b"\n1 0 obj", b"\n1  0 obj")
    assert spaced != signed
    assert check(spaced).state is not State.INTACT
    assert not caplog.records
    assert capfd.readouterr().err == ""


def test_another_with_the_same_name_has_another_fingerprint(pdf: bytes, identity: Identity) -> None:
    other = make_identity(NAME, AT - timedelta(days=1))
    found = check(sign(pdf, other, AT))
    assert found.state is State.INTACT
    assert found.signer is not None
    assert found.signer.name == identity.facts.name
    assert found.signer.fingerprint != identity.facts.fingerprint


def test_a_certificate_put_in_place_of_the_signers_is_found(signed: bytes, identity: Identity) -> None:
    """Of the same name, number and key, and valid for a day longer: the signature names it by its digest."""
    mine = identity.facts.der.hex().upper().encode()
    ended = f"{identity.facts.valid_to:%y%m%d}".encode().hex().upper().encode()
    later = f"{identity.facts.valid_to + timedelta(days=1):%y%m%d}".encode().hex().upper().encode()
    theirs = mine.replace(ended, later)
    assert theirs != mine
    assert mine in signed
    assert check(signed.replace(mine, theirs)).state is State.OTHER_FORM


def test_a_key_of_a_larger_curve_signs_too(pdf: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec_key(ec.SECP521R1())
    identity = import_identity(packed(key, issued(NAME, key)), PASSWORD, AT)
    assert check(sign(pdf, identity, AT)).state is State.INTACT
