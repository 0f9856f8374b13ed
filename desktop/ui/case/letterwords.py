"""What a letter will say, told before it exists: a caseworker should not be surprised by the preview."""

from __future__ import annotations

from db.records import Outcome
from desktop.casework.casepage import CasePage, decided_answers
from desktop.casework.letterfacts import MATCHED_WORDS, not_given
from desktop.casework.outcomes import Record
from desktop.policy.agreements import Agreement
from desktop.policy.wording import join_and, lower_first


def letter_words(page: CasePage, found: Record, table: str = "") -> tuple[str, ...]:
    """The gist of the letter for this outcome, a sentence or two each. ``table``: the title of its figures, if any."""
    agreement = page.agreement
    match found.outcome:
        case Outcome.TRACED:
            return _disclosure(page, found)
        case Outcome.STATUS:
            answer = agreement.answer(found.status_answer)
            lines = [answer.text if answer else ""]
            lines += _values(agreement, found)
            lines += [f"The table “{table}”, as it is counted when this is recorded."] if found.table else []
            lines.append(agreement.answer_note)
            lines.append("A second person releases it before it is issued.")
            return tuple(line for line in lines if line)
        case _:
            return (
                "That we could not find one record that agrees with the details they sent.",
                "Nothing about what was searched, what was found or how many records came near.",
                "No second person is needed: the letter can be issued next.",
            )


def _disclosure(page: CasePage, found: Record) -> tuple[str, ...]:
    lines = _values(page.agreement, found) or ["No value is given yet."]
    matched = join_and([MATCHED_WORDS.get(key, key) for key in found.matched])
    if matched:
        lines.append(f"That our record and their request agree on the {matched}.")
    out = [lower_first(label) for label in not_given(page.agreement, decided_answers(page), found.values)]
    if out:
        lines.append(f"That we are not able to provide, with no reason for any: {join_and(out)}.")
    lines.append("A second person releases it before it is issued.")
    return tuple(lines)


def _values(agreement: Agreement, found: Record) -> list[str]:
    lines = []
    for key, value in found.values.items():
        item = agreement.item(key)
        text = ", ".join(line.strip() for line in value.get("value", "").splitlines() if line.strip())
        if item is None or not text:
            continue
        on = value.get("recorded_on", "").strip()
        lines.append(f"{item.label}: {text}{f', recorded on {on}' if on else ''}")
    return lines
