"""The words of Word and Excel files, and the traps that XML and ZIP can set."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.filekinds import DOCX, XLSX, kind_of
from desktop.policy.filetext import text_pages
from desktop.policy.officetext import MOST_READ, NotRead, word_text, workbook_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = f"""<w:document xmlns:w="{W}"><w:body>
<w:p><w:r><w:t>Please trace </w:t></w:r><w:r><w:t>Zoë.</w:t></w:r></w:p>
<w:p><w:r><w:instrText>INCLUDETEXT file</w:instrText><w:t>Thank you.</w:t></w:r></w:p></w:body></w:document>"""
STRINGS = f'<sst xmlns="{S}"><si><t>Reference</t></si><si><r><t>Na</t></r><r><t>me</t></r></si></sst>'
SHEET = f"""<worksheet xmlns="{S}"><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>
<row><c><f>1+1</f><v>2</v></c><c t="inlineStr"><is><t>Jones</t></is></c>
<c t="s"><v>99</v></c></row></sheetData></worksheet>"""


def package(**parts: str) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        for name, text in parts.items():
            made.writestr(name.replace("__", "/") + ".xml", text)
    return held.getvalue()


def test_the_words_of_a_word_file_a_line_for_each_paragraph() -> None:
    made = package(word__document=DOCUMENT)
    assert kind_of(made) == DOCX
    (page,) = text_pages(made, DOCX)
    assert page.splitlines()[2:] == ["Please trace Zoë.", "Thank you."]


def test_the_cells_of_a_workbook_a_line_for_each_row() -> None:
    made = package(xl__workbook="<x/>", xl__sharedStrings=STRINGS, xl__worksheets__sheet1=SHEET)
    assert kind_of(made) == XLSX
    (page,) = text_pages(made, XLSX)
    assert page.splitlines()[2:] == ["Sheet 1", "Reference\tName", "2\tJones\t99"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "/etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("part", [BOMB, OUTSIDE, "<x", "", "no markup", f"<x>{' ' * MOST_READ}</x>"])
def test_a_part_that_sets_a_trap_is_not_read(part: str) -> None:
    with pytest.raises(NotRead):
        word_text(package(word__document=part))
    with pytest.raises(NotRead):
        workbook_text(package(xl__workbook="<x/>", xl__worksheets__sheet1=part))


def test_many_sheets_together_are_not_read_beyond_the_limit() -> None:
    half = SHEET.replace("<row>", f"<row>{' ' * (MOST_READ // 2)}", 1)
    with pytest.raises(NotRead):
        workbook_text(package(xl__workbook="<x/>", xl__worksheets__sheet1=half, xl__worksheets__sheet2=half))


def answered(content: bytes) -> bool:
    """Whether there are words, or the refusal that the window knows; any other error is a mistake of ours."""
    try:
        return isinstance(word_text(content), str)
    except NotRead:
        return True


@given(st.integers(0, 3000), st.integers(0, 255))
def test_a_damaged_file_is_read_or_refused(at: int, byte: int) -> None:
    whole = bytearray(package(word__document=DOCUMENT))
    whole[at % len(whole)] = byte
    assert answered(bytes(whole))
