"""Certificates: made, imported from PKCS#12 files good and bad, and where their passwords live."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

from desktop.security.certificates import (
    MOST_BYTES,
    CertificateProblem,
    groups,
    import_identity,
    make_identity,
    pack,
    unpack,
)
from desktop.security.problems import KeyDamaged, KeyMissing, KeyringLocked, KeyringMissing
from desktop.security.signingsecrets import SigningSecrets
from tests.letters.signers import AT, PASSWORD, ec_key, from_authority, issued, packed, rsa_key, usage

NAME = "Meridian Health Records"


def test_a_certificate_of_ones_own() -> None:
    first, second = make_identity(NAME, AT), make_identity(NAME, AT)
    facts, made = first.facts, first.certificate
    assert (facts.name, facts.issuer, facts.self_issued) == (NAME, NAME, True)
    assert facts.valid_from == AT
    assert AT.replace(year=2031) <= facts.valid_to <= AT.replace(year=2031) + timedelta(days=1)
    assert isinstance(first.key, ec.EllipticCurvePrivateKey)
    assert first.key.curve.name == "secp256r1"
    found = made.extensions.get_extension_for_class(x509.KeyUsage)
    assert found.critical
    assert (found.value.digital_signature, found.value.content_commitment) == (True, True)
    assert not found.value.key_cert_sign
    assert made.serial_number != second.certificate.serial_number
    assert facts.fingerprint != second.facts.fingerprint
    assert groups(facts.fingerprint).replace(" ", "").lower() == facts.fingerprint
    assert len(groups(facts.fingerprint).split()) == 16


def test_a_long_name_is_cut() -> None:
    assert make_identity("Meridian " * 40, AT).facts.name == ("Meridian " * 40)[:64]


def test_what_is_packed_opens_with_its_own_secret_alone() -> None:
    identity, secret = make_identity(NAME, AT), os.urandom(32)
    kept = pack(identity, secret)
    assert unpack(kept, secret).certificate == identity.certificate
    with pytest.raises(CertificateProblem):
        unpack(kept, os.urandom(32))


def test_a_certificate_of_an_authority_comes_with_those_above_it() -> None:
    found = import_identity(from_authority(), PASSWORD, AT)
    assert found.facts.name == NAME
    assert not found.facts.self_issued
    assert [one.subject.rfc4514_string() for one in found.issuers] == ["O=Invented Authority", "O=Invented Root"]
    secret = os.urandom(32)
    again = unpack(pack(found, secret), secret)
    assert (again.certificate, again.issuers) == (found.certificate, found.issuers)


def test_a_file_without_a_password_may_be_imported() -> None:
    key = ec_key()
    assert import_identity(packed(key, issued(NAME, key), password=""), "", AT).facts.name == NAME


def _good() -> bytes:
    key = ec_key()
    return packed(key, issued(NAME, key))


def _of(**how: object) -> bytes:
    key = ec_key()
    return packed(key, issued(NAME, key, **how))  # type: ignore[arg-type]


def _ed25519() -> bytes:
    key = ed25519.Ed25519PrivateKey.generate()
    ca = ec_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=1))
    )
    return packed(key, builder.sign(ca, hashes.SHA256()))


def _short_rsa() -> bytes:
    key = rsa_key(1024)
    return packed(key, issued(NAME, key))


_WEB = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
_MAIL = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION])
BAD: list[tuple[str, Callable[[], bytes], str]] = [
    ("no key", lambda: packed(None, issued(NAME, ec_key())), "no private key"),
    ("expired", lambda: _of(start=AT - timedelta(days=30), days=29), "ended on 09 June 2026"),
    ("not yet", lambda: _of(start=AT + timedelta(days=3)), "valid only from 13 June 2026"),
    ("usage", lambda: _of(extensions=(usage(signs=False),)), "not for signing"),
    ("purpose", lambda: _of(extensions=(_WEB,)), "not for signing"),
    ("kind of key", _ed25519, "of a kind"),
    ("short key", _short_rsa, "so short"),
    ("truncated", lambda: _good()[:-40], "cut off"),
    ("half", lambda: _good()[:300], "cut off"),
    ("empty", lambda: b"", "no PKCS#12"),
    ("text", lambda: b"-----BEGIN CERTIFICATE-----\n", "no PKCS#12"),
    ("huge", lambda: b"0" * (MOST_BYTES + 1), "too large"),
    ("other", lambda: b"0\x03\x02\x01\x05", "password does not open"),
]


@pytest.mark.parametrize(("name", "make", "said"), BAD, ids=[one[0] for one in BAD])
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(name: str, make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(CertificateProblem, match=said):
        import_identity(make(), PASSWORD, AT)


def test_a_wrong_password_is_told_as_one() -> None:
    with pytest.raises(CertificateProblem, match="password does not open") as found:
        import_identity(_good(), "another", AT)
    assert found.value.password


def test_a_certificate_for_mail_signs_letters_too() -> None:
    assert import_identity(_of(extensions=(_MAIL, usage())), PASSWORD, AT).facts.name == NAME


class Vault:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))


def test_a_password_lives_in_the_keyring_where_the_key_does(tmp_path: Path) -> None:
    vault = Vault()
    secrets = SigningSecrets(tmp_path, "ab12", KEY, os.urandom, find=lambda: vault)
    made = secrets.make("one")
    assert not list(tmp_path.iterdir())
    assert vault.kept == {("tracing-desk", "ab12-signing-one"): made.hex()}
    assert SigningSecrets(tmp_path, "ab12", KEY, os.urandom, find=lambda: vault).get("one") == made
    with pytest.raises(KeyMissing):
        SigningSecrets(tmp_path, "ab12", KEY, os.urandom, find=Vault).get("one")
    secrets.forget("one")
    secrets.forget("one")
    assert not vault.kept


def test_else_in_a_file_that_the_stores_key_opens(tmp_path: Path) -> None:
    secrets = SigningSecrets(tmp_path, "ab12", KEY, os.urandom, keyring=False)
    made = secrets.make("one")
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert made.hex() not in path.read_text()
    assert SigningSecrets(tmp_path, "ab12", KEY, os.urandom, keyring=False).get("one") == made
    with pytest.raises(KeyDamaged):
        SigningSecrets(tmp_path, "ab12", OTHER_KEY, os.urandom, keyring=False).get("one")
    secrets.forget_made()
    assert not list(tmp_path.iterdir())
    with pytest.raises(KeyMissing):
        secrets.get("one")


def test_a_computer_without_a_keyring_uses_the_file(tmp_path: Path) -> None:
    def none() -> Vault:
        raise KeyringMissing

    secrets = SigningSecrets(tmp_path, "ab12", KEY, os.urandom, find=none)
    made = secrets.make("one")
    assert SigningSecrets(tmp_path, "ab12", KEY, os.urandom, find=none).get("one") == made
    with pytest.raises(KeyringMissing):
        secrets.get("two")


def test_a_locked_keyring_is_no_reason_for_a_file(tmp_path: Path) -> None:
    def locked() -> Vault:
        raise KeyringLocked

    with pytest.raises(KeyringLocked):
        SigningSecrets(tmp_path, "ab12", KEY, os.urandom, find=locked).make("one")
    assert not list(tmp_path.iterdir())
