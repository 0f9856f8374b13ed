"""Certificates and keys for the tests of signatures: invented, and as others than the desk make them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

AT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
"""When the tests sign."""
PASSWORD = "four words none of which"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)])


def usage(*, signs: bool = True, certifies: bool = False) -> x509.KeyUsage:
    """A key usage; what a letter's signature needs is `signs`."""
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def issued(
    name: str,
    key: Key,
    by: tuple[str, Any] | None = None,
    *,
    start: datetime = AT - timedelta(days=10),
    days: int = 400,
    extensions: tuple[x509.ExtensionType, ...] = (),
) -> x509.Certificate:
    """A certificate for this key, issued by itself or by `by`, a name and a key."""
    issuer, issuer_key = by or (name, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )
    for one in extensions:
        builder = builder.add_extension(one, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def packed(
    key: Any,
    certificate: x509.Certificate | None,
    others: list[x509.Certificate] | None = None,
    password: str = PASSWORD,
) -> bytes:
    """A PKCS#12 file as a certificate authority or a browser exports it."""
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"letters", key, certificate, others, lock)


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def ec_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve or ec.SECP256R1())


def from_authority() -> bytes:
    """A PKCS#12 file of an RSA key whose certificate an authority issued, with the certificates up to its root."""
    root, middle, key = ec_key(), ec_key(), rsa_key()
    above = (usage(certifies=True), x509.BasicConstraints(ca=True, path_length=None))
    rooted = issued("Invented Root", root, extensions=above)
    middling = issued("Invented Authority", middle, ("Invented Root", root), extensions=above)
    mine = issued("Meridian Health Records", key, ("Invented Authority", middle), extensions=(usage(),))
    return packed(key, mine, [rooted, middling])
