"""Answers read and put in words: for check-answers pages, letters and what changed since a case was sent back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from db.records import Answers, Json, Met
from desktop.policy.agreements import Agreement, Field
from desktop.policy.corrections import correction_words
from desktop.policy.fields import is_empty
from desktop.policy.wording import join_and, lower_first, partial_date_words

NOT_GIVEN = "Not given"
MET_WORDS: Mapping[Met, str] = {
    Met.MET: "Met",
    Met.NOT_MET: "Not met",
    Met.NOT_APPLICABLE: "Not applicable",
    Met.CANT_TELL: "Can’t tell",
}
_NAME_KINDS = {"former": "former name", "alias": "known as", "spelling": "also spelled"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs between two submissions, in words."""

    key: str
    label: str
    section: str
    before: str
    after: str


def empty(value: Json) -> bool:
    """Whether nothing was answered."""
    return is_empty(value)


def text_of(value: Json) -> str:
    """An answer as trimmed text; "" where it is of another shape."""
    return value.strip() if isinstance(value, str) else ""


def keys_of(value: Json) -> frozenset[str]:
    """The options chosen; none where it is of another shape."""
    if not isinstance(value, list | tuple):
        return frozenset()
    return frozenset(one for one in value if isinstance(one, str))


def met_of(value: Json) -> Met | None:
    """The answer to a criterion, or None while it has none."""
    answer = value.get("answer") if isinstance(value, Mapping) else None
    return Met(answer) if isinstance(answer, str) and answer in set(Met) else None


def value_words(field: Field, value: Json) -> str:
    """An answer as people read it; "Not given" for an empty one."""
    if is_empty(value):
        return NOT_GIVEN
    labels = {option.id: option.label for option in field.options}
    match field.kind:
        case "tick":
            return "Yes"
        case "choice":
            return labels.get(text_of(value), text_of(value))
        case "choices" | "items":
            chosen = keys_of(value)
            first, *others = [label for key, label in labels.items() if key in chosen] or [NOT_GIVEN]
            return join_and([first, *map(lower_first, others)])
        case "date" | "partial_date":
            return partial_date_words(value)
        case "criterion":
            return _criterion_words(value)
        case "corrections":
            return correction_words(value, field.options) or NOT_GIVEN
        case _:
            return _lines_words(value, labels)


def _lines_words(value: Json, labels: Mapping[str, str]) -> str:
    """An address, a list of names or sources, or plain text."""
    if isinstance(value, Mapping):
        lines = [line.strip() for line in text_of(value.get("lines")).splitlines() if line.strip()]
        return "\n".join([*lines, text_of(value.get("postcode"))]).strip()
    if isinstance(value, list | tuple):
        return "\n".join(_entry_words(one, labels) for one in value if isinstance(one, Mapping))
    return text_of(value)


def _criterion_words(value: Json) -> str:
    met = met_of(value)
    parts = [MET_WORDS[met] if met else "No answer"]
    if isinstance(value, Mapping):
        parts.append(text_of(value.get("reasons")))
        evidence = value.get("evidence")
        if isinstance(evidence, list | tuple) and evidence:
            parts.append(f"Evidence: {join_and([text_of(one) for one in evidence])}")
    return "\n".join(part for part in parts if part)


def _entry_words(entry: Mapping[str, Json], labels: Mapping[str, str]) -> str:
    if "name" in entry:
        kind = _NAME_KINDS.get(text_of(entry.get("kind")), "")
        return f"{text_of(entry.get('name'))}{f' ({kind})' if kind else ''}"
    source, on, result = (text_of(entry.get(part)) for part in ("source", "on", "result"))
    # The source may be typed, or be one of those that the agreement suggests.
    return ", ".join(part for part in (labels.get(source, source), on, result) if part)


def changed_fields(before: Answers, after: Answers, agreement: Agreement) -> tuple[Change, ...]:
    """Every field that reads differently now, in the order of the form."""
    return tuple(
        Change(field.key, field.label, section.title, old, new)
        for section in agreement.sections
        for field in section.fields
        if (old := value_words(field, before.get(field.key))) != (new := value_words(field, after.get(field.key)))
    )
