"""What ``tracing-desk verify FILE`` says of a letter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from db.errors import StoreError
from desktop.casework.desk import Entry
from desktop.casework.lettercheck import LetterCheck, check_letter
from desktop.casework.setup import has_store
from desktop.cli import Failure
from desktop.security.problems import KeyProblem


def look(path: Path, folder: Path, opens: Callable[[], Entry]) -> tuple[LetterCheck, str]:
    """What a file is, by the certificates of the store in `folder`; and why that was not looked in, where it is there
    and does not open. Raises OSError where the file cannot be read.
    """
    entry, unopened = None, ""
    if folder.is_dir() and has_store(folder):
        try:
            entry = opens()
        except (Failure, StoreError, KeyProblem) as error:
            unopened = str(error)
    return check_letter(entry, path), unopened


def report(name: str, found: LetterCheck, unopened: str) -> str:
    """For people. `unopened` says why the store was not looked in, if it was not."""
    lines = [f"{name}:", *(f"  {sentence}" for sentence in found.sentences())]
    if unopened:
        lines.append(f"  Whether this is a certificate of this desk is not known: {unopened}")
    return "\n".join(lines)


def as_json(found: LetterCheck, unopened: str) -> dict[str, Any]:
    """The same for programs. What cannot be known is null."""
    signer, at = found.found.signer, found.found.signed_at
    return {
        "good": found.good,
        "state": found.found.state.value,
        "whose": found.whose.value,
        "in_time": found.in_time,
        "signed_at": at.isoformat() if at else None,
        "certificate": {
            "name": signer.name,
            "issuer": signer.issuer,
            "sha256": signer.fingerprint,
            "valid_from": signer.valid_from.isoformat(),
            "valid_to": signer.valid_to.isoformat(),
        }
        if signer
        else None,
        "store": unopened or None,
    }
