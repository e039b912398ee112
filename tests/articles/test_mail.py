"""A newsletter is read for its story, and not for the frame that mail puts around it."""

import datetime as dt
from email.message import EmailMessage

import pytest

from morning_edition.articles import Article
from morning_edition.articles.mail import read_mail
from morning_edition.errors import ArticleError

STORY = (
    "The pier at Gull Bay opened again on Tuesday, after two years of repairs that cost less than feared.",
    "“It will stand for a century,” said Zoë Okafor, the harbour master, who had walked to its end and back.",
    "Ferries will call there from June, the council said, with six sailings a day to the islands.",
)
HTML = (
    "<html><body><p><a href='https://bay.example/v'>View this email in your browser</a></p>"
    "<table><tr><td><h1>Pier opens</h1></td></tr><tr><td>{}</td></tr></table>"
    "<p>You are receiving this because you signed up at our site.</p><p>Bay Post, 1 Mill Street, Gull Bay</p>"
    "<p><a href='https://bay.example/u'>Unsubscribe</a></p></body></html>"
).format("".join(f"<p>{paragraph}</p>" for paragraph in STORY))
TEXT = (
    "View this email in your browser (https://bay.example/v)\n\n"
    + "\n\n".join(STORY)
    + "\n\nUnsubscribe: https://x"
)


def a_mail(text: str = "", html: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    fields = {"From": "Ana Ruiz <ana@bay.example>", "Subject": "Pier opens", "To": "you@bay.example"}
    for name, value in (fields | {"Date": "Thu, 05 Dec 2024 06:00:00 -0500"} | headers).items():
        message[name] = value
    if text or not html:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes()


def paragraphs(article: Article) -> tuple[str, ...]:
    return tuple(paragraph for section in article.deep_look for paragraph in section.paragraphs)


@pytest.mark.parametrize("parts", [{"html": HTML}, {"text": TEXT}, {"text": TEXT, "html": HTML}])
def test_the_story_is_read_and_its_frame_is_not(parts: dict[str, str]) -> None:
    """Whichever part carries it."""
    article = read_mail(a_mail(**parts))
    assert paragraphs(article) == STORY
    assert article.headline == "Pier opens"
    assert article.byline == "Ana Ruiz"
    assert article.date == dt.date(2024, 12, 5)


def test_the_part_that_has_the_story_is_read() -> None:
    """An HTML part may hold pictures alone."""
    pictures = "<html><body><img src=cid:1><p>Pictures below.</p></body></html>"
    assert paragraphs(read_mail(a_mail(TEXT, pictures))) == STORY


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("cte", ["quoted-printable", "base64", "8bit"])
def test_any_usual_encoding_is_read(charset: str, cte: str) -> None:
    """Mail has many."""
    plain = TEXT.replace("“", '"').replace("”", '"')
    message = EmailMessage()
    message["From"], message["Subject"] = "a@bay.example", "Müller öffnet"
    message.set_content(plain, charset=charset, cte=cte)
    article = read_mail(message.as_bytes())
    assert article.headline == "Müller öffnet"
    assert paragraphs(article)[1].endswith(
        "said Zoë Okafor, the harbour master, who had walked to its end and back."
    )


@pytest.mark.parametrize(
    ("sender", "byline", "outlet"),
    [
        ("Ana Ruiz <a@bay.example>", "Ana Ruiz", ""),
        ("Bay Post Daily <a@bay.example>", "", "Bay Post Daily"),
        ("a@bay.example", "", ""),
        ('"no-reply" <a@bay.example>', "", ""),
    ],
)
def test_the_sender_is_the_writer_or_the_newsroom(sender: str, byline: str, outlet: str) -> None:
    """By the name alone; an address is never read."""
    article = read_mail(a_mail(TEXT, From=sender))
    assert (byline, outlet) == (article.byline, article.outlet)


@pytest.mark.parametrize("subject", ["Fwd: Pier opens", "FW: Re: Pier opens", "[bay-list] Pier opens"])
def test_a_forwarded_mail_is_read_as_the_first_was(subject: str) -> None:
    """Without the head that forwarding puts into it."""
    head = "---------- Forwarded message ---------\nFrom: Ana Ruiz <a@bay.example>\nDate: Thu, 5 Dec 2024\n"
    head += "Subject: Pier opens\nTo: <you@bay.example>\n\n"
    article = read_mail(a_mail(head + TEXT, Subject=subject))
    assert article.headline == "Pier opens"
    assert paragraphs(article) == STORY


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@bay.example\nSubject: x\n\n",
        a_mail("See the file."),
        a_mail(html="<img src=a.jpg>"),
        b"From: a\nSubject: =?x?q?\xff?=\nDate: 99\nContent-Type: text/plain; charset=nonsense\n\n\xff\xfe",
        b"From: a\nSubject: x\nContent-Type: multipart/mixed\n\nno boundary",
        b"From: a\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
        + b"\n--b\n" * 9000,
        b"From: a\nSubject: " + b"=?utf-8?q?x?= " * 20_000 + b"\n\nhi",
    ],
)
def test_a_mail_without_a_story_is_refused(raw: bytes) -> None:
    """Also one that is damaged, or made to keep a program busy."""
    with pytest.raises(ArticleError) as caught:
        read_mail(raw)
    assert "\n" not in str(caught.value)
