"""The letters' texts, read from ``resources/letters/*.toml`` and checked key by key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from resources import resource

MERGE = re.compile(r"\{([^{}]*)\}")
"""A merge field in a text: ``{received}``."""


class TemplateError(Exception):
    """A letter's text is wrong. Names the file, and the key in it such as ``section[2].part[1].text``."""

    def __init__(self, file: str, key: str, message: str) -> None:
        super().__init__(f"{file}: {key}: {message}")
        self.file = file
        self.key = key
        self.message = message


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph, bullet or table of a section. A protected one may not be taken out by whoever edits the text."""

    role: str
    """"text", "bullet" or "table"."""
    text: str
    """The text with its merge fields, or the name of the table."""
    columns: tuple[str, ...] = ()
    when: str = ""
    """Printed only if this fact is not empty."""
    unless: str = ""
    """Printed only if this fact is empty."""
    each: str = ""
    """Printed once for each entry of this fact."""
    protected: bool = False
    id: str = ""
    """What an organisation's own words for it are kept under; "" where it may have none."""

    @property
    def merges(self) -> frozenset[str]:
        """The merge fields in it."""
        return frozenset(MERGE.findall(self.text))


@dataclass(frozen=True, slots=True)
class TextSection:
    """A heading (or none) and what stands under it."""

    heading: str
    parts: tuple[Part, ...]
    keep_together: bool
    after_sign_off: bool


@dataclass(frozen=True, slots=True)
class Template:
    """The text of one kind of letter."""

    file: str
    title: str
    greeting: str
    sign_off: str
    rule_after_sign_off: bool
    ending: str
    sections: tuple[TextSection, ...]
    never_says: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The facts that it prints."""
        parts = [part for section in self.sections for part in section.parts]
        texts = (self.title, self.greeting, *(part.text for part in parts))
        merged = {name for text in texts for name in MERGE.findall(text)}
        return frozenset(merged | {"items"} if any(part.role == "table" for part in parts) else merged)

    @property
    def changeable(self) -> dict[str, Part]:
        """The parts for which an organisation may have words of its own, by their ids."""
        return {part.id: part for section in self.sections for part in section.parts if part.id}

    def with_words(self, words: Mapping[str, str]) -> Template:
        """The text with these words in the parts of these ids. Raises TemplateError where a part may not have them."""
        for key, text in words.items():
            if key not in self.changeable:
                raise TemplateError(self.file, key, "is no part that may have words of your own")
            if problem := wrong_words(self.changeable[key], text):
                raise TemplateError(self.file, key, problem)
        sections = tuple(
            replace(
                section,
                parts=tuple(replace(part, text=words[part.id]) if part.id in words else part for part in section.parts),
            )
            for section in self.sections
        )
        return replace(self, sections=sections)


def wrong_words(part: Part, text: str) -> str:
    """Why these words cannot stand in the place of a part's, as a sentence or two; "" where they can.

    They say every fact that the part says, so that no letter loses one, and no other, which it may not have.
    """
    if not text.strip():
        return "Say something: a part of a letter is never empty."
    rest = MERGE.sub("", text)
    if "{" in rest or "}" in rest:
        return "There is a brace without its partner. A fact stands between two: {received}."
    said = set(MERGE.findall(text))
    if missing := sorted(part.merges - said):
        return f"Keep {_braced(missing)}: the letter would no longer say it."
    if unknown := sorted(said - part.merges):
        return f"Take out {_braced(unknown)}: this part of the letter does not have it."
    return ""


def _braced(names: Collection[str]) -> str:
    return " and ".join(f"{{{name}}}" for name in names)


_OPTIONAL = (
    "not_given", "how_to_ask", "rights", "items", "conditions", "answer_note", "counting", "provisional", "said",
    "complaint", "their_reference", "table",
)  # fmt: skip
"""The facts that a part of a letter may depend on, or be printed once for each entry of."""
_TABLES: Mapping[str, int] = {"items": 3, "key": 2, "cases": 3, "figures": 0}
"""The tables that a text can call for, and how many columns each has."""
_GIVING = ("purpose", "destroy_by", "reference", "gateway", "retention")
_ANSWER = ("reference", "gateway", "retention", "taken_at")
_PROTECTED: Mapping[str, tuple[str, ...]] = {
    "disclosure": _GIVING,
    "partial_disclosure": (*_GIVING, "not_given"),
    "status_answer": (*_GIVING, "taken_at"),
    "status_untold": _ANSWER,
    "answer": _ANSWER,
    "foi_answer": _ANSWER,
    "sar_answer": _ANSWER,
    "review_outcome": _ANSWER,
    "correction": ("reference", "answer_within", "gateway", "retention"),
    "no_trace": ("reference",),
    "refusal": ("reference",),
    "rejection": ("answer_within",),
    "not_permitted": ("reference",),
    "acknowledgement": ("due", "counted", "basis", "reference", "retention"),
    "more_information": ("answer_by", "clock_effect", "reference", "retention"),
    "expedite_accepted": ("due", "counted", "reference", "retention"),
    "expedite_declined": ("due", "counted", "reference", "retention"),
    "extension": ("due", "was_due", "because", "reference", "retention"),
    "debt_notice": ("debt", "body", "gateway", "reference", "retention"),
    "forwarding": ("reply_to", "reference", "retention"),
}
"""The merge fields that must stand in protected parts of a letter, besides the rights after its signature."""


@cache
def load(name: str, allowed: frozenset[str]) -> Template:
    """The shipped text of this name. ``allowed`` are the merge fields that it may use."""
    file = f"{name}.toml"
    return decode(resource("letters", *file.split("/")).read_text(encoding="utf-8"), file, allowed)


def decode(text: str, file: str, allowed: frozenset[str]) -> Template:
    """A template from TOML, or TemplateError with the file and the key of the first mistake."""
    try:
        table = cast("dict[str, object]", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(file, "(the file)", str(error)) from None
    top = _Reader(file, "", table, allowed)
    sections = tuple(_section(reader) for reader in top.tables("section"))
    template = Template(
        file=file,
        title=top.merged("title"),
        greeting=top.merged("greeting", needed=False),
        sign_off=top.merged("sign_off", needed=False),
        rule_after_sign_off=top.flag("rule_after_sign_off"),
        ending=top.merged("ending"),
        sections=sections,
        never_says=top.strings("never_says"),
    )
    top.finish()
    _check_protected(template)
    ids = [part.id for section in sections for part in section.parts if part.id]
    if len(ids) != len(set(ids)):
        raise TemplateError(file, "section", "two parts have the same id")
    return template


def _section(reader: _Reader) -> TextSection:
    section = TextSection(
        heading=reader.merged("heading", needed=False),
        parts=tuple(_part(part) for part in reader.tables("part")),
        keep_together=reader.flag("keep_together"),
        after_sign_off=reader.flag("after_sign_off"),
    )
    reader.finish()
    return section


def _part(reader: _Reader) -> Part:
    roles = [role for role in ("text", "bullet", "table") if role in reader.table]
    if len(roles) != 1:
        raise reader.error("", 'must have exactly one of "text", "bullet" and "table"')
    role = roles[0]
    columns = reader.strings("columns")
    part = Part(
        role=role,
        text=reader.string(role) if role == "table" else reader.merged(role),
        columns=columns,
        when=reader.fact("when"),
        unless=reader.fact("unless"),
        each=reader.fact("each"),
        protected=reader.flag("protected"),
        id=reader.string("id", needed=False),
    )
    if part.id and (part.protected or part.each or role == "table"):
        raise reader.error("id", "is only for a text that an organisation may change")
    if len(columns) != (_TABLES.get(part.text, -1) if role == "table" else 0):
        raise reader.error("columns", "do not fit: " + ", ".join(f"{n} needs {c}" for n, c in _TABLES.items()))
    reader.finish()
    return part


def _check_protected(template: Template) -> None:
    """Purpose limit, destroy-by date, reference and rights are in parts that an editor cannot take out."""
    needed = _PROTECTED.get(template.file.removesuffix(".toml").removeprefix("cy/"), ())
    kept = [part for section in template.sections for part in section.parts if part.protected and not part.when]
    there = {name for part in kept for name in MERGE.findall(part.text)}
    for name in needed:
        if name not in there:
            raise TemplateError(template.file, "section", f"no protected part has {{{name}}}")
    rights = [part for section in template.sections if section.after_sign_off for part in section.parts]
    if needed and not (rights and all(part.protected for part in rights)):
        raise TemplateError(template.file, "section", "the rights after the signature must be protected")


class _Reader:
    """One TOML table, read key by key; ``finish`` refuses what was not asked for."""

    def __init__(self, file: str, path: str, table: dict[str, object], allowed: frozenset[str]) -> None:
        self.table = table
        self._file = file
        self._path = path
        self._allowed = allowed
        self._seen: set[str] = set()

    def error(self, key: str, message: str) -> TemplateError:
        return TemplateError(self._file, f"{self._path}.{key}".strip("."), message)

    def string(self, key: str, *, needed: bool = True) -> str:
        self._seen.add(key)
        value = self.table.get(key, "")
        if not isinstance(value, str):
            raise self.error(key, "must be text in quotes")
        if needed and not value.strip():
            raise self.error(key, "is missing or empty")
        return value

    def merged(self, key: str, *, needed: bool = True) -> str:
        """A text whose merge fields are all known."""
        value = self.string(key, needed=needed)
        for name in MERGE.findall(value):
            if name not in self._allowed:
                raise self.error(key, f"there is no merge field {{{name}}}")
        if "{" in MERGE.sub("", value) or "}" in MERGE.sub("", value):
            raise self.error(key, "has a brace without its partner")
        return value

    def fact(self, key: str) -> str:
        """The name of a fact that a part depends on, or empty."""
        value = self.string(key, needed=False)
        if value and value not in _OPTIONAL:
            raise self.error(key, f"must be one of: {', '.join(_OPTIONAL)}")
        return value

    def flag(self, key: str) -> bool:
        self._seen.add(key)
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        self._seen.add(key)
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
            raise self.error(key, "must be a list of texts in quotes")
        return tuple(value)

    def tables(self, key: str) -> tuple[_Reader, ...]:
        self._seen.add(key)
        value = self.table.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
            raise self.error(key, f"must be one or more [[{key}]]")
        return tuple(
            _Reader(self._file, f"{self._path}.{key}[{n}]".strip("."), cast("dict[str, object]", entry), self._allowed)
            for n, entry in enumerate(value, start=1)
        )

    def finish(self) -> None:
        """Refuse keys that nobody asked for: a misspelt key would otherwise be dropped in silence."""
        unknown = sorted(set(self.table) - self._seen)
        if unknown:
            raise self.error(unknown[0], "is not a key that a letter's text can have")
