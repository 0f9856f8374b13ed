"""Anchors of the journal: what one says, its signature (Ed25519, RFC 8032), and the line that a file keeps of it.

The line is the signed text itself and the signature after it, so that it can be read, copied and checked by anyone.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_TEXT = "Tracing Desk anchor of store {store}: on {at}, entry {seq} of {count} has SHA-256 {hash}; key {key}"
_LINE = re.compile(
    r"Tracing Desk anchor of store (?P<store>[0-9a-z]+): on (?P<at>[0-9TZ:.-]+), entry (?P<seq>\d{1,18}) of"
    r" (?P<count>\d{1,18}) has SHA-256 (?P<hash>[0-9a-f]{64}); key (?P<key>[0-9a-f]{16});"
    r" Ed25519 (?P<signature>[0-9a-f]{128})"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A signed statement that the journal had so many entries at a moment, and which hash the last of them had."""

    store: str
    """The store's id, of letters and digits."""
    at: str
    """The moment as the journal writes it, such as 2026-06-10T09:30:00.000000Z."""
    seq: int
    count: int
    hash: str
    key: str
    """Which key signed: see :func:`key_name`."""
    signature: str

    @property
    def text(self) -> str:
        """What is signed, in UTF-8."""
        return _text(self.store, self.at, self.seq, self.count, self.hash, self.key)

    @property
    def line(self) -> str:
        """As the file keeps it, without the end of the line."""
        return f"{self.text}; Ed25519 {self.signature}"

    def holds(self, public: bytes) -> bool:
        """Whether the key with this public half signed it."""
        return signed_by(public, self.text.encode(), self.signature)


def _text(store: str, at: str, seq: int, count: int, entry_hash: str, key: str) -> str:
    return _TEXT.format(store=store, at=at, seq=seq, count=count, hash=entry_hash, key=key)


def sign_anchor(secret: bytes, *, store: str, at: str, seq: int, count: int, entry_hash: str) -> Anchor:
    """An anchor signed with a secret of 32 bytes."""
    key = key_name(public_of(secret))
    text = _text(store, at, seq, count, entry_hash, key)
    signature = sign_bytes(secret, text.encode())
    return Anchor(store, at, seq, count, entry_hash, key, signature)


def sign_bytes(secret: bytes, content: bytes) -> str:
    """The signature of any bytes with a secret of 32 bytes, in hex."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(secret).sign(content).hex()


def signed_by(public: bytes, content: bytes, signature: str) -> bool:
    """Whether the key with this public half signed these bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_of(secret: bytes) -> bytes:
    """The public half of a secret of 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def key_name(public: bytes) -> str:
    """What a key is called: the first sixteen hex digits of the SHA-256 of its public half."""
    return hashlib.sha256(public).hexdigest()[:16]


def read_anchor(line: str) -> Anchor | None:
    """The anchor of a line; None where it is none."""
    found = _LINE.fullmatch(line.rstrip("\r\n"))
    if found is None:
        return None
    said = found.groupdict()
    return Anchor(
        said["store"], said["at"], int(said["seq"]), int(said["count"]), said["hash"], said["key"], said["signature"]
    )
