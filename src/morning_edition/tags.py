"""What players show of an episode: words, cover, transcript and chapters, as an ID3v2.3 tag on its MP3.

Follows "ID3 tag version 2.3.0" (https://id3.org/id3v2.3.0) and the "ID3v2 Chapter Frame Addendum"
(https://id3.org/id3v2-chapters-1.0), with the frames that iTunes added for podcasts. Version 2.3, because
programs made with id3lib do not see 2.4 at all, while those that read 2.4 read 2.3 as well.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from mutagen import id3

from morning_edition.errors import AudioError
from morning_edition.mix.timeline import Chapter
from morning_edition.patterns import compile_late

MOST_CHAPTERS = 255
"""CTOC counts its children in one byte (addendum, section 3.2)."""

NO_OFFSET = 0xFFFFFFFF
"""The chapter is found by its time, not by its place in the file (addendum, section 3.1)."""

FRONT_COVER = 3

BREAKS = compile_late("[\t\n\v\f\r\x85\u2028\u2029]+")
UNWANTED = compile_late("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
"""Control characters, of which NUL would end a value, half characters and stray byte order marks."""

ISO_639_2 = {
    pair[:2]: pair[3:]
    for pair in (
        "af:afr ar:ara be:bel bg:bul bn:ben bs:bos ca:cat cs:cze cy:wel da:dan de:ger el:gre "
        "en:eng eo:epo es:spa et:est eu:baq fa:per fi:fin fr:fre ga:gle gl:glg gu:guj he:heb "
        "hi:hin hr:hrv hu:hun hy:arm id:ind is:ice it:ita ja:jpn ka:geo kk:kaz kn:kan ko:kor "
        "ku:kur la:lat lb:ltz lt:lit lv:lav mk:mac ml:mal mn:mon mr:mar ms:may mt:mlt my:bur "
        "nb:nob ne:nep nl:dut nn:nno no:nor pa:pan pl:pol ps:pus pt:por ro:rum ru:rus si:sin "
        "sk:slo sl:slv so:som sq:alb sr:srp sv:swe sw:swa ta:tam te:tel th:tha tl:tgl tr:tur "
        "uk:ukr ur:urd uz:uzb vi:vie zh:chi"
    ).split()
}
"""The bibliographic codes of ISO 639-2, which ID3 asks for (section 4.2.1, TLAN)."""

UNDETERMINED = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What an episode's tag says. Of what is empty, nothing is said."""

    title: str
    album: str
    """The show."""
    artist: str
    """The writer, or else the newsroom."""
    album_artist: str = ""
    published: dt.datetime
    """With its zone; listeners see the date and hour of that zone, as ID3v2.3 names none."""
    language: str = "en"
    """BCP 47."""
    genre: str = "Podcast"
    comment: str = ""
    publisher: str = ""
    copyright: str = ""
    """With or without its sign and year."""
    source_url: str = ""
    """The article's page."""
    feed_url: str = ""
    episode_guid: str = ""
    category: str = ""
    """The show's place in podcast directories."""
    description: str = ""
    keywords: tuple[str, ...] = ()
    duration_ms: int = 0
    cover_jpeg: bytes = b""
    transcript: str = ""
    """Plain text; its lines are kept."""
    chapters: tuple[Chapter, ...] = ()
    chapter_url: str = ""
    """The episode's page; each chapter links to its second there."""


def tag_mp3(mp3: bytes, tags: Tags) -> bytes:
    """Return *mp3* with *tags* in place of the ID3v2 tag it had; the same input gives the same bytes.

    Raises `AudioError` for more chapters than a tag can hold.
    """
    stream = io.BytesIO(mp3)
    id3.delete(stream, delete_v1=False, delete_v2=True)
    return render_tag(tags) + stream.getvalue()


def render_tag(tags: Tags) -> bytes:
    """Return the ID3v2 tag that stands before the sound; the same tags give the same bytes.

    Raises `AudioError` for more chapters than a tag can hold.
    """
    if len(tags.chapters) > MOST_CHAPTERS:
        raise AudioError(
            f"A tag holds {MOST_CHAPTERS} chapters, and there are {len(tags.chapters)}; "
            "take some subheads out of the script."
        )
    frames = b"".join(map(_render, _frames(tags)))
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + frames


def _render(frame: id3.Frame) -> bytes:
    # mutagen writes a tag's frames by size, and players list chapters as they stand in the file: so each
    # frame is written as a tag of its own, of which the header is dropped.
    alone, stream = id3.ID3(), io.BytesIO()
    alone.add(frame)
    alone.save(stream, v1=0, v2_version=3, padding=lambda _: 0)
    return stream.getvalue()[10:]


def _frames(tags: Tags) -> Iterator[id3.Frame]:
    """Yield the frames as they will stand: what lists show first, what is long last."""
    for kind, value in _words(tags):
        if text := one_line(value):
            yield kind(encoding=_encoding(text), text=[text])
    language = language_code(tags.language)
    if comment := plain_lines(tags.comment):
        yield id3.COMM(encoding=_encoding(comment), lang=language, desc="", text=[comment])
    yield from _links(tags)
    yield from _chapters(tags)
    if transcript := plain_lines(tags.transcript):
        yield id3.USLT(encoding=_encoding(transcript), lang=language, desc="", text=transcript)
    if tags.cover_jpeg:
        latin = id3.Encoding.LATIN1
        yield id3.APIC(encoding=latin, mime="image/jpeg", type=FRONT_COVER, desc="", data=tags.cover_jpeg)


def _words(tags: Tags) -> Iterator[tuple[type[id3.TextFrame], str]]:
    yield id3.TIT2, tags.title
    yield id3.TALB, tags.album
    yield id3.TPE1, tags.artist
    yield id3.TPE2, tags.album_artist
    yield id3.TYER, f"{tags.published.year:04}"
    yield id3.TDAT, f"{tags.published:%d%m}"
    yield id3.TIME, f"{tags.published:%H%M}"
    yield id3.TCON, tags.genre
    yield id3.TLAN, language_code(tags.language)
    yield id3.TLEN, str(tags.duration_ms or "")
    yield id3.TPUB, tags.publisher
    yield id3.TCOP, _copyright(tags)
    yield id3.TGID, tags.episode_guid
    yield id3.TCAT, tags.category
    yield id3.TDES, tags.description
    yield id3.TKWD, ", ".join(filter(None, map(one_line, tags.keywords)))


def _links(tags: Tags) -> Iterator[id3.Frame]:
    yield id3.PCST(value=0)
    if tags.feed_url:
        # iTunes' own frame. By its name it is a link, without the byte that tells a text's encoding (4.3); so
        # mutagen and others read it, while a few take it for text and miss its first letter.
        yield id3.WFED(url=_address(tags.feed_url))
    if tags.chapter_url:
        yield id3.WOAF(url=_address(tags.chapter_url))
    if tags.source_url:
        # Not WOAF, "a file specific webpage": the article is the source that the sound was made from.
        yield id3.WOAS(url=_address(tags.source_url))


def _chapters(tags: Tags) -> Iterator[id3.Frame]:
    chapters = sorted(tags.chapters, key=lambda chapter: chapter.start_ms)
    names = [f"chp{index}" for index in range(len(chapters))]
    if not chapters:
        return
    flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
    yield id3.CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[])
    for name, chapter in zip(names, chapters, strict=True):
        yield id3.CHAP(
            element_id=name,
            start_time=chapter.start_ms,
            end_time=chapter.end_ms,
            start_offset=NO_OFFSET,
            end_offset=NO_OFFSET,
            sub_frames=list(_chapter_details(chapter, tags.chapter_url)),
        )


def _chapter_details(chapter: Chapter, url: str) -> Iterator[id3.Frame]:
    if title := one_line(chapter.title):
        yield id3.TIT2(encoding=_encoding(title), text=[title])
    if url:
        seconds = f"{chapter.start_ms / 1000:.3f}".rstrip("0").rstrip(".")
        link = f"{_address(url)}#t={seconds}"
        yield id3.WXXX(encoding=id3.Encoding.LATIN1, desc="", url=link)


def language_code(language: str) -> str:
    """Return the three letters by which ISO 639-2 knows a BCP 47 *language*, or those for "undetermined"."""
    primary = language.split("-")[0].lower()
    if len(primary) == 3 and primary.isascii() and primary.isalpha():
        return primary
    return ISO_639_2.get(primary, UNDETERMINED)


def _copyright(tags: Tags) -> str:
    """Begin with a year and a space, without the sign that players put in front (section 4.2.1, TCOP)."""
    holder = re.sub(r"^(?:©|\(c\)|copyright\b|\s)+", "", one_line(tags.copyright), flags=re.IGNORECASE)
    return holder if not holder or re.match(r"\d{4} ", holder) else f"{tags.published.year:04} {holder}"


def one_line(text: str) -> str:
    """Return *text* without line breaks and control characters."""
    return UNWANTED.sub("", BREAKS.sub(" ", text)).strip()


def plain_lines(text: str) -> str:
    """Return *text* with its lines, but without control characters."""
    return UNWANTED.sub("", re.sub("\r\n?", "\n", text)).strip()


def _address(url: str) -> str:
    # Links have no encoding of their own (section 4.3): what is not ASCII is spelt in percents.
    return quote(one_line(url), safe=":/?#[]@!$&'()*+,;=%~")


def _encoding(text: str) -> int:
    # Old players take Latin-1 for whatever alphabet their machine is set to, save its ASCII half.
    return id3.Encoding.LATIN1 if text.isascii() else id3.Encoding.UTF16
