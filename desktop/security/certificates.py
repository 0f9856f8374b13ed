"""The organisation's certificate and its key: made by the desk itself, or imported from a PKCS#12 file.

A certificate of the desk's own is issued by nobody else: a recipient trusts it by its fingerprint, had from the
organisation by another way.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

YEARS = 5
"""How long a certificate of the desk's own is valid."""
MOST_BYTES = 256 * 1024
"""No PKCS#12 file of one key and its certificates is larger."""
_MOST_NAME = 64
"""X.520's upper bound of an organisation's name in a certificate."""
_MOST_READ = 200
"""How much of a name is shown that a certificate of another's may have at any length."""
_FEWEST_RSA_BITS = 2048
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_SIGNING_PURPOSES = frozenset(
    {
        "2.5.29.37.0",  # any
        "1.3.6.1.5.5.7.3.36",  # signing of documents, RFC 9336
        "1.3.6.1.5.5.7.3.4",  # e-mail
        "1.3.6.1.4.1.311.10.3.12",  # Microsoft's signing of documents
        "1.2.840.113583.1.1.5",  # Adobe's
    }
)
"""Purposes for which readers of PDF files take a signature, where a certificate is limited to some."""


class CertificateProblem(Exception):
    """A PKCS#12 file cannot be used. ``password`` where what is wrong is its password."""

    def __init__(self, message: str, *, password: bool = False) -> None:
        super().__init__(message)
        self.password = password


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says of itself."""

    der: bytes
    name: str
    """Whom it names: the organisation, else the common name."""
    issuer: str
    self_issued: bool
    valid_from: datetime
    valid_to: datetime

    @property
    def fingerprint(self) -> str:
        """Its SHA-256, in hex."""
        return hashlib.sha256(self.der).hexdigest()

    def valid_at(self, at: datetime) -> bool:
        """Whether it is valid at this moment."""
        return self.valid_from <= at <= self.valid_to


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its key, and the certificates of those who issued it."""

    key: PrivateKey
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...] = ()

    @property
    def facts(self) -> CertificateFacts:
        """What the certificate says."""
        return facts_of(self.certificate)


def groups(fingerprint: str) -> str:
    """A fingerprint as it is read out: sixteen groups of four."""
    upper = fingerprint.upper()
    return " ".join(upper[at : at + 4] for at in range(0, len(upper), 4))


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """What a certificate says. Raises ValueError for one that cannot be read."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return CertificateFacts(
        der=certificate.public_bytes(Encoding.DER),
        name=_named(certificate.subject),
        issuer=_named(certificate.issuer),
        self_issued=certificate.subject == certificate.issuer,
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
    )


def read_certificate(der: bytes) -> x509.Certificate:
    """A certificate from its bytes. Raises ValueError."""
    from cryptography import x509

    return x509.load_der_x509_certificate(der)


def _named(name: x509.Name) -> str:
    from cryptography.x509.oid import NameOID

    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        if found := name.get_attributes_for_oid(kind):
            return _one_line(str(found[0].value))
    return _one_line(name.rfc4514_string())


def _one_line(text: str) -> str:
    """A stranger's words for a line of a screen: what could end the line, turn it round or be obeyed is a space."""
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[:_MOST_READ])
    return " ".join(plain.split()) + ("…" if len(text) > _MOST_READ else "")


def make_identity(organisation: str, at: datetime) -> Identity:
    """A new P-256 key and a certificate for it, valid for ``YEARS`` from this moment, that the organisation issues
    to itself. A name of more than 64 characters is cut.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    called = organisation[:_MOST_NAME]
    name = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, called), x509.NameAttribute(NameOID.COMMON_NAME, called)]
    )
    start = at.astimezone(UTC).replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=YEARS * 365 + 1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Identity(key, builder.sign(key, hashes.SHA256()))


def pack(identity: Identity, secret: bytes) -> bytes:
    """The identity as a PKCS#12 file that opens with these random bytes alone."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

    # Nobody guesses 256 random bits: to stretch them would only slow each letter.
    locked = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(1)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(secret.hex().encode())
    )
    issuers = identity.issuers or None
    return pkcs12.serialize_key_and_certificates(None, identity.key, identity.certificate, issuers, locked)


def unpack(packed: bytes, secret: bytes) -> Identity:
    """The identity in a file of ``pack``'s. Raises CertificateProblem where the secret is another's."""
    return _opened(packed, secret.hex())


def import_identity(content: bytes, password: str, at: datetime) -> Identity:
    """The key and the certificate in a PKCS#12 file, once they are fit to sign letters at this moment.

    Raises CertificateProblem with a message for whoever chose the file.
    """
    _check_whole(content)
    identity = _opened(content, password)
    facts = identity.facts
    if at > facts.valid_to:
        raise CertificateProblem(f"The certificate in this file ended on {facts.valid_to:%d %B %Y}.")
    if at < facts.valid_from:
        raise CertificateProblem(f"The certificate in this file is valid only from {facts.valid_from:%d %B %Y}.")
    if not _may_sign(identity.certificate):
        raise CertificateProblem("The certificate in this file is not for signing documents: its key usage forbids it.")
    return identity


def _check_whole(content: bytes) -> None:
    """A file of one DER sequence that says how long it is, or one of undefined length (BER)."""
    if len(content) > MOST_BYTES:
        raise CertificateProblem("The file is too large to be a certificate with its key.")
    if len(content) < 4 or content[0] != 0x30:
        raise CertificateProblem("This is no PKCS#12 file. Such files mostly end in .p12 or .pfx.")
    first = content[1]
    if first == 0x80:
        return
    count = first - 0x80 if first > 0x80 else 0
    length = int.from_bytes(content[2 : 2 + count], "big") if count else first
    if 2 + count + length != len(content):
        raise CertificateProblem("The file is damaged or was cut off. Export the certificate again.")


def _opened(content: bytes, password: str) -> Identity:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, password.encode() or None)
    except UnsupportedAlgorithm as error:
        message = "The file is encrypted in a way that is no longer safe. Export the certificate again, with AES."
        raise CertificateProblem(message) from error
    except ValueError as error:
        message = "The password does not open this file, or the file is damaged."
        raise CertificateProblem(message, password=True) from error
    if key is None:
        raise CertificateProblem("The file holds no private key. Export the certificate together with its key.")
    if certificate is None:
        raise CertificateProblem("The file holds no certificate for its private key.")
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or not _strong(key):
        raise CertificateProblem("The key in this file is of a kind, or so short, that letters are not signed with it.")
    if key.public_key() != certificate.public_key():
        raise CertificateProblem("The key in this file does not belong to its certificate.")
    return Identity(key, certificate, tuple(_issuers(certificate, others)))


def _strong(key: PrivateKey) -> bool:
    from cryptography.hazmat.primitives.asymmetric import rsa

    if isinstance(key, rsa.RSAPrivateKey):
        return key.key_size >= _FEWEST_RSA_BITS
    return key.curve.name in _CURVES


def _may_sign(certificate: x509.Certificate) -> bool:
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            return False
    except x509.ExtensionNotFound:
        pass
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return any(one.dotted_string in _SIGNING_PURPOSES for one in purposes)


def _issuers(certificate: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """Who issued it, who issued that, and so on, as far as the file has them."""
    found: list[x509.Certificate] = []
    last = certificate
    while last.subject != last.issuer:
        above = next((one for one in others if one.subject == last.issuer and one not in found), None)
        if above is None:
            break
        found.append(above)
        last = above
    return found
