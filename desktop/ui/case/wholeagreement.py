"""The whole agreement in words, as the version that governs the case sees it."""

from __future__ import annotations

from desktop.policy.agreements import Agreement, Version
from desktop.policy.clocks import clock_words
from desktop.policy.retention import rule_words
from desktop.policy.wording import day


def paragraphs(agreement: Agreement, version: Version | None) -> tuple[tuple[str, str], ...]:
    """(style, words): "group" for a heading, "body" for a paragraph, "small" for a source."""
    out: list[tuple[str, str]] = []
    if version is None:
        out.append(("body", agreement.because_none))
    else:
        till = f" to {day(version.in_force_to)}" if version.in_force_to else ""
        out.append(("body", f"{version.title}. Version {version.number}, in force from {day(version.in_force_from)}{till}."))
        out += [("body", one) for one in (version.because, version.note) if one]
    out += [
        ("body", f"Held by: {agreement.holder}."),
        ("body", f"To be answered within {clock_words(agreement.clock)}. Kept {rule_words(agreement.retention)}."),
        ("small", agreement.source),
    ]
    _listed(out, "Who may ask", [(one.title, one.note, one.source) for one in agreement.requesters])
    _listed(out, "Grounds", [(one.label, one.note, one.source) for one in agreement.grounds])
    _listed(out, "Criteria", [(one.question, one.guidance, one.source) for one in agreement.criteria])
    items = [(_item(one.label, one.releasable), one.note, one.source) for one in agreement.items]
    _listed(out, "What may be given", items)
    _listed(out, "The form", [(one.title, one.guidance, one.source) for one in agreement.sections])
    if agreement.notes:
        out.append(("group", "Notes"))
        out += [("body", note) for note in agreement.notes]
    return tuple(out)


def _item(label: str, releasable: bool) -> str:
    return f"{label}: may be given" if releasable else f"{label}: not permitted"


def _listed(out: list[tuple[str, str]], title: str, things: list[tuple[str, str, str]]) -> None:
    if not things:
        return
    out.append(("group", title))
    for name, words, source in things:
        out.append(("label", name))
        if words:
            out.append(("body", words))
        out.append(("small", source))
