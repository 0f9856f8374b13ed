"""What ``tracing-desk verify FILE`` says of a letter."""

from __future__ import annotations

from typing import Any

from desktop.casework.lettercheck import LetterCheck


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
