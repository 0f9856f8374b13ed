"""Programs and other files in a PDF are seen, however they are packed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from desktop.policy.filekinds import PDF, PDF_ACTIVE, kind_of


def plain() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "/JavaScript /EmbeddedFile /Launch")
    canvas.save()
    return out.getvalue()


def with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def with_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["x.exe"] = b"MZ"


def with_program(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("how", [with_script, with_file, with_program])
def test_what_a_pdf_carries_is_seen(how: Callable[[pikepdf.Pdf], None], packed: bool) -> None:
    assert kind_of(plain()) == PDF
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    with pikepdf.open(BytesIO(plain())) as pdf:
        out = BytesIO()
        pdf.save(out, object_stream_mode=mode)
        assert kind_of(out.getvalue()) == PDF
        how(pdf)
        out = BytesIO()
        pdf.save(out, object_stream_mode=mode)
    assert kind_of(out.getvalue()) == PDF_ACTIVE


def test_a_name_written_in_figures_is_the_same_name() -> None:
    with pikepdf.open(BytesIO(plain())) as pdf:
        with_script(pdf)
        out = BytesIO()
        pdf.save(out)
    assert kind_of(out.getvalue().replace(b"/JavaScript", b"/J#61vaScript")) == PDF_ACTIVE


@pytest.mark.parametrize(
    "content", [b"%PDF-", b"%PDF-1.7\n<<" + b"<" * 200_000, b"%PDF-1.7\n" + b"<</ObjStm>>stream\n" * 999]
)
def test_what_is_no_whole_pdf_is_looked_at_without_harm(content: bytes) -> None:
    assert kind_of(content) == PDF
