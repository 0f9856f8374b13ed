"""Lists of words that may stand in no text of a request or its answer: ``resources/words``, named by a criterion.

The file says how its words are meant. An agreement's criterion names a list in its ``never_says``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from db.records import Answers, Json
from desktop.policy.agreements_format import Agreement
from desktop.policy.agreements_parts import Criterion, Field
from desktop.policy.spelling import plain, readings
from resources import resource

Where = Literal["text", "body", "name"]
_TYPED = frozenset({"text", "lines", "email", "reference", "names", "address", "sources", "criterion", "corrections"})
"""The kinds of field that hold what somebody typed."""
_BODIES = ("requester.body", "requester.email")
_NAMES = ("person.given_names", "person.family_name", "person.other_names", "requester.officer", "countersigner.name")


@dataclass(frozen=True, slots=True)
class WordList:
    """One list, ready to look for. ``says`` fits "“Details” …"."""

    says: str
    _words: re.Pattern[str]
    _harmless: re.Pattern[str]
    _let: dict[Where, re.Pattern[str]]

    def found(self, text: str, where: Where = "text", body: str = "") -> str:
        """The first word of the list in a text; "" where there is none. The name of the body that asks is no word."""
        typed = plain(text)
        if body.strip() and where == "text":
            typed = typed.replace(plain(body), " ")
        typed = self._harmless.sub(" ", typed)
        let = self._let.get(where)
        hits = (one.group() for form in (typed, *readings(typed)) for one in self._words.finditer(form))
        return next((one for one in hits if let is None or not let.fullmatch(one)), "")


@cache
def word_list(list_id: str) -> WordList | None:
    """The list of this id; None where there is none."""
    file = resource("words", f"{list_id}.toml")
    if not re.fullmatch(r"[a-z]+", list_id) or not file.is_file():
        return None
    table = tomllib.loads(file.read_text("utf-8"))
    let: dict[Where, re.Pattern[str]] = {
        "body": _pattern([*table["in_bodies"], *table["in_names"]]),
        "name": _pattern(table["in_names"]),
    }
    return WordList(table["says"], _pattern(table["words"]), _pattern(table["harmless"]), let)


def words_against(agreement: Agreement, criterion: Criterion, answers: Answers) -> Iterator[str]:
    """Why "met" cannot stand, one for each field that has a word of the criterion's list."""
    words = word_list(criterion.never_says)
    if words is None:
        return
    for field in (one for section in agreement.sections for one in section.fields if one.kind in _TYPED):
        hit = words.found("\n".join(_texts(answers.get(field.key))), _where(field), _body(answers))
        if hit and field.kind == "criterion":
            number = agreement.criterion_number(field.key.removeprefix("criteria."))
            yield f"what is said of criterion {number} {words.says}: “{hit}”."
        elif hit:
            yield f"“{field.label}” {words.says}: “{hit}”."


def word_told(agreement: Agreement, answers: Answers, text: str) -> str:
    """Why a text may not stand in an answer or a letter, as sentences: it has a word that the agreement keeps out."""
    for criterion in agreement.criteria:
        words = word_list(criterion.never_says)
        if words is not None and (hit := words.found(text, body=_body(answers))):
            return f"This {words.says}: “{hit}”. Take it out."
    return ""


def _body(answers: Answers) -> str:
    body = answers.get("requester.body")
    return body if isinstance(body, str) else ""


def _where(field: Field) -> Where:
    if field.kind == "address" or field.key in _BODIES:
        return "body"
    return "name" if field.key in _NAMES else "text"


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one) if key not in ("answer", "item", "finding", "kind") else ()
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(_one, words))})(?![^\W_])")


def _one(word: str) -> str:
    stem = re.sub(r"[ \-]+", r"[\\s\\-‐‑–]*", plain(word.rstrip("*")).replace("&", "[&+]"))
    return stem + (r"\w*" if word.endswith("*") else "s?")
