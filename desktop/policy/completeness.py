"""What keeps a case from being submitted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from db.records import Answers, Json, Leads
from desktop.policy.agreements import Agreement, Field, Version
from desktop.policy.answers import empty, met_of, text_of
from desktop.policy.fields import Problem, check_field
from desktop.policy.safeguards import RISK_WHO, RISK_WHY
from desktop.policy.sheet import Sheet
from desktop.policy.verdict import Lead, verdict

_NEEDS_ITEMS: tuple[Lead, ...] = ("approve", "narrow", "unfinished")
"""Where something is proposed for release. What is to be refused, rejected or escalated may propose nothing."""


def problems(agreement: Agreement, version: Version | None, answers: Answers, today: date) -> tuple[Problem, ...]:
    """Everything that keeps the case from being submitted, in the order of the form.

    Where no agreement accepts the request, the assessment is not asked for. Where the procedure was not followed, no
    more of it is asked for than the criteria of procedure: nobody need weigh what is rejected unweighed.
    """
    found: list[Problem] = []
    for section in agreement.sections:
        for field in section.fields:
            found += _field_problems(agreement, field, answers.get(field.key), today)
    if answers.get("urgency.expedite") is True and not text_of(answers.get("urgency.reason")):
        found.append(Problem("urgency.reason", "Say why it is urgent.", hard=True, missing=True))
    if version is None or not version.accepts:
        return tuple(one for one in found if not one.field.startswith(("ground.", "asked.")))
    found += _risk_problems(answers)
    leads = verdict(agreement, version, answers, today).leads
    if leads == "reject":
        asked_for = _procedure(agreement)
        return tuple(one for one in found if not one.missing or one.field in asked_for)
    found += release_problems(agreement, answers, needed=leads in _NEEDS_ITEMS)
    return tuple(found)


def release_problems(agreement: Agreement, answers: Answers, *, needed: bool) -> list[Problem]:
    """What is wrong with the items proposed for release: only what is permitted and was asked for may stand there."""
    sheet = Sheet(agreement, answers)
    messages = {
        "An item to release is not permitted. Take it out.": bool(sheet.released - sheet.permitted),
        "An item to release was not asked for. Take it out.": bool(sheet.released & sheet.permitted - sheet.asked),
    }
    found = [Problem("release.items", message, hard=True) for message, wrong in messages.items() if wrong]
    if needed and not sheet.released:
        message = "Pick the items to release. If nothing may be released, say so in the criteria."
        found.append(Problem("release.items", message, hard=True, missing=True))
    return found


def _risk_problems(answers: Answers) -> list[Problem]:
    """Who may be the risk, and why: neither without the other."""
    who, why = (text_of(answers.get(key)) for key in (RISK_WHO, RISK_WHY))
    if who and not why:
        return [Problem(RISK_WHY, "Say why they may be the risk.", hard=True)]
    if why and not who:
        return [Problem(RISK_WHO, "Say who may be the risk.", hard=True)]
    return []


def _procedure(agreement: Agreement) -> frozenset[str]:
    """The keys that a rejection rests on: the request itself, and the criteria of procedure."""
    request = {f.key for section in agreement.sections if section.group == "request" for f in section.fields}
    return frozenset(request | {f"criteria.{one.id}" for one in agreement.criteria if one.leads is Leads.REJECT})


def _field_problems(agreement: Agreement, field: Field, value: Json, today: date) -> list[Problem]:
    found = [one for one in check_field(field, value, today=today) if one.hard]
    if field.kind == "criterion":
        number = agreement.criterion_number(field.key.removeprefix("criteria."))
        if met_of(value) is None:
            found.append(Problem(field.key, f"Criterion {number} has no answer.", hard=True, missing=True))
        elif not text_of(value.get("reasons") if isinstance(value, Mapping) else ""):
            found.append(Problem(field.key, f"Criterion {number} has no reasons.", hard=True, missing=True))
    elif field.required == "hard" and empty(value):
        found.append(Problem(field.key, f"{field.label} is missing.", hard=True, missing=True))
    return found
