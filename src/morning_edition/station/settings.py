"""Every setting a station has: its default, its meaning and what it may hold, each stated once, here.

`toml` reads and writes them; the commented `station.toml` that `init` makes is drawn from these fields.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from morning_edition.station import checks
from morning_edition.station.declaring import setting, table
from morning_edition.station.engines import Engines
from morning_edition.station.publishing import Corrections, Feed, Links, Publish, VoiceNotice, Watch
from morning_edition.station.sound import Alternates, FlashProfile, MasterProfile, Rundown, Sound


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for the show."""

    name: str = setting("", "Who owns the show; empty for the outlet's name.")
    email: str = setting("", "Asked for by some directories, shown to nobody else.", checks.mail_or_empty)


@dataclass(frozen=True, slots=True)
class Outlet:
    """The newsroom."""

    name: str = setting("The Newsroom", "The newsroom's name, as it is said on air.", checks.filled)
    url: str = setting("", "Its website.", checks.web_address_or_empty)
    edition: str = setting(
        "Morning Edition", "The edition's name where an article gives none.", checks.filled
    )


@dataclass(frozen=True, slots=True)
class Show:
    """The show, as directories and players present it."""

    title: str = setting("Morning Edition", "The show's name.", checks.filled)
    subtitle: str = setting("The news, read to you.", "One line under the name.")
    description: str = setting(
        "The day's story in three parts: what happened, the points to know, and a deep look.",
        "What the show is, in up to 4,000 bytes of plain text.",
        lambda value: (
            checks.filled(value) or ("" if len(value.encode()) <= 4000 else "at most 4000 bytes long")
        ),
    )
    language: str = setting("en-US", "The language it is read in (BCP 47).", checks.language)
    timezone: str = setting("UTC", "Where its morning is (IANA time zone).", checks.time_zone)
    publish_at: str = setting(
        "06:00", "The hour an edition is dated at, once that hour is past.", checks.time_of_day
    )
    base_url: str = setting(
        "https://podcast.example/", "Where listeners will find this folder on the web.", checks.folder_address
    )
    link: str = setting("", "The show's own web page; empty for base_url.", checks.web_address_or_empty)
    category: str = setting("Daily News", "Its place under News in podcast directories.", checks.category)
    explicit: bool = setting(False, "Whether it is unfit for children's ears.")
    copyright: str = setting("", "The copyright line; empty for the outlet's name.")


@dataclass(frozen=True, slots=True)
class Artwork:
    """What covers look like."""

    cover: str = setting(
        "",
        "A square picture of your own (JPEG or PNG, 1400 to 3000 pixels); empty to have one drawn.",
        checks.own_picture,
    )
    background: str = setting("#12305b", "Colour of the ground.", checks.colour)
    ink: str = setting("#ffffff", "Colour of the lettering.", checks.colour)
    accent: str = setting("#f5a623", "Colour of the sun and the rules.", checks.colour)


@dataclass(frozen=True, slots=True)
class Part:
    """One role of the cast."""

    voice: str = setting("", "ENGINE or ENGINE:VOICE; empty for the anchor's.", checks.voice_or_empty)
    rate: float = setting(1.0, "Pace: 1.0 is a newsreader's, larger is faster.", checks.between(0.5, 2.0))
    pitch_semitones: float = setting(0.0, "Higher or lower than the voice's own.", checks.between(-6, 6))
    gain_db: float = setting(0.0, "Louder or softer than the anchor.", checks.between(-12, 12))


@dataclass(frozen=True, slots=True)
class Anchor(Part):
    """The voice that leads the programme."""

    voice: str = setting(
        "auto",
        'ENGINE or ENGINE:VOICE, as `morning-edition voices` lists them; "auto" is the best that is there.',
        checks.voice,
    )


@dataclass(frozen=True, slots=True)
class StandIn(Part):
    """The second voice: it reads no role of the script, and the whole of it where another gives out."""

    voice: str = setting(
        "",
        "ENGINE or ENGINE:VOICE, best one that needs no network; empty for none.",
        checks.voice_or_empty,
    )


@dataclass(frozen=True, slots=True)
class Cast:
    """Who reads what."""

    anchor: Anchor = table(Anchor, "Leads the programme.")
    co_anchor: Part = table(
        Part, "Reads every other Quick Look; without a voice of its own, the anchor reads them all."
    )
    correspondent: Part = table(Part, "Reads the Deep Look.")
    quote: Part = table(Part, "Reads quotations; without a voice of its own, whoever reads around them does.")
    stand_in: StandIn = table(
        StandIn, "Reads the whole episode when another voice gives out.", shown_in_repr=False
    )


@dataclass(frozen=True, slots=True)
class Style:
    """How written news is turned for the ear; each rule has its switch."""

    speaker_first: bool = setting(
        True, 'Name who speaks before the words: X, the mayor, said: "…" for "…," said X, the mayor.'
    )
    source_first: bool = setting(
        True, "Name the source before the claim: X said the talks failed, for: The talks failed, X said."
    )
    quotations: bool = setting(True, "Give a quotation lines of its own, read by the quote of the cast.")
    parentheses: bool = setting(
        True, "Turn parentheses to clauses, and drop the marks of footnotes: Smith, 42, for Smith (42)."
    )
    days: bool = setting(
        True, "Name the day for today, yesterday and tomorrow where the article is of another day."
    )
    headlines: bool = setting(True, "Open headlines up: full stops for semicolons, speakers that say.")
    dateline: str = setting(
        "drop",
        'WASHINGTON (AP) — is "drop", "say" (From Washington:) or "keep".',
        checks.one_of("drop", "say", "keep"),
    )
    slugs: bool = setting(True, "Leave out picture credits, captions and the wires' marks.")
    breaths: bool = setting(True, "Break a sentence of more than 40 words where a clause ends.")


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of an article is read."""

    depth: str = setting(
        "full",
        '"brief" is headline and lede, "quick" adds the Quick Looks, "full" is all of it.',
        checks.one_of("brief", "quick", "full"),
    )
    minutes: float = setting(
        0.0,
        "Read so many minutes at most, music not counted, and stop after a paragraph; 0 is no limit.",
        checks.between(0, 600),
    )
    words_a_minute: int = setting(
        160, "Spoken words a minute at rate 1.0, by which minutes are reckoned.", checks.between(60, 400)
    )
    pick_quick_looks: bool = setting(
        True, "Pick about five sentences as Quick Looks where the newsroom wrote none."
    )


@dataclass(frozen=True, slots=True)
class Gate:
    """What the proof does before it lets an episode be published."""

    listen: bool = setting(
        False,
        "Have a recogniser listen to each line, 3 seconds a minute (pip install 'morning-edition[listen]').",
    )


@dataclass(frozen=True, slots=True)
class Station:
    """A show and its folder. Everything but the folder stands in `station.toml`."""

    root: Path
    """The folder; it is also the site."""
    show: Show = table(Show, "The show, as directories and players present it.")
    outlet: Outlet = table(Outlet, "The newsroom behind it.")
    owner: Owner = table(Owner, "Who answers for it.")
    voice_notice: VoiceNotice = table(VoiceNotice, "What listeners are told of the voice.")
    corrections: Corrections = table(Corrections, "How corrections are said.")
    feed: Feed = table(Feed, "How directories and players take the feed.")
    links: Links = table(Links, "The show in directories; its page links there.")
    publish: Publish = table(Publish, "Where listeners fetch the site from.")
    watch: Watch = table(Watch, "What `watch` follows.")
    artwork: Artwork = table(Artwork, "What its covers look like.")
    cast: Cast = table(Cast, "Who reads what.")
    style: Style = table(Style, "How the copy is turned for the ear.")
    script: Extent = table(Extent, "How much of an article is read.")
    sound: Sound = table(Sound, "How the programme is put together.")
    running_order: Rundown = table(Rundown, "Which music is heard where.")
    engines: Engines = table(Engines, "What the engines need to know, each in a table of its own.")
    podcast: MasterProfile = table(MasterProfile, "The podcast's master.")
    alternates: Alternates = table(Alternates, "Other files of the podcast's master, beside the MP3.")
    proof: Gate = table(Gate, "What is proved before an episode is published.")
    flash: FlashProfile = table(FlashProfile, "The smart speakers' master: intro and Quick Looks.")

    @property
    def fingerprint(self) -> str:
        """All that `station.toml` decides, as one text, wherever the folder stands.

        What it tells the engines stands in their voices' identities; where it is sent, what is followed, how
        long it stays, and who would stand in for a voice, changes nothing of it.
        """
        return repr(
            dataclasses.replace(
                self,
                root=Path(),
                engines=Engines(),
                feed=dataclasses.replace(self.feed, keep_days=0),
                publish=Publish(),
                watch=Watch(),
            )
        )

    def choose_language(self, article_language: str) -> str:
        """Return the language that an article is spoken in: its own, but as this station speaks it."""
        own = self.show.language
        same = article_language.split("-")[0].lower() == own.split("-")[0].lower()
        return own if same else article_language or own

    @property
    def base_url(self) -> str:
        """Where the folder is on the web, ending in a slash."""
        return self.show.base_url.rstrip("/") + "/"

    @property
    def feed_url(self) -> str:
        """The podcast feed's own address."""
        return self.base_url + "podcast.xml"

    @property
    def link(self) -> str:
        """The show's page."""
        return self.show.link or self.base_url

    @property
    def owner_name(self) -> str:
        """Who owns the show."""
        return self.owner.name or self.outlet.name

    @property
    def copyright(self) -> str:
        """The copyright line."""
        return self.show.copyright or f"© {self.outlet.name}"

    @property
    def episodes_folder(self) -> Path:
        """Where episodes and jingles live."""
        return self.root / "audio"

    @property
    def templates_folder(self) -> Path:
        """The station's own templates, each in place of the built-in one of its name."""
        return self.root / "templates"

    @property
    def cache_folder(self) -> Path:
        """Takes and the like; may be deleted at any time."""
        return self.root / ".cache"
