"""The organisation's certificate: made with the store, replaced by administrators, and letters signed with it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from db import certificates as stored
from db.certificates import StoredCertificate
from db.journal import append
from db.people import organisation_of
from db.records import Heading, Json, Role
from db.store import Tx
from desktop.casework.copies import write_told
from desktop.casework.desk import Desk, Entry, Invalid, Refused, changing, need_reasons, need_role
from desktop.policy.fields import Problem
from desktop.policy.wording import day, london
from desktop.security.certificates import (
    CertificateFacts,
    CertificateProblem,
    Identity,
    facts_of,
    import_identity,
    make_identity,
    pack,
    read_certificate,
    unpack,
)
from desktop.security.problems import KeyProblem
from desktop.security.signingsecrets import SigningSecrets

SOON = timedelta(days=30)
"""How long before its end a certificate is warned of."""
_ASK = "Ask an administrator to make or import a certificate, in Administration."


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCertificate:
    """A new certificate that the organisation issues to itself, in place of the one in use."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCertificate:
    """A certificate with its key from a PKCS#12 file, in place of the one in use."""

    content: bytes
    password: str
    because: str


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that the desk has or had."""

    stored: StoredCertificate
    facts: CertificateFacts


@dataclass(frozen=True, slots=True)
class Certificates:
    """Every certificate of the desk, the one in use first, and what is the matter with that one."""

    held: tuple[Held, ...]
    matter: str
    """In words for an administrator; "" where letters can be signed for a good while."""
    usable: bool
    """Whether letters can be signed now."""


def first_certificate(tx: Tx, secrets: SigningSecrets, organisation: str, at: datetime) -> None:
    """Makes the certificate that a store begins with. Raises KeyNotSaved or KeyringLocked."""
    _put(tx, secrets, make_identity(organisation, at), at, action="first_certificate", made_by=None, because="")


def ensure_certificate(entry: Entry) -> None:
    """Makes the first certificate of a store that was made before letters were signed.

    Where its password cannot be kept, there is none: letters are then not issued, and administrators are told.
    """
    with entry.store.read() as tx:
        there = stored.packed(tx) is not None
    if not there:
        with suppress(KeyProblem), entry.store.write() as tx:
            first_certificate(tx, entry.secrets, organisation_of(tx).name, entry.clock())


def _put(
    tx: Tx,
    secrets: SigningSecrets,
    identity: Identity,
    at: datetime,
    *,
    action: str,
    made_by: int | None,
    because: str,
) -> None:
    """Puts a certificate in use, journalled, with its key under a new password."""
    facts = identity.facts
    values = {
        "fingerprint": facts.fingerprint,
        "der": facts.der,
        "packed": pack(identity, secrets.make(_name(facts.fingerprint))),
        "imported": action == "import_certificate",
        "because": because,
        "made_by": made_by,
        "made_at": at,
    }
    number = stored.add_certificate(tx, values)
    said: dict[str, Json] = {"certificate": number, "sha256": facts.fingerprint, "to": facts.valid_to.isoformat()}
    if because:
        said["because"] = because
    append(tx, at=at, actor_id=made_by, action=action, heading=Heading.SYSTEM, data=said)


def _name(fingerprint: str) -> str:
    """What the password of a certificate is kept under."""
    return fingerprint[:16]


def certificates(desk: Desk) -> Certificates:
    """The certificates, for administrators."""
    need_role(desk, Role.ADMINISTRATOR)
    with desk.store.read() as tx:
        held = tuple(Held(one, facts_of(read_certificate(one.der))) for one in stored.certificates(tx))
        matter, usable = _matter(tx, desk, desk.clock())
    return Certificates(held, matter, usable)


def certificate_faults(tx: Tx, entry: Entry) -> tuple[str, ...]:
    """What is the matter with the certificate in use, for the checks of the store."""
    matter, usable = _matter(tx, entry, entry.clock())
    if usable and (found := stored.packed(tx)):
        try:
            entry.secrets.get_anew(_name(found[0]))
        except KeyProblem as error:
            matter = _unopened(error)
    return (matter,) if matter else ()


def _unopened(error: KeyProblem) -> str:
    return f"The key that letters are signed with does not open here. {error.what} {_ASK}"


def _matter(tx: Tx, entry: Entry, at: datetime) -> tuple[str, bool]:
    """What an administrator is to know of the certificate in use, and whether letters can be signed with it."""
    try:
        facts = _identity(tx, entry, at).facts
    except Refused as error:
        return str(error), False
    if facts.valid_to - at > SOON:
        return "", True
    return (
        f"The certificate that letters are signed with ends on {_on(facts.valid_to)}. Make or import a new one before.",
        True,
    )


def _identity(tx: Tx, entry: Entry, at: datetime) -> Identity:
    """The certificate in use with its key, once it can sign. Raises Refused with what to do."""
    found = stored.packed(tx)
    if found is None:
        raise Refused(f"The desk has no certificate to sign letters with. {_ASK}")
    fingerprint, packed = found
    try:
        identity = unpack(packed, entry.secrets.get(_name(fingerprint)))
    except KeyProblem as error:
        raise Refused(_unopened(error)) from error
    except CertificateProblem as error:
        raise Refused(f"The key that letters are signed with does not open here. {_ASK}") from error
    facts = identity.facts
    if at > facts.valid_to:
        raise Refused(f"The certificate that letters are signed with ended on {_on(facts.valid_to)}. {_ASK}")
    if at < facts.valid_from:
        raise Refused(
            f"The certificate that letters are signed with is valid from {_on(facts.valid_from)}, and by this "
            "computer’s clock that is still to come. Set the clock right."
        )
    return identity


def _on(moment: datetime) -> str:
    return day(london(moment).date())


def signed(tx: Tx, desk: Desk, pdf: bytes, at: datetime) -> bytes:
    """The letter with the organisation's signature. Raises Refused where the desk cannot sign now: nothing is issued
    unsigned.
    """
    from desktop.security.signing import sign

    return sign(pdf, _identity(tx, desk, at), at)


def need_certificate(tx: Tx, entry: Entry) -> None:
    """Raises Refused where the desk could not sign now, with what to do."""
    _identity(tx, entry, entry.clock())


def ready_to_sign(_desk: Desk) -> None:
    """Imports what signing needs, so that the letter that follows is signed at once."""
    from desktop.security.signing import warm_up

    warm_up()


def make_certificate(desk: Desk, command: MakeCertificate) -> None:
    """Makes a new certificate and puts it in use. Letters of before stay as they are, and are still told as the desk's.

    Raises Refused or Invalid; then nothing has changed.
    """
    need_role(desk, Role.ADMINISTRATOR)
    because = _because(command.because)
    with desk.store.read() as tx:
        name = organisation_of(tx).name
    _replace(desk, make_identity(name, desk.clock()), "make_certificate", because)


def import_certificate(desk: Desk, command: ImportCertificate) -> None:
    """Puts the certificate of a PKCS#12 file in use. Raises Refused or Invalid; then nothing has changed."""
    need_role(desk, Role.ADMINISTRATOR)
    because = _because(command.because)
    try:
        identity = import_identity(command.content, command.password, desk.clock())
    except CertificateProblem as error:
        raise Invalid((Problem("password" if error.password else "file", str(error), hard=True),)) from error
    with desk.store.read() as tx:
        known = {one.fingerprint for one in stored.certificates(tx)}
    if identity.facts.fingerprint in known:
        raise Invalid((Problem("file", "The desk has, or had, this certificate already.", hard=True),))
    _replace(desk, identity, "import_certificate", because)


def _because(typed: str) -> str:
    try:
        return need_reasons(typed, "replacing the certificate")
    except Invalid as error:
        raise Invalid(tuple(Problem("because", one.message, hard=True) for one in error.problems)) from error


def _replace(desk: Desk, identity: Identity, action: str, because: str) -> None:
    """Puts the certificate in use. The password of the one before is forgotten: nobody signs with that any more."""
    new = _name(identity.facts.fingerprint)
    try:
        with changing(desk) as tx:
            before = stored.packed(tx)
            _put(tx, desk.secrets, identity, desk.clock(), action=action, made_by=desk.user.id, because=because)
    except KeyProblem as error:
        raise Refused(str(error)) from error
    except BaseException:
        with suppress(KeyProblem):
            desk.secrets.forget(new)
        raise
    if before is not None:
        # Where it cannot be forgotten now, it opens a key that signs nothing the desk would call its current one.
        with suppress(KeyProblem):
            desk.secrets.forget(_name(before[0]))


def certificate_page(desk: Desk) -> bytes:
    """The page that tells recipients of the certificate in use, and how they check a letter. Raises Refused."""
    from desktop.letters.facts import CertificatePage
    from desktop.letters.pages import render_certificate_page
    from desktop.security.certificates import groups

    found = certificates(desk)
    if not found.held:
        raise Refused(found.matter)
    facts = found.held[0].facts
    with desk.store.read() as tx:
        organisation = organisation_of(tx)
    return render_certificate_page(
        CertificatePage(
            organisation=organisation,
            named=facts.name,
            issuer="" if facts.self_issued else facts.issuer,
            fingerprint=tuple(groups(facts.fingerprint).split()),
            valid_from=london(facts.valid_from).date(),
            valid_to=london(facts.valid_to).date(),
            made_on=desk.today(),
        )
    )


def save_certificate_page(desk: Desk, out: Path, *, replace: bool = False) -> None:
    """Writes the page to a new private file, journalled. Raises Refused, or OSError as ``write_told`` does."""
    page = certificate_page(desk)

    write_told(
        desk,
        out,
        page,
        action="save_certificate_page",
        heading=Heading.SYSTEM,
        replace=replace,
    )
