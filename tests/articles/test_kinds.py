"""What a source is, is told by what it holds, and by its name only where that could be either."""

import time

import pytest

from morning_edition.articles.encodings import decode_page
from morning_edition.articles.kinds import Kind, Origin, tell_kind

PROSE = "The pier opened again on Tuesday."


@pytest.mark.parametrize(
    ("text", "path", "kind"),
    [
        (PROSE, "a.txt", Kind.TEXT),
        (PROSE, "a", Kind.TEXT),
        (PROSE, "a.md", Kind.MARKDOWN),
        (f"- {PROSE}\n- {PROSE}\n* {PROSE}\n", "", Kind.TEXT),
        (f"Pier/ Bay/ {PROSE}\nPier: Quick Looks\n- One: {PROSE}\nDeep Look\n{PROSE}", "", Kind.TEXT),
        (f"From: what is known: {PROSE}\nTo: the sea", "", Kind.TEXT),
        (f"Note: {PROSE}\nDate: Tuesday\n\n{PROSE}", "", Kind.TEXT),
        (f"# Pier\n\n## Cost\n\n{PROSE}", "", Kind.MARKDOWN),
        (f"---\ntitle: Pier\n---\n{PROSE}", "", Kind.MARKDOWN),
        (f"+++\ntitle = 'Pier'\n+++\n{PROSE}", "", Kind.MARKDOWN),
        (f"<!DOCTYPE html><p>{PROSE}", "a.txt", Kind.HTML),
        (f"<?xml version='1.0'?>\n<!DOCTYPE html>\n<html><p>{PROSE}", "", Kind.HTML),
        (f"<!-- saved -->\n<html><p>{PROSE}", "", Kind.HTML),
        (f"<h1>Pier</h1><p>{PROSE}</p>", "", Kind.HTML),
        (f"<p>{PROSE}", "a.html", Kind.HTML),
        ("<?xml version='1.0'?><rss version='2.0'>", "a.txt", Kind.FEED),
        ("<?xml version='1.0'?><?xml-stylesheet href='x'?><feed xmlns='x'>", "", Kind.FEED),
        ("<rdf:RDF xmlns:rdf='x'>", "", Kind.FEED),
        ("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'b'>]><rss version='2.0'>", "", Kind.FEED),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "", Kind.JSON_FEED),
        ('{\n "title": "x",\n "items": [\n]}', "a.json", Kind.JSON_FEED),
        (f"From: a@bay.example\nSubject: Pier\nDate: x\n\n{PROSE}", "a.txt", Kind.MAIL),
        (f"Received: by x\n\tfor y\nFrom: a@bay.example\n\n{PROSE}", "", Kind.MAIL),
        (f"From a@bay.example Thu\nFrom: a@bay.example\nSubject: Pier\n\n{PROSE}", "", Kind.MAIL),
    ],
)
def test_content_tells_the_kind(text: str, path: str, kind: Kind) -> None:
    """A page that was saved as a text is a page; newsroom text with lists is not Markdown."""
    assert tell_kind(text, Origin("x", path)) is kind


def test_a_server_may_tell_the_kind() -> None:
    """Where the content could be either."""
    assert tell_kind(f"<p>{PROSE}", Origin("x", "https://bay.example/pier", "text/html")) is Kind.HTML
    assert tell_kind(PROSE, Origin("x", "https://bay.example/pier.md?x=1", "text/plain")) is Kind.MARKDOWN


@pytest.mark.parametrize(
    "piece", ["<", "{", "<!--", "[", "#", "---\n", "a: b\n", " ", "> ", "<p ", "*", "From: a\n"]
)
def test_no_text_takes_long(piece: str) -> None:
    """Only the beginning is looked at."""
    start = time.perf_counter()
    tell_kind(piece * 100_000, Origin("x"))
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("Zoë".encode(), "", "Zoë"),
        ("Zoë".encode(), "iso-8859-1", "Zoë"),
        ("Zoë “x”".encode("cp1252"), "iso-8859-1", "Zoë “x”"),
        ("\ufeffZoë".encode("utf-16"), "", "\ufeffZoë"),
        (b"\xef\xbb\xbfZo\xc3\xab", "", "Zoë"),
        (b"<meta charset=windows-1251>" + "Мэр".encode("cp1251"), "", "<meta charset=windows-1251>Мэр"),
        (b"<meta charset='gb2312'>" + "市长".encode("gb18030"), "", "<meta charset='gb2312'>市长"),
        (
            b'<meta http-equiv=x content="text/html; charset=Shift_JIS">' + "市長".encode("cp932"),
            "",
            '<meta http-equiv=x content="text/html; charset=Shift_JIS">市長',
        ),
        (b"Zo\xff", "utf-8", "Zo\ufffd"),
        (b"Zo\xff", "no-such", "Zoÿ"),
    ],
)
def test_a_page_is_decoded_as_browsers_do(raw: bytes, charset: str, text: str) -> None:
    """By its mark, the server's word, its own word, or a guess; Latin-1 means Windows-1252."""
    assert decode_page(raw, charset).removeprefix("\ufeff") == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    "charset", ["idna", "punycode", "unicode_escape", "hex", "utf-7", "undefined", "\0", "x" * 99]
)
def test_odd_charsets_are_survived(charset: str) -> None:
    """A server may name anything."""
    assert decode_page(b"Zo\xeb " * 10, charset).startswith("Zo")
