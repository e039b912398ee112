"""What reads what others wrote: a function of bytes for each, and pieces of what it understands.

Whatever the bytes are, a reader gives a value or raises the error that it says it raises; anything else is a
fault. Hypothesis tries each a little every day, `scripts/fuzz` drives them by coverage for longer.
"""

import functools
import io
import struct
from collections.abc import Callable

from fuzz import kept, web
from fuzz.sounds import sounds
from fuzz.target import (
    ENTITIES,
    JSON,
    MARKUP,
    MOST_BYTES,
    NOTATION,
    TIERS,
    TOML,
    Target,
    folder,
    put,
    seeds,
)

__all__ = ["MOST_BYTES", "Target", "find_targets"]


def read_article(name: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        from morning_edition.articles import open_article

        article = open_article(str(put(name, data)))
        article.to_json()["headline"].encode()  # half a surrogate pair could be written to no file
        return article

    return read


def read_piped(data: bytes) -> object:
    from morning_edition.articles import open_article

    return open_article("-", stdin=io.BytesIO(data))


def read_script(data: bytes) -> object:
    from morning_edition.script.reading import parse_script

    return parse_script(data.decode("utf-8", "replace"), to_spoken=str)


def read_settings(data: bytes) -> object:
    from morning_edition.station import load_station

    put("station.toml", data)
    return load_station(folder()).fingerprint


def read_lexicon(data: bytes) -> object:
    from morning_edition.pronunciation.lexicon_file import load_lexicon

    return load_lexicon(put("lexicon.toml", data), with_starter=False).fingerprint


def read_pls(data: bytes) -> object:
    from morning_edition.pronunciation.pls import read_pls as read

    return read(data)


def read_sound(data: bytes) -> object:
    from morning_edition.decode import decode_sound

    return decode_sound(data).samples.shape


def read_record(data: bytes) -> object:
    from morning_edition.episode import load_episode

    place = folder() / "2026-03-05-x"
    place.mkdir(exist_ok=True)
    (place / "episode.json").write_bytes(data)
    return load_episode(place).to_json()


def read_tombstone(data: bytes) -> object:
    from morning_edition.life.tombstones import load_tombstone

    place = folder() / "2026-03-05-y"
    place.mkdir(exist_ok=True)
    (place / "withdrawn.json").write_bytes(data)
    stone = load_tombstone(place)
    return stone and stone.to_json()


def read_own_article(data: bytes) -> object:
    from morning_edition.standing import load_article

    put("article.json", data)
    return load_article(folder())


def read_lock(data: bytes) -> object:
    from morning_edition.holding import NOTE_NAME, read_holder

    put(NOTE_NAME, data)
    holder = read_holder(folder())
    assert not holder or holder.tell().isprintable()
    return holder and holder.tell()


def _targets() -> dict[str, Target]:
    from morning_edition.errors import (
        ArticleError,
        AudioError,
        EpisodeError,
        LexiconError,
        ScriptError,
        StationError,
    )

    article, record = (ArticleError,), (EpisodeError,)
    return {
        "newsroom text": Target(read_article("article.txt"), article, seeds("article.txt"), TIERS),
        "markdown": Target(read_article("article.md"), article, seeds("article.md"), (*TIERS, *NOTATION)),
        "page": Target(read_article("article.html"), article, seeds("page.html"), (*MARKUP, *JSON)),
        "feed": Target(read_article("feed.xml"), article, seeds("rss.xml", "atom.xml"), (*MARKUP, *ENTITIES)),
        "json feed": Target(read_article("feed.json"), article, seeds("feed.json"), JSON),
        "mail": Target(
            read_article("mail.eml"),
            article,
            seeds("mail.eml"),
            (b"--b\r\n", b"=?utf-8?b?", b"?=", b"\r\n\r\n"),
        ),
        "pipe": Target(
            read_piped,
            article,
            seeds("article.txt", "page.html", "rss.xml", "atom.xml", "feed.json", "mail.eml", "article.md"),
            (*TIERS, *MARKUP),
        ),
        "script.md": Target(read_script, (ScriptError,), seeds("script.md"), NOTATION),
        "station.toml": Target(read_settings, (StationError,), seeds("station.toml"), TOML),
        "lexicon.toml": Target(read_lexicon, (LexiconError,), seeds("lexicon.toml"), TOML),
        "lexicon.pls": Target(read_pls, (LexiconError,), seeds("lexicon.pls"), (*MARKUP, *ENTITIES)),
        "sound": Target(
            read_sound,
            (AudioError,),
            sounds(),
            (b"RIFF", b"data", b"OggS", b"fLaC", b"ID3", struct.pack("<I", 2**32 - 1)),
        ),
        **{
            name: Target(kept.odd(read, *seeds(seed)), errors, seeds(seed), JSON, (b"[" * 4000,))
            for name, read, errors, seed in (
                ("episode.json", read_record, record, "episode.json"),
                ("withdrawn.json", read_tombstone, record, "withdrawn.json"),
                ("article.json", read_own_article, record, "article.json"),
                ("lock", read_lock, (), "lock.json"),
            )
        },
        **web.targets(),
        **kept.targets(),
    }


@functools.cache
def find_targets() -> dict[str, Target]:
    """Return every reader by its name."""
    return _targets()
