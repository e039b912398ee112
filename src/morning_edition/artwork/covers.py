"""What covers look like: a newspaper's front page with the sun coming up.

All lengths are pixels of a picture 3000 wide. Nothing but the horizon and the ground reaches into the margin.
"""

import datetime

from PIL import Image

from morning_edition import colours
from morning_edition.artwork import lettering
from morning_edition.artwork.lettering import SERIF
from morning_edition.artwork.picture import SIDE_PX, encode_large, encode_small, read_own_cover
from morning_edition.artwork.sheet import COLUMN, DISC, MARGIN, Sheet
from morning_edition.covers import Cover
from morning_edition.station import Station

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

_HORIZON = 2490


def draw_show_cover(station: Station) -> Cover:
    """Draw the show's cover: a JPEG of 3000 by 3000 pixels and at most 512 KB, and a small one.

    A picture of the station's own (`artwork.cover`) takes its place; one so rich in detail that 512 KB cannot
    hold it comes out smaller, never below 1400 pixels. Raises StationError if it cannot be used at all.
    """
    if station.artwork.cover:
        return _encode(read_own_cover(station))
    sheet = _blank(station)
    sheet.caption(station.outlet.name, 336, "middle", size_px=100, room_px=COLUMN, colour=sheet.ink.text)
    sheet.double_rule(410)
    title = lettering.settable(station.show.title, SERIF)
    name = lettering.fit(title, SERIF, room_px=(COLUMN, 1000), sizes_px=(140, 640), most_lines=4)
    sheet.block(name, 580 + (1000 - name.height_px) // 2, centred=True)
    sheet.sunrise(SIDE_PX // 2, _HORIZON, 730)
    return _encode(sheet.picture)


def draw_episode_cover(station: Station, *, edition: str, date: datetime.date, headline: str) -> Cover:
    """Draw an episode's cover with its edition, date and headline.

    On a cover of the station's own (`artwork.cover`) they stand in a band at the foot. Characters that the
    faces lack are left out; the show's title replaces a headline in another script (Arabic, Chinese).
    Raises StationError if the station's own cover is unusable.
    """
    if station.artwork.cover:
        sheet = Sheet(read_own_cover(station), station)
        _print_band(sheet, station, edition, date, headline)
    else:
        sheet = _blank(station)
        _print_front_page(sheet, station, edition, date, headline)
    return _encode(sheet.picture)


def _encode(picture: Image.Image) -> Cover:
    return Cover(large=encode_large(picture), small=encode_small(picture))


def _blank(station: Station) -> Sheet:
    ground = colours.parse(station.artwork.background)
    return Sheet(Image.new("RGB", (SIDE_PX, SIDE_PX), ground), station)


def _print_front_page(
    sheet: Sheet, station: Station, edition: str, date: datetime.date, headline: str
) -> None:
    _print_dateline(sheet, edition, date, 320)
    sheet.double_rule(390)
    top = 600
    block = _set_headline(station, headline, room_px=(COLUMN, 1460), most_lines=6)
    sheet.block(block, top)
    radius = min(max(_HORIZON - top - block.height_px - 170, 360), 740)
    sheet.sunrise(SIDE_PX - MARGIN - radius, _HORIZON, radius)
    room = COLUMN - radius - round(radius * DISC) - 60
    if station.show.title.casefold() != edition.casefold():
        sheet.caption(station.show.title, 2660, "left", size_px=80, room_px=room, colour=sheet.ink.signal)
    sheet.caption(station.outlet.name, 2780, "left", size_px=80, room_px=room, colour=sheet.ink.text)


def _print_band(sheet: Sheet, station: Station, edition: str, date: datetime.date, headline: str) -> None:
    block = _set_headline(station, headline, room_px=(COLUMN, 720), most_lines=4)
    top = SIDE_PX - 500 - block.height_px
    sheet.area(0, top, SIDE_PX, SIDE_PX, sheet.ink.ground)
    sheet.area(0, top, SIDE_PX, top + 24, sheet.ink.sun)
    _print_dateline(sheet, edition, date, top + 200)
    sheet.block(block, top + 310)


def _print_dateline(sheet: Sheet, edition: str, date: datetime.date, baseline: int) -> None:
    """Set the edition at the left and the date at the right."""
    day = f"{DAYS[date.weekday()]} {date.day} {MONTHS[date.month - 1]} {date.year}"
    sheet.caption(day, baseline, "right", size_px=84, room_px=COLUMN // 2, colour=sheet.ink.text)
    sheet.caption(edition, baseline, "left", size_px=84, room_px=COLUMN // 2 - 80, colour=sheet.ink.signal)


def _set_headline(
    station: Station, headline: str, *, room_px: tuple[int, int], most_lines: int
) -> lettering.Block:
    words = lettering.settable(headline, SERIF) or lettering.settable(station.show.title, SERIF)
    return lettering.fit(words, SERIF, room_px=room_px, sizes_px=(150, 430), most_lines=most_lines)
