"""An article is opened from a file or a pipe, and what is no article is refused in one line."""

import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.articles import open_article, read_newsroom_text
from morning_edition.articles.open import LARGEST_BYTES, STANDARD_INPUT
from morning_edition.errors import ArticleError

TEXT = (
    "Café Reopens on Mill Street\n"
    "Deep Look\n"
    "“We’re back,” said Zoë — after two years.\n"
    "What Comes Next?\n"
    "The owner paid £40 for a new sign.\n"
)
ARTICLE = replace(read_newsroom_text(TEXT), language="en")


def refusal(source: str, content: bytes | None = None) -> str:
    with pytest.raises(ArticleError) as caught:
        open_article(source, stdin=None if content is None else io.BytesIO(content))
    message = str(caught.value)
    assert "\n" not in message
    return message


def a_file(folder: Path, content: bytes) -> str:
    path = folder / "story.txt"
    path.write_bytes(content)
    return str(path)


def a_zip(name: str, content: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_an_article_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    """UTF-8, UTF-16 and UTF-32 with their marks, and the Windows-1252 of many an export."""
    if encoding.endswith("-bom"):
        content = ("\ufeff" + TEXT).encode(encoding.removesuffix("-bom"))
    else:
        content = TEXT.encode(encoding)
    assert open_article(a_file(tmp_path, content)) == ARTICLE
    assert open_article("-", stdin=io.BytesIO(content)) == ARTICLE


def test_lines_of_two_encodings_are_each_read_in_theirs() -> None:
    """Copy pasted together from two systems is not garbled."""
    first, rest = TEXT.split("\n", 1)
    content = first.encode("cp1252") + b"\r\n" + rest.encode("utf-8")
    assert open_article("-", stdin=io.BytesIO(content)) == ARTICLE


def test_the_stations_names_reach_the_reader() -> None:
    """They help to read the slug line."""
    slug = b"Library opens/ Flood/ blue heron/ R. Okafor/ Sunrise Briefing/ The library opened on Tuesday."
    article = open_article("-", outlet="Blue Heron", edition="Sunrise Briefing", stdin=io.BytesIO(slug))
    assert (article.outlet, article.edition) == ("blue heron", "Sunrise Briefing")


@pytest.mark.parametrize("content", [b"", b"  \r\n\t\n", b"\xef\xbb\xbf", "…\n—\n".encode()])
def test_what_has_nothing_to_say_is_refused(tmp_path: Path, content: bytes) -> None:
    """Empty files, and files of signs alone; the message begins with the source's name."""
    path = a_file(tmp_path, content)
    assert refusal(path).startswith(f"{path}: ")
    assert refusal("-", content).startswith(f"{STANDARD_INPUT}: ")


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    """And the way out is named."""
    path = a_file(tmp_path, b"")
    assert refusal(path) == f"{path}: is empty; save the article as plain text and give that"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%text", "a PDF"),
        (a_zip("word/document.xml", "<w:t>News</w:t>"), "a Word document"),
        (a_zip("mimetype", "application/vnd.oasis.opendocument.text"), "an OpenDocument file"),
        (a_zip("story.txt", "News"), "a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "an old Word document"),
        (rb"{\rtf1\ansi News}", "an RTF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "a PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "a JPEG picture"),
        (b"GIF89a" + bytes(20), "a GIF picture"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "a WAV sound"),
        (b"ID3\x04\x00\x00", "an MP3 sound"),
        (b"OggS\x00\x02", "an Ogg sound"),
        (b"\x00\x00\x00\x20ftypisom", "an MPEG-4 film or sound"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"\x7fELF\x02\x01", "a program"),
    ],
)
def test_files_of_other_kinds_are_refused_by_name(tmp_path: Path, content: bytes, kind: str) -> None:
    """The producer learns what was given by mistake."""
    path = a_file(tmp_path, content)
    assert refusal(path) == f"{path}: is {kind}, not text; save the article as plain text and give that"


@pytest.mark.parametrize(
    "content", [b"News\x00 of the day", bytes(range(1, 9)) * 4 + b"News of the day", b"\x02\x03\x04\x05 no"]
)
def test_binary_files_are_refused(content: bytes) -> None:
    """A NUL, or many control bytes, are in no text."""
    assert refusal("-", content).startswith(f"{STANDARD_INPUT}: is binary, not text; ")


def test_a_few_control_bytes_are_forgiven() -> None:
    """Old systems leave some behind, such as the end-of-file sign of DOS."""
    assert open_article("-", stdin=io.BytesIO(b"\x02" + TEXT.encode() + b"\x03\x1a")) == ARTICLE


def test_half_a_utf_16_file_is_refused() -> None:
    """Damage is named, not read aloud."""
    message = refusal("-", TEXT.encode("utf-16")[:-1])
    assert message == f"{STANDARD_INPUT}: is damaged UTF-16; save it again as UTF-8"


def test_an_absurdly_large_file_is_refused_and_not_read_whole(tmp_path: Path) -> None:
    """Reading stops at the limit."""

    class Counting(io.BytesIO):
        asked = 0

        def read(self, size: int | None = -1) -> bytes:
            self.asked = -1 if size is None else size
            return super().read(size)

    pipe = Counting(b"News. " * LARGEST_BYTES)
    with pytest.raises(ArticleError, match=r"^standard input: is larger than 250,000 bytes"):
        open_article("-", stdin=pipe)
    assert 0 < pipe.asked <= LARGEST_BYTES + 1
    path = a_file(tmp_path, b"News. " * (LARGEST_BYTES // 5))
    assert refusal(path).startswith(f"{path}: is larger than ")


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    """The limit itself is allowed, and reading that much does not take long."""
    content = b"A Headline\n" + b"The library opened again on Tuesday, after two years.\n" * 5000
    article = open_article(a_file(tmp_path, content[:LARGEST_BYTES]))
    assert len(article.deep_look[0].paragraphs) > 4500


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """With the way out."""
    path = str(tmp_path / "no-such.txt")
    assert refusal(path) == f"{path}: there is no such file; check its name and folder"


@pytest.mark.parametrize(
    "source", ["ftp://bay.example/pier.txt", "file:///etc/hosts", "gopher://bay.example"]
)
def test_addresses_of_other_kinds_are_refused(source: str) -> None:
    assert refusal(source) == f"{source}: is no address that can be read; give one that begins with https://"


def test_a_script_is_no_article(tmp_path: Path) -> None:
    """Its own notation would be read out."""
    path = a_file(tmp_path, b"---\ntitle: Pier\n---\n\n# Intro\n\nThe pier is open. ^lede\n")
    assert refusal(path) == f"{path}: is a script, not an article; give the article that it was written from"


def test_a_folder_is_no_article(tmp_path: Path) -> None:
    """Its files may be."""
    assert refusal(str(tmp_path)) == f"{tmp_path}: is a folder; name a file in it"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    """With the way out."""
    path = Path(a_file(tmp_path, TEXT.encode()))
    path.chmod(0)
    assert refusal(str(path)) == f"{path}: may not be read; change its permissions"


def test_a_refused_read_is_named_whoever_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that says no is reported as such."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = a_file(tmp_path, TEXT.encode())
    monkeypatch.setattr(Path, "open", refuse)
    assert refusal(path) == f"{path}: may not be read; change its permissions"


@pytest.mark.parametrize("source", ["a\0b", "x" * 5000, "story.txt/below.txt"])
def test_names_that_no_file_can_have_are_refused(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line that can be printed."""
    monkeypatch.chdir(tmp_path)
    a_file(tmp_path, TEXT.encode())
    message = refusal(source)
    assert message.isprintable()
    assert message.startswith((f"{source}: ", f"{source!r}: "))


STORY = "The mayor said on Monday that the bridge will open again, and that the repairs had cost less. " * 8
PAGE = (
    f"<html><head><title>Bridge opens</title></head><body><h1>Bridge opens</h1><p>{STORY}</p></body></html>"
)
FEED = (
    "<rss version='2.0'><channel><title>Bay Post</title>"
    "<item><title>Old news of the bay</title><pubDate>Mon, 02 Dec 2024 08:00:00 GMT</pubDate>"
    f"<description>{STORY} {STORY}</description></item>"
    "<item><title>New news of the bay</title><pubDate>Tue, 03 Dec 2024 08:00:00 GMT</pubDate>"
    f"<description>{STORY} {STORY}</description></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("name", "content", "headline"),
    [
        ("story.html", PAGE, "Bridge opens"),
        ("story.txt", PAGE, "Bridge opens"),
        ("story.md", f"# Bridge opens\n\n{STORY}", "Bridge opens"),
        ("story", f"# Bridge opens\n\n[Here]({'https://bay.example/'}): {STORY}", "Bridge opens"),
        ("story.eml", f"From: Ana Ruiz <a@bay.example>\nSubject: Bridge opens\n\n{STORY}", "Bridge opens"),
        ("feed.xml", FEED, "New news of the bay"),
        ("story.txt", f"Bridge Opens\n\n{STORY}", "Bridge Opens"),
    ],
)
def test_what_a_file_is_is_told_by_its_content(
    tmp_path: Path, name: str, content: str, headline: str
) -> None:
    """A page that was saved as a text is still a page."""
    path = tmp_path / name
    path.write_text(content, "utf-8")
    assert open_article(str(path)).headline == headline
    assert open_article("-", stdin=io.BytesIO(content.encode())).headline == headline or name == "story.md"


def test_xml_of_other_kinds_is_refused(tmp_path: Path) -> None:
    """Its tags must not be read aloud."""
    path = tmp_path / "story.xml"
    path.write_text(f"<?xml version='1.0'?><nitf><body>{STORY}</body></nitf>", "utf-8")
    with pytest.raises(ArticleError, match="is XML, but no feed and no page"):
        open_article(str(path))


@pytest.mark.parametrize(
    ("entry", "headline"),
    [("", "New"), ("#1", "New"), ("#2", "Old"), ("#old news", "Old"), ("#Old news of the bay", "Old")],
)
def test_a_feeds_entry_stands_behind_the_sign(tmp_path: Path, entry: str, headline: str) -> None:
    """By its place from the newest, or by words of its title; the newest without."""
    path = tmp_path / "feed.xml"
    path.write_text(FEED, "utf-8")
    assert open_article(f"{path}{entry}").headline == f"{headline} news of the bay"


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("#3", "has 2 entries; #3 is not among them"),
        ("#0", "has 2 entries; #0 is not among them"),
        ("#gone", "no entry is called 'gone'; the newest of 2 is 'New news of the bay'"),
    ],
)
def test_an_entry_that_a_feed_lacks_is_told(tmp_path: Path, entry: str, complaint: str) -> None:
    """With what it has."""
    path = tmp_path / "feed.xml"
    path.write_text(FEED, "utf-8")
    assert refusal(f"{path}{entry}") == f"{path}: {complaint}"


def test_a_file_may_have_the_sign_in_its_name(tmp_path: Path) -> None:
    """A file of the whole name is meant before a feed's entry."""
    path = tmp_path / "story#2.txt"
    path.write_text(TEXT, "utf-8")
    assert open_article(str(path)) == ARTICLE


def test_an_entry_of_what_is_no_feed_is_refused(tmp_path: Path) -> None:
    """Rather than ignored."""
    path = a_file(tmp_path, TEXT.encode())
    assert refusal(f"{path}#2") == f"{path}: is plain text, not a feed; give it without the #"


def test_an_article_tells_its_language_by_its_words() -> None:
    """Plain text says nothing of it; where that language is spoken is the station's to say."""
    assert open_article("-", stdin=io.BytesIO(TEXT.encode())).language == "en"


def test_a_page_may_be_larger_than_a_text(tmp_path: Path) -> None:
    """For its programs and pictures; what is read of it is little."""
    path = tmp_path / "story.html"
    path.write_text(PAGE.replace("<body>", f"<body><script>{'x' * 2 * LARGEST_BYTES}</script>"), "utf-8")
    assert open_article(str(path)).headline == "Bridge opens"


def test_no_name_at_all_is_refused() -> None:
    """Rather than taken for the current folder."""
    assert refusal("") == 'no article is named: give a file, an address, or "-" for the standard input'


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_an_article_or_an_error_with_the_sources_name(content: bytes) -> None:
    """Nothing that is piped in ends the program in any other way."""
    try:
        article = open_article("-", stdin=io.BytesIO(content))
    except ArticleError as error:
        assert str(error).startswith(f"{STANDARD_INPUT}: ")
    else:
        assert article.headline
