"""Checks a letter that came back: who signed it, when, and whether one byte of it was changed since."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from errno import EINVAL
from pathlib import Path
from stat import S_ISREG

from db import certificates as stored
from desktop.casework.desk import Entry
from desktop.policy.wording import clock_time, day, london
from desktop.security.certificates import groups
from desktop.security.signing import MOST_BYTES, Checked, State, check


class Whose(StrEnum):
    """Whose certificate a letter was signed with."""

    CURRENT = "current"
    EARLIER = "earlier"
    OTHER = "other"
    UNKNOWN = "unknown"
    """There is no store to look in."""


@dataclass(frozen=True, slots=True)
class LetterCheck:
    """What was found of a file."""

    found: Checked
    whose: Whose

    @property
    def in_time(self) -> bool:
        """Whether its certificate was valid when it was signed."""
        signer, at = self.found.signer, self.found.signed_at
        return signer is not None and at is not None and signer.valid_at(at)

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.found.state is State.INTACT and self.in_time and self.whose is not Whose.OTHER

    def sentences(self) -> tuple[str, ...]:
        """What was found, in words, the worst of it first."""
        verdict = _VERDICTS[self.found.state]
        if self.found.state is not State.INTACT:
            return (verdict,)
        signer, at = self.found.signer, self.found.signed_at
        if signer is None:
            return (verdict,)
        said = [_WHOSE[self.whose].format(signer.name)]
        if at is not None:
            said.append(
                f"It was signed on {day(london(at).date())} at {clock_time(london(at))}, by the signer’s clock."
            )
        said.append(f"The certificate’s fingerprint (SHA-256) is {groups(signer.fingerprint)}.")
        expired = [] if self.in_time else ["The certificate was not valid when it was signed. Do not rely on it."]
        if self.whose is Whose.OTHER:
            return (said[0], *expired, verdict, *said[1:])
        return (*expired, verdict, *said)


_VERDICTS = {
    State.INTACT: "Not one byte of it was changed since it was signed.",
    State.CHANGED: "It was changed after it was signed. Do not rely on it.",
    State.ADDED: "Something was added to it after it was signed. Do not rely on it.",
    State.OTHER_FORM: "Its signature is damaged, or was made by another program than Tracing Desk. Do not rely on it.",
    State.UNSIGNED: "It is not signed.",
    State.UNREADABLE: "It is damaged or cut off, so that it cannot be read. Do not rely on it.",
    State.NOT_PDF: "It is not a PDF file, or it is larger than any letter.",
}
_WHOSE = {
    Whose.CURRENT: "It was signed by this desk for {}, with its certificate of now.",
    Whose.EARLIER: "It was signed by this desk for {}, with an earlier certificate of its own.",
    Whose.OTHER: "It was not signed by this desk: the certificate is another’s, and names {}. Do not rely on it.",
    Whose.UNKNOWN: "It was signed with a certificate that names {}. Compare the fingerprint with theirs.",
}


def check_letter(entry: Entry | None, path: Path) -> LetterCheck:
    """What a file is. Without a store nobody can say whose its certificate is. Raises OSError, also for
    what is no file: a pipe is never waited for.
    """
    if not S_ISREG(path.stat().st_mode):
        raise OSError(EINVAL, "It is not a file", str(path))
    with path.open("rb") as file:
        found = check(file.read(MOST_BYTES + 1))
    whose = Whose.UNKNOWN
    if entry is not None and found.signer is not None:
        with entry.store.read() as tx:
            ours = [one.fingerprint for one in stored.certificates(tx)]
        at = ours.index(found.signer.fingerprint) if found.signer.fingerprint in ours else None
        whose = Whose.OTHER if at is None else Whose.EARLIER if at else Whose.CURRENT
    return LetterCheck(found, whose)
