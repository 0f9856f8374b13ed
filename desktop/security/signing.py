"""Signing a letter, and saying of a file who signed it and whether one byte of it was changed since.

PAdES baseline B (ETSI EN 319 142-1), certifying, with no change allowed after (ISO 32000-1, 12.8.2.2). Nothing is ever
fetched and no time stamp is asked for: the time is the desk's own. Importing what this needs takes a third of a second,
so it is imported when it is used.

What a signature does not cover by itself is written in one way only, and held against that when it is checked: so a
change to any byte of the file is found, within the signature too.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from desktop.security.certificates import CertificateFacts, Identity, facts_of, read_certificate

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

FIELD = "Signature1"
"""The empty field that a letter has for its signature."""
MOST_BYTES = 64 * 1024 * 1024
"""A larger file is no letter, and is not read."""
# What the reader has to say of a damaged file, the verdict says; nothing of a letter goes into a log.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko").propagate = False
_HEX = re.compile(rb"<([0-9A-F]*)>")


class State(StrEnum):
    """What a file turned out to be."""

    INTACT = "intact"
    CHANGED = "changed"
    ADDED = "added"
    """As it was signed, with something written after its end."""
    OTHER_FORM = "other_form"
    """The signature is not in the form in which letters are signed: damaged, or another program's."""
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    NOT_PDF = "not_pdf"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file says of itself. Whose a certificate is, only those who know it can say."""

    state: State
    signer: CertificateFacts | None = None
    """Whose key the signature asks to be checked with. Only an intact file was signed with it."""
    signed_at: datetime | None = None
    """By the signer's own clock."""


def sign(pdf: bytes, identity: Identity, at: datetime) -> bytes:
    """The letter with its signature, appended to what it was. The same letter, key and moment give the same bytes."""
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    certificates = (identity.certificate, *identity.issuers)
    longest = len(_container(certificates, bytes(32), bytes(_longest_signature(identity.key))))
    placeholder = SignatureObject(
        timestamp=at.astimezone(UTC).replace(microsecond=0),
        subfilter=SigSeedSubFilter.PADES,
        bytes_reserved=2 * longest,
    )
    steps = PdfCMSEmbedder().write_cms(FIELD, _writer()(io.BytesIO(pdf)), existing_fields_only=True)
    next(steps)
    mdp = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=mdp))
    prepared, out = steps.send(SigIOSetup(md_algorithm="sha256"))
    digest = prepared.document_digest
    signature = _signature(identity.key, _attributes(certificates, digest))
    steps.send(_container(certificates, digest, signature))
    return bytes(out.getvalue())


def warm_up() -> None:
    """Imports what signing needs, which takes a third of a second."""
    import pyhanko.sign.signers.cms_embedder  # noqa: F401

    _writer()


@cache
def _writer() -> Any:
    """A writer that appends the signature and nothing else: pyHanko's own renews the dates in the metadata and the
    file's version, and then it is no longer PDF/A-2a and PDF/UA-1.
    """
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Writer(IncrementalPdfFileWriter):
        """Appends to a letter."""

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            """A letter has the version that it needs."""

        def _update_meta(self) -> None:
            """A letter says of itself what it said before."""

        @classmethod
        def _handle_id(cls, prev: Any) -> Any:
            """The letter's own id, and one of what it is: pyHanko's would be random."""
            prev.stream.seek(0)
            what = hashlib.sha256(prev.stream.read()).digest()[:16]
            first = prev.trailer["/ID"][0] if "/ID" in prev.trailer else generic.ByteStringObject(what)
            kept = first.original_bytes if isinstance(first, generic.TextStringObject) else bytes(first)
            return generic.ArrayObject([generic.ByteStringObject(kept), generic.ByteStringObject(what)])

    return Writer


def _longest_signature(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> int:
    """Bytes: an RSA signature is as long as its modulus, an ECDSA one is two integers in DER."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    size = (key.key_size + 7) // 8
    return size if isinstance(key, rsa.RSAPrivateKey) else 2 * size + 9


def _signature(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, signed: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), SHA256())
    return key.sign(signed, ec.ECDSA(SHA256(), deterministic_signing=True))


def _verify(certificate: x509.Certificate, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _attributes(certificates: tuple[x509.Certificate, ...], digest: bytes) -> bytes:
    """What is signed (RFC 5652, 11): the letter's digest, and each certificate by its own (RFC 5035)."""
    named = [_der(0x30, _der(0x04, _sha256(facts_of(one).der))) for one in certificates]
    values = (
        (_CONTENT_TYPE, _DATA),
        (_MESSAGE_DIGEST, _der(0x04, digest)),
        (_SIGNING_CERTIFICATE, _der(0x30, _der(0x30, *named))),
    )
    return _der(0x31, *sorted(_der(0x30, kind, _der(0x31, value)) for kind, value in values))


def _container(certificates: tuple[x509.Certificate, ...], digest: bytes, signature: bytes) -> bytes:
    """The signature as it is put into the file (RFC 5652, 5.1): nothing in it can be otherwise. The signer's
    certificate is the first.
    """
    from cryptography.hazmat.primitives.asymmetric import rsa

    ders = [facts_of(one).der for one in certificates]
    algorithm = _RSA if isinstance(certificates[0].public_key(), rsa.RSAPublicKey) else _ECDSA
    signer = _der(
        0x30,
        _VERSION_1,
        _der(0x30, *_issuer_and_number(ders[0])),
        _SHA256,
        # Signed as a set, and written with a tag of its own in place of the set's.
        b"\xa0" + _attributes(certificates, digest)[1:],
        algorithm,
        _der(0x04, signature),
    )
    signed = _der(
        0x30, _VERSION_1, _der(0x31, _SHA256), _der(0x30, _DATA), _der(0xA0, *sorted(ders)), _der(0x31, signer)
    )
    return _der(0x30, _SIGNED_DATA, _der(0xA0, signed))


def _issuer_and_number(certificate: bytes) -> tuple[bytes, bytes]:
    """How a certificate is called (RFC 5280, 4.1), as it is written in it: who issued it, and under which number."""
    fields = [whole for whole, _ in _parts(_first(_first(certificate)[1])[1])]
    number, _algorithm, issuer = [whole for whole in fields if whole[0] != _EXPLICIT][:3]
    return issuer, number


def _parts(der: bytes) -> list[tuple[bytes, bytes]]:
    """The values that stand one after another, each whole and its content alone. Raises ValueError or IndexError."""
    found = []
    while der:
        found.append(_first(der))
        der = der[len(found[-1][0]) :]
    return found


def _first(der: bytes) -> tuple[bytes, bytes]:
    """The value with which this begins, whole and its content alone. Raises ValueError or IndexError."""
    start, length = 2, der[1]
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    if start + length > len(der):
        raise ValueError("cut off")
    return der[: start + length], der[start : start + length]


def _der(tag: int, *parts: bytes) -> bytes:
    """A value in the distinguished encoding: tag, length, content."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big") + content


def _named(identifier: str) -> bytes:
    return _der(0x06, bytes.fromhex(identifier))


_EXPLICIT = 0xA0
"""The tag of what may be left out, such as a certificate's version."""
_VERSION_1 = _der(0x02, b"\x01")
_SIGNED_DATA = _named("2a864886f70d010702")
_DATA = _named("2a864886f70d010701")
_CONTENT_TYPE = _named("2a864886f70d010903")
_MESSAGE_DIGEST = _named("2a864886f70d010904")
_SIGNING_CERTIFICATE = _named("2a864886f70d010910022f")
_SHA256 = _der(0x30, _named("608648016503040201"))
_ECDSA = _der(0x30, _named("2a8648ce3d040302"))
_RSA = _der(0x30, _named("2a864886f70d01010b"), _der(0x05))
"""The identifiers of RFC 5652, RFC 5035, RFC 5754 and RFC 5758."""


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def check(pdf: bytes) -> Checked:
    """What a file is, who signed it, when, and whether it is as it was signed. Never raises, whatever the file is."""
    if len(pdf) > MOST_BYTES or b"%PDF-" not in pdf[:1024]:
        return Checked(State.NOT_PDF)
    try:
        found = _signatures(pdf)
    except Exception:  # noqa: BLE001 - a damaged file makes its reader fail in ways that nobody has counted
        return Checked(State.UNREADABLE)
    if not found:
        return Checked(State.UNREADABLE if b"/ByteRange" in pdf else State.UNSIGNED)
    first = found[0]
    try:
        state, signer = _check(pdf, first)
    except Exception:  # noqa: BLE001 - so do a damaged signature and a damaged certificate
        return Checked(State.OTHER_FORM, None, first.signed_at)
    if state is State.INTACT and len(found) > 1:
        state = State.ADDED
    return Checked(state, signer, first.signed_at)


@dataclass(frozen=True, slots=True)
class _Found:
    """A signature as the file has it."""

    covered: tuple[int, int, int, int]
    contents: bytes
    signed_at: datetime | None


def _signatures(pdf: bytes) -> list[_Found]:
    """Every signature in the file, the earliest first. Raises whatever its reader raises."""
    from pyhanko.pdf_utils.generic import EncryptedObjAccess, parse_pdf_date
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields

    found = []
    for _name, value, _field in enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf)), filled_status=True):
        signature = value.get_object()
        contents = signature.raw_get("/Contents", decrypt=EncryptedObjAccess.RAW).original_bytes
        start, before, after, rest = (int(one) for one in signature["/ByteRange"])
        said = signature.get("/M")
        at = parse_pdf_date(said) if said else None
        found.append(_Found((start, before, after, rest), contents, at))
    return sorted(found, key=lambda one: one.covered[2] + one.covered[3])


def _check(pdf: bytes, found: _Found) -> tuple[State, CertificateFacts | None]:
    """How a signature stands. Raises whatever the reading of a damaged one raises."""
    start, before, after, rest = found.covered
    if after + rest > len(pdf):
        return State.CHANGED, None
    # All but the signature itself is signed, and where the reader found the signature is where the gap is.
    gap = _HEX.fullmatch(pdf[before:after])
    if start != 0 or gap is None or bytes.fromhex(gap[1].decode()) != found.contents:
        return State.OTHER_FORM, None
    said = _said(found.contents)
    facts = facts_of(said.certificates[0])
    digest = _sha256(pdf[:before] + pdf[after : after + rest])
    if said.digest != digest:
        return State.CHANGED, facts
    expected = _container(said.certificates, digest, said.signature)
    if expected.ljust(len(found.contents), b"\x00") != found.contents:
        return State.OTHER_FORM, facts
    if not _verify(said.certificates[0], said.signature, _attributes(said.certificates, digest)):
        return State.CHANGED, facts
    return State.INTACT if after + rest == len(pdf) else State.ADDED, facts


@dataclass(frozen=True, slots=True)
class _Said:
    """What can be otherwise in a container: the certificates, the signer's first, the digest and the signature."""

    certificates: tuple[x509.Certificate, ...]
    digest: bytes
    signature: bytes


def _said(contents: bytes) -> _Said:
    """What a signature says, by the places that ``_container`` puts things in. Raises ValueError and the like for any
    other.
    """
    _type, (_, wrapped) = _parts(_first(contents)[1])
    _version, _digests, _encapsulated, certificates, signers = (inner for _, inner in _parts(_first(wrapped)[1]))
    _version, signer, _digest, attributes, _algorithm, signature = (inner for _, inner in _parts(_first(signers)[1]))
    number = int.from_bytes(_parts(signer)[1][1], "big")
    values = dict(_attribute(inner) for _, inner in _parts(attributes))
    ders = [one for one, _ in _parts(certificates)]
    if any(_sha256(one) not in attributes for one in ders):
        raise ValueError("a certificate that the signature does not name by its digest")
    ordered = _ordered([read_certificate(one) for one in ders], number)
    return _Said(ordered, _first(values[_MESSAGE_DIGEST])[1], signature)


def _attribute(content: bytes) -> tuple[bytes, bytes]:
    """The kind of an attribute, and its value."""
    (kind, _), (_, value) = _parts(content)
    return kind, value


def _ordered(certificates: list[x509.Certificate], number: int) -> tuple[x509.Certificate, ...]:
    """The signer's certificate, who issued it, and so on up."""
    first = next(one for one in certificates if one.serial_number == number)
    ordered = [first]
    rest = [one for one in certificates if one is not first]
    while rest:
        above = next(one for one in rest if one.subject == ordered[-1].issuer)
        ordered.append(above)
        rest.remove(above)
    return tuple(ordered)
