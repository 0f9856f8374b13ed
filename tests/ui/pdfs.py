"""Small PDFs for tests, written by hand."""

from __future__ import annotations

_SCRIPT = "app.alert('run'); this.getField('x').value = 'run'; app.launchURL('https://desk.example', true);"


def pdf_with_script(pages: int = 1) -> bytes:
    """A PDF with so many empty pages that tries to run a script and to start a program when it is opened."""
    kids = " ".join(f"{number + 5} 0 R" for number in range(pages))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R /OpenAction 3 0 R /Names << /JavaScript << /Names [(a) 3 0 R] >> >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        f"<< /S /JavaScript /JS ({_SCRIPT.replace('(', '[').replace(')', ']')}) /Next 4 0 R >>",
        "<< /S /Launch /F (calc.exe) >>",
        *["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /AA << /O 3 0 R >> >>"] * pages,
    ]
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(made)
    made += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}".encode()
    made += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return made
