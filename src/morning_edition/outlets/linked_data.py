"""What an episode and its show are, in the words of schema.org, for search engines and assistants.

Follows JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), the vocabulary of https://schema.org, and Google's
"Article" and "Speakable" (https://developers.google.com/search/docs/appearance/structured-data). What is
returned stands in a `<script type="application/ld+json">` element of the page.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from morning_edition.episode import Episode, make_show_guid, sort_episodes
from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.outlets.addresses import plain_address
from morning_edition.outlets.characters import clean, first_filled, shorten
from morning_edition.outlets.corrections import list_corrections
from morning_edition.outlets.enclosures import Enclosure, list_enclosures
from morning_edition.outlets.layout import COVER_NAME, find_picture
from morning_edition.outlets.media_types import media_type_of
from morning_edition.outlets.times import seconds_of
from morning_edition.station import Station

Thing = dict[str, Any]

LONGEST_HEADLINE = 110
"""Characters (Google, "Article", headline)."""

LISTED_EPISODES = 20
"""Of the show's, the newest; the feed has them all."""

CAPTION_NAMES = ("transcript.vtt", "transcript.srt")

HEADLINE, SUMMARY, LOOK = ".headline", ".summary", ".look"
"""Where a page has what an assistant can read aloud."""

TOLD_APART = str.maketrans(
    {sign: f"\\u{ord(sign):04x}" for sign in ("<", ">", "&", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}")}
)
"""What would end a script element, open a comment in it, or end a line of a script, in JSON's own writing."""


def describe_episode(station: Station, episode: Episode, cues: Sequence[Cue]) -> Markup:
    """Return the episode, the article it is read from, and its show."""
    series = _series(station)
    sounds = _sounds(station, episode)
    whole = _sketch_episode(station, episode) | {
        "partOfSeries": _refer(series),
        "partOfSeason": _season(episode, series),
        "dateModified": (episode.updated or episode.published).isoformat(),
        "correction": _corrections(station, episode),
        "image": _image(station, episode),
        "keywords": _keywords(episode),
        "publisher": series["publisher"],
        "audio": sounds[0] | {"caption": _captions(station, episode)},
        "associatedMedia": sounds,
        "accessMode": ["auditory", "textual"] if cues else ["auditory"],
        "accessibilityFeature": _accessibility(episode, cues),
        "isFamilyFriendly": not station.show.explicit,
        "license": plain_address(station.feed.license_url),
        "hasPart": [
            _clip(station, episode, chapter) for chapter in episode.chapters if first_filled(chapter.title)
        ],
    }
    return _write(whole, _article(station, episode, whole), series)


def describe_show(station: Station, episodes: Sequence[Episode]) -> Markup:
    """Return the show with its newest episodes."""
    newest = sort_episodes(episodes)[:LISTED_EPISODES]
    return _write(_series(station) | {"hasPart": [_sketch_episode(station, episode) for episode in newest]})


def _series(station: Station) -> Thing:
    return {
        "@type": "PodcastSeries",
        "@id": station.base_url + "#show",
        "name": station.show.title,
        "description": station.show.description,
        "url": station.link,
        "webFeed": station.feed_url,
        "image": station.base_url + COVER_NAME,
        "inLanguage": station.show.language,
        "identifier": make_show_guid(station),
        "genre": f"News/{station.show.category}",
        "copyrightNotice": station.copyright,
        "license": plain_address(station.feed.license_url),
        "publisher": _outlet(station),
    }


def _sketch_episode(station: Station, episode: Episode) -> Thing:
    """Return what any list of episodes tells of one."""
    return {
        "@type": "PodcastEpisode",
        "@id": episode.url(station) + "#episode",
        "name": first_filled(episode.title, station.show.title),
        "description": episode.summary,
        "url": episode.url(station),
        "identifier": episode.guid,
        "episodeNumber": episode.number,
        "datePublished": episode.published.isoformat(),
        "duration": _duration(episode),
        "inLanguage": _language(station, episode),
    }


def _article(station: Station, episode: Episode, whole: Thing) -> Thing:
    """Return the story as the page tells it."""
    spoken = [HEADLINE, *([SUMMARY] if first_filled(episode.summary) else [])]
    looks = any(first_filled(look.label, look.text) for look in episode.quick_looks)
    byline = first_filled(episode.byline)
    return {
        "@type": "NewsArticle",
        "@id": episode.url(station) + "#article",
        "headline": shorten(whole["name"], LONGEST_HEADLINE),
        "description": episode.summary,
        "mainEntityOfPage": {"@type": "WebPage", "@id": episode.url(station)},
        "url": episode.url(station),
        "isBasedOn": plain_address(episode.source_url),
        "author": {"@type": "Person", "name": byline} if byline else _outlet(station),
        "publisher": _outlet(station),
        "datePublished": whole["datePublished"],
        "dateModified": whole["dateModified"],
        "correction": whole["correction"],
        "image": whole["image"],
        "articleSection": station.show.category,
        "keywords": whole["keywords"],
        "inLanguage": whole["inLanguage"],
        "audio": _refer(whole["audio"]),
        "speakable": {
            "@type": "SpeakableSpecification",
            "cssSelector": [*spoken, *([LOOK] if looks else [])],
        },
    }


def _corrections(station: Station, episode: Episode) -> list[Thing]:
    """Return what the page corrects of itself, the newest first (https://schema.org/CorrectionComment)."""
    return [
        {
            "@type": "CorrectionComment",
            "text": one.text,
            "datePublished": one.moment.isoformat(),
            "inLanguage": _language(station, episode),
            "author": _refer(_outlet(station)),
        }
        for one in list_corrections(episode)
    ]


def _sounds(station: Station, episode: Episode) -> list[Thing]:
    """Return the programme in each of its forms, the MP3 first."""
    return [
        {
            "@type": "AudioObject",
            "@id": enclosure.url,
            "name": first_filled(episode.title, station.show.title),
            "contentUrl": enclosure.url,
            "encodingFormat": enclosure.type,
            "contentSize": str(enclosure.size_bytes),
            "bitrate": _bitrate(station, enclosure),
            "duration": _duration(episode),
            "inLanguage": _language(station, episode),
            "uploadDate": episode.published.isoformat(),
        }
        for enclosure in list_enclosures(episode, episode.url(station))
        if not enclosure.rel
    ]


def _captions(station: Station, episode: Episode) -> list[Thing]:
    """Return the files that say what is said, and when; the page itself holds the transcript."""
    names = {file.name for file in episode.files}
    return [_caption(station, episode, name) for name in CAPTION_NAMES if name in names]


def _bitrate(station: Station, enclosure: Enclosure) -> str:
    """Return the sound's own rate where it is constant, or else what the file comes to."""
    kbps = station.podcast.bitrate_kbps if enclosure.default else round(enclosure.bitrate / 1000)
    return f"{kbps} kbps" if kbps else ""


def _caption(station: Station, episode: Episode, name: str) -> Thing:
    return {
        "@type": "MediaObject",
        "contentUrl": episode.url(station, name),
        "encodingFormat": media_type_of(name),
        "inLanguage": _language(station, episode),
    }


def _clip(station: Station, episode: Episode, chapter: Chapter) -> Thing:
    return {
        "@type": "Clip",
        "name": chapter.title,
        "startOffset": chapter.start_ms / 1000,
        "endOffset": chapter.end_ms / 1000,
        "url": f"{episode.url(station)}#t={seconds_of(chapter.start_ms)}",
    }


def _season(episode: Episode, series: Thing) -> Thing:
    if not episode.season:
        return {}
    return {"@type": "PodcastSeason", "seasonNumber": episode.season, "partOfSeries": _refer(series)}


def _outlet(station: Station) -> Thing:
    return {
        "@type": "NewsMediaOrganization",
        "@id": station.base_url + "#outlet",
        "name": station.outlet.name,
        "url": plain_address(station.outlet.url),
        "logo": {"@type": "ImageObject", "url": station.base_url + COVER_NAME},
    }


def _image(station: Station, episode: Episode) -> list[str]:
    names = {file.name for file in episode.files}
    large = episode.url(station, COVER_NAME) if COVER_NAME in names else station.base_url + COVER_NAME
    return list(dict.fromkeys([large, find_picture(station, episode).address]))


def _accessibility(episode: Episode, cues: Sequence[Cue]) -> list[str]:
    """Return what the page has for those who do not hear, or not all (https://www.w3.org/2021/a11y-discov-vocab/)."""
    captions = any(file.name in CAPTION_NAMES for file in episode.files)
    told = {
        "transcript": bool(cues),
        "captions": captions,
        "synchronizedAudioText": bool(cues),
        "structuralNavigation": bool(episode.chapters),
    }
    return [feature for feature, there in told.items() if there]


def _keywords(episode: Episode) -> list[str]:
    return list(dict.fromkeys(filter(None, map(first_filled, episode.keywords))))


def _language(station: Station, episode: Episode) -> str:
    return episode.language or station.show.language


def _duration(episode: Episode) -> str:
    """Write PT62.53S (ISO 8601-1, 5.5.2)."""
    return f"PT{seconds_of(episode.duration_ms)}S"


def _refer(thing: Thing) -> Thing:
    return {"@type": thing["@type"], "@id": thing["@id"]}


def _write(*things: Thing) -> Markup:
    """Write *things* without what is empty in them, as JSON that no script element can be broken out of.

    They stand side by side, not in a `@graph`, which some readers do not look into.
    """
    record = [{"@context": "https://schema.org"} | _publishable(thing) for thing in things]
    return Markup(json.dumps(record, ensure_ascii=False).translate(TOLD_APART))  # noqa: S704 - escaped so


def _publishable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return clean(value).strip()
    if isinstance(value, Mapping):
        kept = {name: _publishable(part) for name, part in value.items()}
        return {name: part for name, part in kept.items() if part not in ("", [], {})}
    return [_publishable(part) for part in value] if isinstance(value, list) else value
