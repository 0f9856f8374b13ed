"""How long a letter takes, beside the same text drawn with bare ReportLab Platypus in the same process."""

from __future__ import annotations

import io
import resource
import shutil
import subprocess
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

from db.records import LetterKind, Organisation
from desktop.letters import pages
from desktop.letters.facts import ItemRow, LetterFacts
from desktop.letters.parts import register_fonts
from desktop.letters.styles import BOLD, REGULAR
from desktop.letters.words import words
from desktop.security.certificates import make_identity
from desktop.security.signing import sign

ROUNDS = 40


def measure() -> dict[str, float]:
    """Milliseconds a letter of one page: ours, ours signed, and the floor. Medians of rounds taken in turn."""
    register_fonts()
    facts, at = _refusal(), datetime(2017, 6, 12, 9, 30, tzinfo=UTC)
    identity = make_identity(facts.organisation.name, at)
    taken: dict[str, list[float]] = {"ours": [], "signed": [], "floor": []}
    for number in range(ROUNDS + 5):
        numbered = replace(facts, number=number + 1)
        moments = [perf_counter()]
        pdf = pages.render(numbered)
        moments.append(perf_counter())
        sign(pdf, identity, at)
        moments.append(perf_counter())
        _bare(numbered)
        moments.append(perf_counter())
        if number >= 5:
            drawn, signing, bare = ((moments[n + 1] - moments[n]) * 1000 for n in range(3))
            taken["ours"].append(drawn)
            taken["signed"].append(drawn + signing)
            taken["floor"].append(bare)
    return {name: median(found) for name, found in taken.items()}


def growth(count: int) -> float:
    """By how many MiB the process grows from the 400th of `count` signed letters, by when every cache is full, to the
    last.
    """
    facts, at = _disclosure(), datetime(2017, 6, 12, 9, 30, tzinfo=UTC)
    identity = make_identity(facts.organisation.name, at)
    begun = 0.0
    for number in range(1, count + 1):
        sign(pages.render(replace(facts, number=number)), identity, at)
        if number == 400:
            begun = _resident()
    return _resident() - begun


def _resident() -> float:
    """The memory in use now, in MiB (Linux)."""
    pages_used = int(Path("/proc/self/statm").read_text().split()[1])
    return pages_used * resource.getpagesize() / 2**20


def office_batch(count: int) -> float | None:
    """Milliseconds a letter when LibreOffice makes PDF of as many plain letters at once; None where it is not here."""
    program = shutil.which("soffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number in range(count):
            file = Path(folder) / f"letter-{number}.txt"
            file.write_text("\n\n".join(words(replace(_refusal(), number=number + 1)).texts()), encoding="utf-8")
            files.append(str(file))
        call = [
            program,
            "--headless",
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--convert-to",
            "pdf",
        ]
        start = perf_counter()
        subprocess.run([*call, "--outdir", folder, *files], check=True, capture_output=True)
        return (perf_counter() - start) * 1000 / count


def _bare(facts: LetterFacts) -> bytes:
    """The same words with stock paragraphs and a stock table, nothing else."""
    content = words(facts)
    body = ParagraphStyle("body", fontName=REGULAR, fontSize=12, leading=18, spaceAfter=9)
    bold = ParagraphStyle("bold", body, fontName=BOLD)
    story: list[Flowable] = [Paragraph(escape(line), body) for line in (*content.contact, content.email)]
    for label, value in content.references:
        story += [Paragraph(escape(label), body), Paragraph(escape(value), bold)]
    story += [Paragraph(escape(line), body) for line in content.recipient]
    story += [Paragraph(escape(content.title), bold), Paragraph(escape(content.greeting), body)]
    for section in (*content.sections, *content.after_sign_off):
        if section.heading:
            story.append(Paragraph(escape(section.heading), bold))
        for block in section.blocks:
            if block.rows:
                rows = [[Paragraph(escape(cell).replace("\n", "<br/>"), body) for cell in row] for row in block.rows]
                story.append(Table([[Paragraph(escape(head), bold) for head in block.columns], *rows]))
            else:
                story.append(Paragraph(escape(block.text), body, bulletText="•" if block.role == "bullet" else None))
    if content.sign_off:
        story += [Paragraph(escape(line), body) for line in (content.sign_off.phrase, *content.sign_off.lines)]
        story.append(Paragraph(escape(content.sign_off.name), bold))
    story.append(Paragraph(escape(content.ending), bold))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build(story)
    return out.getvalue()


def _disclosure() -> LetterFacts:
    """A disclosure of two pages about an invented person."""
    return LetterFacts(
        kind=LetterKind.DISCLOSURE,
        organisation=Organisation(
            "Meridian Health Records", "Disclosure team", "Castlegate House\nNorthbridge NB1 4QT", "01632 960148",
            "tracing@meridian.example", "9am to 5pm, Monday to Friday", "Margaret Ellison", "Head of Disclosure",
        ),
        number=None,
        reference="TR-000146-2",
        their_reference="EMC/MP/2017/0418",
        recipient=("Detective Sergeant Colin Marsden", "Eastmoor Constabulary", "Harbour Road", "Eastmoor", "EM1 2HQ"),
        salutation="Detective Sergeant Marsden",
        dated=date(2017, 6, 12),
        received=date(2017, 5, 17),
        marking="OFFICIAL-SENSITIVE",
        snapshot_hash="9f2c41ae" * 8,
        file_id="9f2c41ae" * 8,
        caseworker="Ruth Adeyemi",
        agreement_title="Tracing for law enforcement",
        agreement_version=3,
        agreement_from=date(2016, 4, 1),
        person="Li Wen Ashworth, born 4 November 1991",
        items=(
            ItemRow("Name", "Li Wen Ashworth", "14 May 2012"),
            ItemRow("Former name", "Li Wen Tan", "2 September 2009"),
            ItemRow("Date of birth", "4 November 1991", "2 September 2009"),
            ItemRow("Last known address", "27 Ropewalk Court\nWestmere WM4 8RD", "19 January 2016"),
            ItemRow("Date of NHS registration", "2 September 2009", "2 September 2009"),
        ),
        matched=("name", "date of birth", "gender", "former address"),
        gateway="section 261(5) of the Health and Social Care Act 2012",
        purpose="to find out whether this person is safe",
        taken_at=datetime(2017, 6, 12, 8, 20, tzinfo=UTC),
        destroy_by=date(2017, 12, 12),
        retention="at least 3 years",
    )  # fmt: skip


def _refusal() -> LetterFacts:
    """A refusal of one page."""
    return replace(
        _disclosure(),
        kind=LetterKind.REFUSAL,
        marking="OFFICIAL",
        answer_within="20 working days",
        criterion="Paragraph 4.3 asks that all usual sources have been tried first.",
        reasons=("Your request names two.", "It does not say when they were tried, or what they gave."),
        refusal_title="We cannot give you the information you asked for",
    )
