"""The words of attached texts and e-mails: in pages, without tricks, and never more than words."""

from __future__ import annotations

from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from desktop.policy.filekinds import CSV, EML, TEXT, kind_of
from desktop.policy.filetext import PAGE_LETTERS, text_pages


def mail(html: str = "", plain: str = "", attached: str = "") -> bytes:
    message = EmailMessage()
    message["From"] = "ecu@northshire.police.uk.example"
    message["To"] = "desk@registry.example"
    message["Subject"] = "Operation Yew: à propos"
    message["Bcc"] = "hidden@registry.example"
    if plain:
        message.set_content(plain)
    if html and plain:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    if attached:
        message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename=attached)
    return message.as_bytes()


def test_text_is_shown_in_pages_that_are_short() -> None:
    words = "".join(f"Line {number} of a long text.\n" for number in range(2000))
    pages = text_pages(words.encode(), TEXT)
    assert len(pages) > 4
    assert all(len(page) <= PAGE_LETTERS for page in pages)
    assert "\n".join(pages) == words.rstrip("\n")
    assert text_pages(b"x" * 10_000, TEXT)[0].startswith("xxx")
    assert text_pages(b"a,b\n1,2\n", CSV) == ("a,b\n1,2",)


def test_marks_that_turn_letters_round_are_left_out() -> None:
    assert text_pages("pay \u202e001\u202c to\u2066 a\u2069".encode(), TEXT) == ("pay 001 to a",)


def test_a_mail_shows_its_heads_and_its_plain_words() -> None:
    (page,) = text_pages(mail(html="<p>Other words</p>", plain="Please trace him.\n"), EML)
    assert page.startswith("From: ecu@northshire.police.uk.example\nTo: desk@registry.example\n")
    assert "Subject: Operation Yew: à propos" in page
    assert page.endswith("Please trace him.")
    assert "hidden@" not in page


def test_a_mail_in_markup_shows_words_and_runs_nothing() -> None:
    markup = (
        "<html><head><title>t</title><style>p {x}</style></head><body><script>steal()</script>"
        "<p>Please <b>trace</b> him.</p><img src='https://tracker.example/1.gif'><div>Thank you</div></body></html>"
    )
    (page,) = text_pages(mail(html=markup), EML)
    assert "Please trace him.\nThank you" in page
    for hidden in ("steal", "tracker", "{x}", "<"):
        assert hidden not in page


def test_what_is_attached_to_a_mail_is_named_and_not_shown() -> None:
    made = mail(plain="See the file.", attached="../in\u202evoice.exe")
    assert kind_of(made) == EML
    (page,) = text_pages(made, EML)
    assert page.endswith("Attached to the e-mail, and not shown: invoice.exe")


def test_a_broken_mail_is_shown_as_it_came() -> None:
    broken = b'From: a@b.example\nSubject: x\nContent-Type: text/plain; charset="no-such"\n\nThe words.\n'
    (page,) = text_pages(broken, EML)
    assert "The words." in page


@given(st.binary(max_size=300))
def test_any_bytes_after_a_mails_head_can_be_shown(body: bytes) -> None:
    for head in (b"", b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n", b"Content-Type: text/html\n"):
        assert text_pages(b"From: a@b.example\nSubject: x\n" + head + b"\n" + body, EML)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_heads_of_a_mail_can_be_shown(sender: str, subject: str) -> None:
    head = f"From: {sender}\nSubject: {subject}\nDate: {subject}\nTo: {sender}\n\nWords".encode("utf-8", "replace")
    assert text_pages(head, EML)
