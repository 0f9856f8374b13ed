"""The certificate of a disposal run: JSON and a signed page that say the same, chained into the journal."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from db import casefile, disposal
from db.disposal import Run, RunItem
from db.journal import append, canonical, ever_said, last_entry
from db.people import organisation_of
from db.records import Heading, Json
from db.store import Tx
from desktop.casework.certificates import signed
from desktop.casework.desk import Desk
from desktop.letters.facts import DestructionPage
from desktop.policy.life import OUTCOME_WORDS
from desktop.policy.wording import day, join_and, london, plural
from desktop.security.certificates import groups


def certify(desk: Desk, tx: Tx, run: Run) -> int:
    """Makes, signs and keeps the certificate of a run whose cases all have their result; returns its number.

    Raises Refused where the desk cannot sign: the run stays done, and is certified when it is carried out again.
    """
    from desktop.letters.pages import render_destruction_page

    now = desk.clock()
    number = casefile.next_number(tx, "destruction")
    items = disposal.items(tx, run.id)
    seq, head = last_entry(tx)
    content = canonical(_content(run, items, number, seq, head))
    content_hash = hashlib.sha256(content.encode()).hexdigest()
    page = _page(desk, tx, run, items, number, content_hash, seq, head)
    pdf = signed(tx, desk, render_destruction_page(page), now)
    sha256 = hashlib.sha256(pdf).hexdigest()
    values = {"run_id": run.id, "number": number, "content": content, "pdf": pdf, "sha256": sha256}
    disposal.add_certificate(tx, {**values, "made_by": desk.user.id, "made_at": now})
    said: dict[str, Json] = {"run": run.id, "certificate": number, "sha256": sha256, "content": content_hash}
    append(tx, at=now, actor_id=desk.user.id, action="certify_run", heading=Heading.ERASURE, data=said)
    return number


def _content(run: Run, items: tuple[RunItem, ...], number: int, seq: int, head: str) -> dict[str, Json]:
    """The certificate as data: nothing in it identifies anyone whom a case was about."""
    verdict = run.verdict
    if verdict is None:
        raise RuntimeError("a run that is done was approved")
    return {
        "certificate": number,
        "run": run.id,
        "because": run.because,
        "transfer_to": run.transfer_to,
        "proposed": {"by": run.proposed_by, "at": run.proposed_at.isoformat()},
        "approved": {"by": verdict.by, "at": verdict.at.isoformat(), "reasons": verdict.reasons},
        "carried_out": _by(items),
        "method": "overwritten in the encrypted store, with the case's key for the journal",
        "journal": {"entry": seq, "hash": head},
        "cases": [_item(one) for one in items],
    }


def certified_otherwise(tx: Tx) -> tuple[str, ...]:
    """Runs and stubs that are not what the certificate of their destruction says, where that is what was certified. The
    names of officers are left out: they may change.
    """
    found: list[str] = []
    certified = {said.get("content") for said in ever_said(tx, "certify_run")}
    for run_id in disposal.certified_runs(tx):
        number, text, _pdf = disposal.certificate(tx, run_id) or (0, "", b"")
        if hashlib.sha256(text.encode()).hexdigest() not in certified:
            continue
        said = json.loads(text)
        run, items = disposal.run(tx, run_id), disposal.items(tx, run_id)
        if run is None or run.verdict is None:
            # Told where what is not kept is; a restore may have lost it to damage, and says so.
            continue
        items = tuple(one for one in items if one.destroyed is not None)
        now = json.loads(canonical(_content(run, items, number, 0, "")))
        if any(now[key] != said[key] for key in ("because", "transfer_to")) or any(
            now[key] | {"by": ""} != said[key] | {"by": ""} for key in ("proposed", "approved")
        ):
            found.append(f"run {run_id} is not what destruction certificate {number} says")
        before = {one["reference"]: one | {"by": ""} for one in said["cases"]}
        found += [
            f"what stays of {one['reference']} is not what destruction certificate {number} says"
            for one in now["cases"]
            if before.get(one["reference"]) != one | {"by": ""}
        ]
    return tuple(found)


def _each_day(items: tuple[RunItem, ...]) -> list[tuple[str, str]]:
    """Who destroyed its cases on which days, each once; where none was, who dealt with them."""
    gone = [one for one in items if one.destroyed] or items
    return sorted({(one.done_by, london(one.done_at).date().isoformat()) for one in gone if one.done_at}, key=str)


def _by(items: tuple[RunItem, ...]) -> list[Json]:
    return [{"by": who, "on": on} for who, on in _each_day(items)]


def _item(one: RunItem) -> dict[str, Json]:
    return {
        "reference": one.reference,
        "agreement": one.agreement_id,
        "version": one.agreement_version,
        "outcome": one.outcome.value,
        "received_on": one.received_on.isoformat() if one.received_on else None,
        "closed_on": one.closed_on.isoformat() if one.closed_on else None,
        "due_on": one.due_on.isoformat(),
        "rule": one.rule,
        "destroyed": bool(one.destroyed),
        "package": one.package,
        "at": one.done_at.isoformat() if one.done_at else None,
        "by": one.done_by,
        "why": one.why,
    }


def _page(
    desk: Desk, tx: Tx, run: Run, items: tuple[RunItem, ...], number: int, content_hash: str, seq: int, head: str
) -> DestructionPage:
    verdict = run.verdict
    if verdict is None:
        raise RuntimeError("a run that is done was approved")
    stayed = f" {plural(run.kept, 'case')} of the run stayed, and the list says why." if run.kept else ""
    handed = f"handed over to {run.transfer_to} in sealed packages, and then " if run.transfer_to else ""
    titles = {one.id: one.short_title for one in desk.agreements.all()}
    return DestructionPage(
        organisation=organisation_of(tx),
        number=number,
        because=run.because,
        proposed=f"{run.proposed_by} on {day(london(run.proposed_at).date())}",
        approved=f"{verdict.by} on {day(london(verdict.at).date())}",
        carried_out=join_and([f"{who} on {day(date.fromisoformat(on))}" for who, on in _each_day(items)]),
        counted=f"{_was(run.destroyed)} {handed}destroyed.{stayed}",
        rows=tuple(_row(one, titles.get(one.agreement_id, one.agreement_id)) for one in items),
        content_hash=tuple(groups(content_hash).split()),
        journal=f"entry {seq} of the journal, whose hash is {groups(head)}",
        made_on=desk.today(),
    )


def _was(count: int) -> str:
    return f"{plural(count, 'case')} {'was' if count == 1 else 'were'}"


def _row(one: RunItem, agreement: str) -> tuple[str, str, str]:
    closed = f", closed on {day(one.closed_on)}" if one.closed_on else ""
    rule = f"{one.rule[:1].upper()}{one.rule[1:]}: due on {day(one.due_on)}"
    done = f"Destroyed on {day(london(one.done_at).date())}" if one.destroyed and one.done_at else f"Stays. {one.why}"
    if one.package:
        done += f"\nPackage {groups(one.package)}"
    return f"{one.reference}\n{agreement}: {OUTCOME_WORDS[one.outcome].lower()}{closed}", rule, done
