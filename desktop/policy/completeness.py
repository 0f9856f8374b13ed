"""What keeps a case from being submitted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from db.records import Answers, Json
from desktop.policy.agreements import Agreement, Field, Version
from desktop.policy.answers import empty, keys_of, met_of, text_of
from desktop.policy.fields import Problem, check_field
from desktop.policy.verdict import releasable


def problems(
    agreement: Agreement, version: Version | None, answers: Answers, today: date
) -> tuple[Problem, ...]:
    """Everything that keeps the case from being submitted, in the order of the form.

    Where no agreement accepts the request, the assessment is not asked for.
    """
    found: list[Problem] = []
    for section in agreement.sections:
        for field in section.fields:
            value = answers.get(field.key)
            if field.required == "hard" and empty(value):
                found.append(Problem(field.key, f"{field.label} is missing.", hard=True))
            elif field.kind == "criterion":
                found += _criterion_problems(agreement, field, value)
            found += [one for one in check_field(field, value, today=today) if one.hard]
    if answers.get("urgency.expedite") is True and not text_of(answers.get("urgency.reason")):
        found.append(Problem("urgency.reason", "Say why it is urgent.", hard=True))
    if version is None or not version.accepts:
        return tuple(one for one in found if not one.field.startswith(("ground.", "asked.")))
    wrong = keys_of(answers.get("release.items")) - {one.id for one in releasable(agreement, version)}
    if wrong:
        found.append(Problem("release.items", "An item to release is not permitted. Take it out.", hard=True))
    return tuple(found)


def _criterion_problems(agreement: Agreement, field: Field, value: Json) -> list[Problem]:
    number = agreement.criterion_number(field.key.removeprefix("criteria."))
    if met_of(value) is None:
        return [Problem(field.key, f"Criterion {number} has no answer.", hard=True)]
    reasons = value.get("reasons") if isinstance(value, Mapping) else ""
    if not text_of(reasons):
        return [Problem(field.key, f"Criterion {number} has no reasons.", hard=True)]
    return []
