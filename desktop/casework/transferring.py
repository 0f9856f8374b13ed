"""Cases that are handed over to an archive or another body: each in a sealed package, before it is destroyed here.

The package has all that the store holds of the case. It is signed with the key of the journal's anchors, so that
whoever gets it can tell by an anchor page whose it is, and opens with a passphrase that is told apart from it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from db.casereads import load_case, pinned_agreement
from db.disposal import Run
from db.files import runs_elsewhere, write_whole
from db.packages import contents_of
from db.people import organisation_of
from db.store import Tx
from desktop.casework.anchors import signing_secret, store_name
from desktop.casework.desk import Desk, Invalid, Refused
from desktop.policy.fields import Problem
from desktop.security.files import write_private
from desktop.security.packages import SHORTEST, SUFFIX, Package, PackageDamaged, open_package, seal_package
from desktop.security.passwords import password_problem
from desktop.security.sealed import Cost, DoesNotOpen

_LEFT = re.compile(rf"\..+{re.escape(SUFFIX)}\.(\d+)\.new")
"""What a program that was killed left of a package, by its number."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """Where packages are written, and the passphrase that opens them: it is nowhere in the store."""

    folder: Path
    passphrase: str
    cost: Cost = field(default_factory=Cost)


def need_sealing(home: Path, sealing: Sealing | None) -> None:
    """Raises Refused or Invalid where packages cannot be written as is asked. `home`: where the store is."""
    if sealing is None:
        raise Refused("This run hands its cases over: say where the packages go, and a passphrase for them.")
    need_passphrase(sealing.passphrase)
    folder = sealing.folder.resolve()
    if not folder.is_dir():
        raise Refused("There is no such folder for the packages.")
    if home.resolve() in (folder, *folder.parents):
        raise Refused("Choose another folder for the packages than the one that the store is in, and none within it.")


def need_passphrase(passphrase: str) -> None:
    """Raises Invalid beside "passphrase" for one that packages are not sealed with."""
    weak = password_problem(passphrase, "")
    if len(passphrase) < SHORTEST:
        weak = f"Use at least {SHORTEST} characters: several words that do not belong together."
    if weak:
        raise Invalid((Problem("passphrase", weak, hard=True),))


def pack(desk: Desk, tx: Tx, run: Run, case_id: int, sealing: Sealing, now: datetime) -> dict[str, Any]:
    """Writes the package of a case, reads it back and opens it; returns what the store keeps of it.

    Raises Refused where it cannot be written, is not what was written, or would take another package's place: then the
    case stays. A package that a crash left behind is written anew.
    """
    case = load_case(tx, case_id)
    held = contents_of(tx, case_id)
    files = dict(held.files)
    files["case.json"] = json.dumps(held.rows, ensure_ascii=False, indent=1).encode()
    files["agreement.toml"] = pinned_agreement(tx, case.agreement_hash).encode()
    said: dict[str, Any] = {
        "reference": case.row.reference,
        "from": organisation_of(tx).name,
        "store": store_name(tx),
        "to": run.transfer_to,
        "run": run.id,
        "made_at": now.isoformat(),
    }
    secret = signing_secret(tx, desk, now, desk.user.id)
    data = seal_package(files, said, secret, sealing.passphrase, desk.random, sealing.cost)
    path = sealing.folder / f"{case.row.reference}{SUFFIX}"
    try:
        _sweep(sealing.folder)
        _need_free(path, sealing.passphrase, said)
        write_whole(path, data)
        again = path.read_bytes()
        if again != data or dict(open_package(again, sealing.passphrase).files) != files:
            raise PackageDamaged("It is not what was written.")
    except OSError as error:
        raise Refused(f"The package {path.name} cannot be written there: {error.strerror or error}.") from error
    except (PackageDamaged, DoesNotOpen) as error:
        raise Refused(f"The package {path.name} cannot be read back, so the case stays. {error}") from error
    sha256 = hashlib.sha256(data).hexdigest()
    values = {"run_id": run.id, "case_id": case_id, "sha256": sha256, "size": len(data)}
    return {**values, "made_by": desk.user.id, "made_at": now}


def _sweep(folder: Path) -> None:
    """Takes away what packages that were cut short left half written. Raises OSError."""
    for path in folder.iterdir():
        if (found := _LEFT.fullmatch(path.name)) and not runs_elsewhere(int(found.group(1))):
            path.unlink(missing_ok=True)


def _need_free(path: Path, passphrase: str, said: Mapping[str, Any]) -> None:
    """Raises Refused where the file is there and is not this case's own package of an earlier try; or OSError."""
    if not path.exists():
        return
    try:
        there = open_package(path.read_bytes(), passphrase).said
    except (PackageDamaged, DoesNotOpen):
        there = {}
    if any(there.get(one) != said[one] for one in ("store", "run", "reference")):
        raise Refused(
            f"The file {path.name} is in the way: it is not of this run, or opens with another passphrase. Choose "
            "another folder. The case stays."
        )


def unpack(file: Path, passphrase: str, out: Path) -> Package:
    """Opens a package into a new private folder. Raises PackageDamaged, DoesNotOpen or OSError; then nothing is left
    that was not checked.
    """
    found = open_package(file.read_bytes(), passphrase)
    out.mkdir(mode=0o700)
    for path, content in found.files.items():
        place = out / path
        place.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(place, content)
    return found
