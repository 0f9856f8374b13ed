"""What stands in a letter, as plain text in reading order: made by ``words``, printed by ``pages``."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.policy.reports import Grid


@dataclass(frozen=True, slots=True)
class Block:
    """One thing under a heading: a paragraph ("text"), the label over some ("label"), a bullet, a table with its
    rows, or a table of figures ("grid").
    """

    role: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    language: str = ""
    """Its own, where that is not the letter's."""
    grid: Grid | None = None
    """A table of figures under its text."""

    def texts(self) -> tuple[str, ...]:
        """Every piece of its text."""
        found = (self.text, *self.columns, *(text for row in self.rows for text in row))
        return found if self.grid is None else (*found, *self.grid.texts())


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, or none, and its blocks in order."""

    heading: str
    blocks: tuple[Block, ...]
    keep_together: bool = False


@dataclass(frozen=True, slots=True)
class SignOff:
    """The end of the letter proper: the phrase, room for a signature, and who signs."""

    phrase: str
    name: str
    lines: tuple[str, ...]
    signature: bytes | None
    rule_after: bool
    languages: tuple[str, ...] = ()
    """The language of each of the first lines that is not in the letter's; "" for the letter's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a letter says in one language, from its title to its end."""

    language: str = "en-GB"
    title: str
    greeting: str
    sections: tuple[Section, ...]
    sign_off: SignOff | None
    after_sign_off: tuple[Section, ...]
    ending: str

    def own_texts(self) -> tuple[str, ...]:
        """What the letter itself says, between the head and the signature and after it."""
        sections = (*self.sections, *self.after_sign_off)
        blocks = [block for section in sections for block in section.blocks]
        return (
            self.title, self.greeting, *(section.heading for section in sections),
            *(text for block in blocks for text in block.texts()),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Body):
    """All that is printed, in reading order, and the document's own title, which names nobody."""

    document_title: str
    marking: str
    foot: str
    page_words: str = "Page {page} of {pages}"
    organisation: str
    logo: bytes | None
    contact: tuple[str, ...]
    email: str
    references: tuple[tuple[str, str], ...]
    recipient: tuple[str, ...]
    attention: str = "For the attention of"
    """What stands before the lines of the recipient that find no room in the window."""
    references_in_welsh: tuple[tuple[str, str], ...] = ()
    """Each reference's label and value in Welsh, which stand before the English; "" where they are the same."""
    attention_in_welsh: str = ""
    before: Body | None = None
    """The same in Welsh, which stands before the English."""

    @property
    def bodies(self) -> tuple[Body, ...]:
        """The letter in each of its languages."""
        return (self,) if self.before is None else (self.before, self)

    def texts(self) -> tuple[str, ...]:
        """Every piece of text that is printed."""
        found = [
            self.marking, self.foot, self.organisation, *self.contact, self.email,
            *(text for pair in (*self.references, *self.references_in_welsh) for text in pair), *self.recipient,
        ]  # fmt: skip
        for body in self.bodies:
            signed = (body.sign_off.phrase, body.sign_off.name, *body.sign_off.lines) if body.sign_off else ()
            found += (*body.own_texts(), *signed, body.ending)
        return tuple(found)
