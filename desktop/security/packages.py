"""A sealed package: files with their hashes, signed (Ed25519), under a passphrase (Argon2id, AES-256-GCM).

One line of JSON says how it is sealed and nothing of what is in it. After it comes a zip, encrypted: the files, a
manifest that names each with its SHA-256, and the manifest's signature. Whoever gets it checks that the key is the one
that the sender's anchor page shows.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

from desktop.security.anchors import key_name, public_of, sign_bytes, signed_by
from desktop.security.sealed import Cost, DoesNotOpen, bound, stretched

SUFFIX = ".tdpackage"
SHORTEST = 12
"""Characters of a passphrase: the package leaves the desk, and can be tried for years."""
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_KIND = "tracing-desk-package"
_VERSION = 1
_SALT_BYTES, _NONCE_BYTES = 16, 12
_LONGEST_HEAD = 4096
_MOST_BYTES = (1 << 31) - 1
"""Of a package, and of all that is in it: more cannot be sealed."""
_MOST_FOLD, _ANY_FOLD = 100, 1 << 28
"""What is in it may have so many times the bytes of the package, and as many as this whatever the package has."""
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The moment that each file in the zip has: when it was made is in the manifest."""


class PackageDamaged(Exception):
    """It is no package, or not as it was made; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Package:
    """What was in a package, once each file agreed with the manifest and the manifest with its signature."""

    said: Mapping[str, Any]
    """What the manifest says of it, but for its files."""
    files: Mapping[str, bytes]
    key: str
    """The name of the key that signed it, as the sender's anchors have it."""


def seal_package(
    files: Mapping[str, bytes],
    said: Mapping[str, Any],
    secret: bytes,
    passphrase: str,
    random: Callable[[int], bytes],
    cost: Cost,
) -> bytes:
    """The bytes of a package of these files. ``secret``: the signing key's. ``said``: what the manifest says of it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    listed = {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())}
    manifest = json.dumps(
        {**said, "public": public_of(secret).hex(), "files": listed}, ensure_ascii=False, indent=1, sort_keys=True
    ).encode()
    whole = {**files, MANIFEST: manifest, SIGNATURE: sign_bytes(secret, manifest).encode()}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in sorted(whole.items()):
            made.writestr(zipfile.ZipInfo(path, _WHEN), content, zipfile.ZIP_DEFLATED)
    salt, nonce = random(_SALT_BYTES), random(_NONCE_BYTES)
    head: dict[str, Any] = {"kind": _KIND, "version": _VERSION, "kdf": "argon2id", **asdict(cost)}
    head |= {"salt": salt.hex(), "cipher": "aes-256-gcm", "nonce": nonce.hex()}
    lock = stretched(passphrase.encode(), salt, cost)
    return json.dumps(head).encode() + b"\n" + AESGCM(lock).encrypt(nonce, packed.getvalue(), bound(head))


def open_package(data: bytes, passphrase: str) -> Package:
    """What is in a package. Raises PackageDamaged, or DoesNotOpen for another passphrase or an altered package."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(data) > _MOST_BYTES:
        raise PackageDamaged("It does not open: it is larger than any package.")
    head, cost, rest = _head(data)
    try:
        lock = stretched(passphrase.encode(), bytes.fromhex(head["salt"]), cost)
        packed = AESGCM(lock).decrypt(bytes.fromhex(head["nonce"]), rest, bound(head))
    except InvalidTag as error:
        raise DoesNotOpen from error
    return _checked(_unzipped(packed))


def _unzipped(packed: bytes) -> dict[str, bytes]:
    """The files of a zip that a stranger may have made: nothing is read before its size is known to be bearable."""
    try:
        with zipfile.ZipFile(BytesIO(packed)) as made:
            listed = made.infolist()
            if sum(one.file_size for one in listed) > min(_MOST_BYTES, _ANY_FOLD + _MOST_FOLD * len(packed)):
                raise PackageDamaged("It does not open: what is in it is too large for what it is packed into.")
            if len({one.filename for one in listed}) < len(listed):
                raise PackageDamaged("It does not open: a file is in it twice.")
            files = {}
            for one in listed:
                _need_plain(one)
                with made.open(one) as file:
                    # Said bytes and no more: a zip may say that it holds fewer than it does.
                    files[one.filename] = file.read(one.file_size + 1)
            return files
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, RuntimeError) as error:
        raise PackageDamaged("It does not open: what is in it is no zip file.") from error


def _need_plain(one: zipfile.ZipInfo) -> None:
    """Raises PackageDamaged for a file that is packed otherwise than the desk does, or would be written elsewhere."""
    if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or one.flag_bits & 1:
        raise PackageDamaged("It does not open: it is packed as no desk packs.")
    path = one.orig_filename
    if path.startswith("/") or any(part in ("", ".", "..") for part in path.split("/")) or set(path) & set("\\:"):
        raise PackageDamaged("The package has a file that would be written elsewhere.")
    if not path.isprintable():
        raise PackageDamaged("The package has a file whose name cannot be written.")


def _head(data: bytes) -> tuple[dict[str, Any], Cost, bytes]:
    line, end, rest = data[:_LONGEST_HEAD].partition(b"\n")
    try:
        head = json.loads(line)
        known = (head["kind"], head["version"], head["kdf"], head["cipher"])
        cost = Cost(int(head["memory_kib"]), int(head["passes"]), int(head["lanes"]))
        lengths = len(bytes.fromhex(head["salt"])), len(bytes.fromhex(head["nonce"]))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise PackageDamaged("This is no package of Tracing Desk.") from error
    if known != (_KIND, _VERSION, "argon2id", "aes-256-gcm") or lengths != (_SALT_BYTES, _NONCE_BYTES) or not end:
        raise PackageDamaged("This package was made by another version of Tracing Desk.")
    if not cost.bearable():
        raise PackageDamaged("The head of the package is damaged.")
    return head, cost, rest + data[_LONGEST_HEAD:]


def _checked(files: Mapping[str, bytes]) -> Package:
    try:
        manifest, signature = files[MANIFEST], files[SIGNATURE].decode("ascii")
        said = json.loads(manifest)
        listed, public = dict(said.pop("files")), bytes.fromhex(said.pop("public"))
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise PackageDamaged("The package has no manifest that can be read.") from error
    if not signed_by(public, manifest, signature):
        raise PackageDamaged("The signature of the manifest is wrong.")
    inside = {path: content for path, content in files.items() if path not in (MANIFEST, SIGNATURE)}
    if set(inside) != set(listed):
        raise PackageDamaged("The package does not hold the files that its manifest names.")
    for path, content in inside.items():
        if hashlib.sha256(content).hexdigest() != listed[path]:
            raise PackageDamaged(f"{path} is not as it was packed.")
    return Package(said, inside, key_name(public))
