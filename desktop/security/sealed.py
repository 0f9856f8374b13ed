"""A small file that keeps the store's key encrypted under a secret: Argon2id for the lock, AES-256-GCM for the key; and
bytes that are sealed under a key as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from desktop.security.files import write_private
from desktop.security.problems import KeyDamaged, KeyMissing, KeyNotSaved

KEY_BYTES = 32
_VERSION = 1
_SALT_BYTES = 16
_NONCE_BYTES = 12
_MOST_BYTES = 4096


class DoesNotOpen(Exception):
    """The secret is not the one that sealed the file, or someone altered the file."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try of a secret costs. RFC 9106's second recommendation for Argon2id."""

    memory_kib: int = 65536
    passes: int = 3
    lanes: int = 4

    def bearable(self) -> bool:
        """Whether a file may ask for this much, so that an altered one cannot use up the computer."""
        return 8 * self.lanes <= self.memory_kib <= 1 << 20 and 1 <= self.passes <= 64 and 1 <= self.lanes <= 16


def seal(path: Path, key: bytes, secret: bytes, random: Callable[[int], bytes], cost: Cost) -> None:
    """Writes `key` to `path`, readable only with `secret`. Raises KeyNotSaved."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = random(_SALT_BYTES), random(_NONCE_BYTES)
    head: dict[str, Any] = {
        "version": _VERSION,
        "kdf": "argon2id",
        **asdict(cost),
        "salt": salt.hex(),
        "cipher": "aes-256-gcm",
        "nonce": nonce.hex(),
    }
    sealed = AESGCM(stretched(secret, salt, cost)).encrypt(nonce, key, bound(head))
    text = json.dumps({**head, "sealed": sealed.hex()}, indent=2) + "\n"
    try:
        write_private(path, text.encode())
    except OSError as error:
        raise KeyNotSaved(f"The key of the store cannot be saved: {error.strerror or error}.") from error


def unseal(path: Path, secret: bytes) -> bytes:
    """The key in the file. Raises KeyMissing, KeyDamaged, or DoesNotOpen for another secret."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head, cost, sealed = _read(path)
    lock = stretched(secret, bytes.fromhex(head["salt"]), cost)
    try:
        key = AESGCM(lock).decrypt(bytes.fromhex(head["nonce"]), sealed, bound(head))
    except InvalidTag as error:
        raise DoesNotOpen from error
    if len(key) != KEY_BYTES:
        raise KeyDamaged
    return key


def stretched(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """The 256-bit key that a secret stretches to."""
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        secret,
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def bound(head: dict[str, Any]) -> bytes:
    """The settings as the seal covers them, so that none can be altered alone."""
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode()


def seal_bytes(content: bytes, key: bytes, head: bytes, random: Callable[[int], bytes]) -> bytes:
    """The content sealed under a key of 32 bytes, after a line in clear that says what it is and cannot be altered."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = random(_NONCE_BYTES)
    return head + nonce + AESGCM(key).encrypt(nonce, content, head)


def unseal_bytes(data: bytes, key: bytes, head: bytes) -> bytes:
    """What was sealed under this key and head. Raises DoesNotOpen for anything else, one changed bit too."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    start, sealed = data[: len(head)], data[len(head) + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(data[len(head) : len(head) + _NONCE_BYTES], sealed, start)
    except (InvalidTag, ValueError) as error:
        raise DoesNotOpen from error


def _read(path: Path) -> tuple[dict[str, Any], Cost, bytes]:
    """The file's settings, cost and sealed key, each checked."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
    except FileNotFoundError as error:
        raise KeyMissing(f"There is no file {path.name} beside the store.") from error
    except OSError as error:
        raise KeyDamaged(f"The file {path.name} cannot be read: {error.strerror or error}.") from error
    try:
        head = json.loads(content)
        if head["version"] > _VERSION:
            raise KeyDamaged(
                f"The file {path.name} was made by a newer version of Tracing Desk.",
                todo="Install the newer version, then open the store again.",
            )
        sealed = bytes.fromhex(head.pop("sealed"))
        cost = Cost(int(head["memory_kib"]), int(head["passes"]), int(head["lanes"]))
        known = (head["version"], head["kdf"], head["cipher"]) == (_VERSION, "argon2id", "aes-256-gcm")
        lengths = len(bytes.fromhex(head["salt"])), len(bytes.fromhex(head["nonce"]))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeyDamaged(f"The file {path.name} is damaged.") from error
    if not (known and cost.bearable() and lengths == (_SALT_BYTES, _NONCE_BYTES)):
        raise KeyDamaged(f"The file {path.name} is damaged.")
    return head, cost, sealed
