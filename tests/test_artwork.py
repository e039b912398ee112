"""Covers are handsome on any headline: right in size, readable, inside their margins, the same every time."""

import datetime
import io
import random
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFont

from morning_edition import colours
from morning_edition.artwork import Cover, draw_episode_cover, draw_show_cover, lettering
from morning_edition.artwork.picture import read_own_cover
from morning_edition.artwork.sheet import COLUMN, MARGIN
from morning_edition.errors import StationError
from morning_edition.station import Artwork, Outlet, Show, Station

DATE = datetime.date(2024, 12, 6)
HEADLINE = "City Council Approves $2.4 Billion Budget After Marathon Overnight Session"
HORIZON = (2470, 2520)
"""The rows of the one line that crosses the margins."""

HOSTILE_HEADLINES = [
    "",
    " \n\t\r\n",
    "Ẩ Ẫ",
    "\x00\x01\x02\x07\x1b[31m\x7f",
    "Tab\tand\nnew\r\nlines\u2028and\u2029separators\x85",
    "a" * 300,
    "W" * 300,
    "i" * 300,
    "lorem ipsum " * 167,
    "x " * 1000,
    "Über" * 500,
    "🎉🎉🎉",
    "Budget 🎉 passes 👩‍👩‍👧‍👦 at last 🇫🇷",
    "\U0001f1eb\ufe0f\u200d",
    "الميزانية الجديدة تمت الموافقة عليها",
    "התקציב אושר אחרי דיון לילי",
    "Mixed عربي and English words here",
    "市议会通过二十四亿美元预算",
    "東京で新しい予算が可決された",
    "서울시 예산안 통과",
    "परिषद ने बजट पारित किया",
    "งบประมาณผ่านแล้ว",
    "<b>Bold</b> <script>alert(1)</script> &amp; &lt;",
    "**Markdown** _and_ [link](https://a.example/)",
    "{% raw %}{{ template }}{% endraw %} %s %d {}",
    "Z\u0351\u0348a\u0352\u0353l\u0354\u0355g\u0356\u0357o\u0358\u0359" * 20,
    "e" + "\u0301" * 300,
    "\u202eright to left override\u202c",
    "\u200bzero\u200bwidth\ufeff\u00ad\u2060spaces\u200b" * 10,
    "no\u00a0break\u00a0spaces\u00a0" * 30,
    "Thành phố phê duyệt ngân sách: “Chúng tôi đã lắng nghe”",
    "ẤẦẨẪẬẾỀỂỄỆỐỒỔỖỘ " * 8,
    "Ελλάδα: νέος προϋπολογισμός για τις πόλεις",
    "Правительство утвердило бюджет — что это значит",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft streikt",
    "https://news.example/2024/12/06/a-very-long-address/with/many/parts?and=query&more=yes" * 3,
    "—" * 100,
    "⸻" * 40 + " ﷽ " * 10,
    "ﬁﬂ Ｆｕｌｌｗｉｄｔｈ 𝐁𝐨𝐥𝐝 ①②③ −5 ℃",
    "\ud800\udfff lone surrogates \uffff\U0010ffff",
]


def station(root: Path = Path("nowhere"), **artwork: str) -> Station:
    return Station(root=root, outlet=Outlet(name="The Harbor Ledger"), artwork=Artwork(**artwork))


def episode(headline: str = HEADLINE, edition: str = "Evening Edition", **artwork: str) -> Cover:
    return draw_episode_cover(station(**artwork), edition=edition, date=DATE, headline=headline)


def opened(jpeg: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
    picture.load()
    return picture


def differ(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of any channel of any pixel."""
    extrema = ImageChops.difference(one, other).getextrema()
    return max(high for _, high in extrema)


def assert_only(colour: str, picture: Image.Image) -> None:
    for (low, high), wanted in zip(picture.getextrema(), colours.parse(colour), strict=True):
        assert wanted - 12 <= low <= high <= wanted + 12  # what JPEG may do to a flat area


def measured_contrast(picture: Image.Image) -> float:
    """The WCAG contrast of the two commonest colours."""
    common = sorted(picture.getcolors(picture.width * picture.height), reverse=True)
    ground = common[0][1]
    ink = next(c for _, c in common if max(abs(a - b) for a, b in zip(c, ground, strict=True)) > 24)
    lights = []
    for colour in (ground, ink):
        linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def test_covers_meet_the_directories_rules() -> None:
    cover = episode()
    for jpeg, side, most in (
        (draw_show_cover(station()).large, 3000, 512 * 1024),
        (cover.large, 3000, 512 * 1024),
        (cover.small, 600, 50_000),
    ):
        picture = opened(jpeg)
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (side, side))
        assert picture.info["dpi"] == (72, 72)
        assert len(jpeg) <= most


def test_the_same_episode_has_the_same_bytes() -> None:
    lettering.font.cache_clear()
    first = episode()
    assert first == episode()
    assert draw_show_cover(station()) == draw_show_cover(station())


def test_small_is_large_seen_from_afar() -> None:
    cover = episode()
    assert differ(opened(cover.large).reduce(50), opened(cover.small).reduce(10)) <= 10


@pytest.mark.parametrize(
    ("box", "other"),
    [
        ((MARGIN, 500, 2790, 2000), {"headline": "Mayor Resigns"}),
        ((MARGIN, 200, 1500, 350), {"edition": "Weekend Edition"}),
        ((1500, 200, 2790, 350), {"date": datetime.date(2025, 1, 7)}),
    ],
)
def test_headline_edition_and_date_stand_where_they_belong(
    box: tuple[int, int, int, int], other: dict[str, object]
) -> None:
    words = {"edition": "Evening Edition", "date": DATE, "headline": HEADLINE}
    one = opened(draw_episode_cover(station(), **words).large)
    two = opened(draw_episode_cover(station(), **{**words, **other}).large)
    assert differ(one.crop(box), two.crop(box)) > 150


@pytest.mark.parametrize("headline", HOSTILE_HEADLINES, ids=range(len(HOSTILE_HEADLINES)))
def test_no_headline_leaves_the_margins_or_the_limits(headline: str) -> None:
    cover = episode(headline)
    large = opened(cover.large)
    assert len(cover.large) <= 512 * 1024
    assert len(cover.small) <= 50_000
    edge = MARGIN - 12  # a letter may lean out of its line by a few pixels
    assert_only("#12305b", large.crop((0, 0, 3000, edge)))
    assert_only("#12305b", large.crop((0, 3000 - edge, 3000, 3000)))
    for left in (0, 3000 - edge):
        assert_only("#12305b", large.crop((left, 0, left + edge, HORIZON[0])))
        assert_only("#12305b", large.crop((left, HORIZON[1], left + edge, 3000)))
    assert_only("#12305b", large.crop((0, 434, 3000, 444)))  # between the rules and the headline
    assert measured_contrast(large.crop((MARGIN, 600, 1500, 900))) >= 4.5  # there are words


@pytest.mark.parametrize("words", ["W" * 300, "Ṽery long " * 200, "\x00", "編集"])
def test_no_name_leaves_the_margins(words: str) -> None:
    named = Station(root=Path("nowhere"), show=Show(title=words), outlet=Outlet(name=words))
    cover = draw_episode_cover(named, edition=words, date=DATE, headline=HEADLINE)
    for jpeg in (cover.large, draw_show_cover(named).large):
        picture = opened(jpeg)
        edge = MARGIN - 12
        for box in ((0, 0, edge, HORIZON[0]), (3000 - edge, 0, 3000, HORIZON[0]), (0, 2850, 3000, 3000)):
            assert_only("#12305b", picture.crop(box))


@pytest.mark.parametrize(
    ("background", "ink", "accent"),
    [
        ("#12305b", "#ffffff", "#f5a623"),
        ("#12305b", "#12305b", "#12305b"),
        ("#ffffff", "#ffffff", "#ffffff"),
        ("#777777", "#808080", "#6f6f6f"),
        ("#000000", "#111111", "#000000"),
        ("#ffee00", "#ffffff", "#ffdd00"),
    ],
)
def test_every_word_can_be_read_in_any_colours(background: str, ink: str, accent: str) -> None:
    large = opened(episode(background=background, ink=ink, accent=accent).large)
    for box in ((MARGIN, 250, 1100, 325), (1700, 250, 2790, 325), (MARGIN, 540, 2500, 1200)):
        assert measured_contrast(large.crop(box)) >= 4.5
    assert measured_contrast(large.crop((1500, 2300, 2790, 2480))) >= 1.4  # the sun is up


def test_black_or_white_can_be_read_on_any_ground() -> None:
    chance = random.Random(1)
    for _ in range(2000):
        wanted, ground = (colours.parse(f"#{chance.randrange(1 << 24):06x}") for _ in range(2))
        chosen = colours.readable(wanted, ground)
        assert colours.contrast(chosen, ground) >= 4.5
        assert chosen in {wanted, (0, 0, 0), (255, 255, 255)}
    assert colours.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


def test_a_missing_headline_gives_way_to_the_shows_title() -> None:
    assert episode("").large == episode("Morning Edition").large == episode("市议会通过预算").large


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Budget 🎉 passes", "Budget passes"),
        ("Ｆｕｌｌ 𝐁𝐨𝐥𝐝 −5", "Full Bold –5"),
        ("Cafe\u0301\u0336", "Café"),
        ("One\n\ttwo\u00a0three\u200b\u00ad\x07", "One two three"),
        ("Only عربي مع بعض الكلمات", ""),
        ("The word عمر means life", "The word means life"),
    ],
)
def test_what_the_face_lacks_is_left_out(written: str, expected: str) -> None:
    assert expected == lettering.settable(written, lettering.SERIF)


@pytest.mark.parametrize("face", [lettering.SERIF, lettering.SANS])
@pytest.mark.parametrize(
    "text",
    [
        "ÀÉÎÕÜ çñøåß ŁłŐőŰű ŞşȘșȚț Ğğİı Žž Ŋŋ ŒœÆæ ÞþÐð",
        "Người Việt: ẠặẦẫỆểỘỡỰữ Đđ",
        "Ελληνικά: ΆΈΉΊΌΎΏ ΐΰϊϋς",
        "Русский, Українська Єє Її Ґґ, Српски Ђђ Љљ Џџ, Қазақ Әә Ңң Ққ",
        "“English” „Deutsch“ «français» – — … € £ ¥ ₹ ₽ № ° % & @ 0123456789",
    ],
)
def test_the_faces_hold_europe_and_vietnam(face: str, text: str) -> None:
    assert text == lettering.settable(text, face)


@pytest.mark.parametrize(
    ("language", "written", "capitals"),
    [
        ("en-US", "The Daily", "THE DAILY"),
        ("tr-TR", "Günlük Siyaset, ılık", "GÜNLÜK SİYASET, ILIK"),
        ("el", "Πρωινή έκδοση", "ΠΡΩΙΝΗ ΕΚΔΟΣΗ"),
        ("de", "Straße", "STRASSE"),
    ],
)
def test_capitals_follow_the_language(language: str, written: str, capitals: str) -> None:
    assert capitals == lettering.capitals(written, language)


def fitted(text: str) -> lettering.Block:
    return lettering.fit(text, lettering.SERIF, room_px=(COLUMN, 1500), sizes_px=(150, 430), most_lines=6)


def test_a_headline_is_whole_and_fits_its_room() -> None:
    chance = random.Random(2)
    for _ in range(200):
        words = ["".join(chance.choices("abcdefghimnopqrstW", k=chance.randint(1, 14))) for _ in range(12)]
        block = fitted(" ".join(words))
        assert words == " ".join(block.lines).split()
        assert len(block.lines) <= 6
        assert block.height_px <= 1500
        face = lettering.font(lettering.SERIF, block.size_px)
        assert max(face.getlength(line) for line in block.lines) <= COLUMN


def test_the_shorter_the_headline_the_larger_the_letters() -> None:
    sizes = [fitted("word " * count).size_px for count in (1, 8, 14, 20, 30)]
    assert sizes[0] == 430
    assert sizes == sorted(set(sizes), reverse=True)


def test_too_long_a_headline_ends_in_an_ellipsis_after_a_whole_word() -> None:
    block = fitted("lorem ipsum " * 60)
    assert len(block.lines) == 6
    assert block.lines[-1].endswith(("lorem…", "ipsum…"))
    assert fitted("a" * 300).lines[-1].endswith("a…")


def test_lines_do_not_depend_on_what_else_is_installed() -> None:
    face = lettering.font(lettering.SERIF, 200)
    assert face.layout_engine == ImageFont.Layout.BASIC
    assert lettering.ems(HEADLINE, lettering.SERIF) * 200 == pytest.approx(face.getlength(HEADLINE))


def test_every_face_has_its_licence_beside_it() -> None:
    folder = Path(lettering.__file__).parents[1] / "fonts"
    faces = {path.name for path in folder.glob("*.ttf")}
    licence = (folder / "Noto-OFL.txt").read_text(encoding="utf-8")
    assert faces == {lettering.SERIF, lettering.SANS}
    assert "SIL OPEN FONT LICENSE" in licence
    assert all(name in licence for name in faces)


def saved(path: Path, mode: str = "RGB", side: int = 1400, colour: object = None, **options: object) -> Path:
    picture = Image.new(mode, (side, side), colour or 0)
    picture.save(path, **options)
    return path


def test_an_own_picture_is_the_shows_cover(tmp_path: Path) -> None:
    saved(tmp_path / "art.png", colour=(200, 30, 40))
    picture = opened(draw_show_cover(station(tmp_path, cover="art.png")).large)
    assert (picture.mode, picture.size, picture.info["dpi"]) == ("RGB", (3000, 3000), (72, 72))
    assert_only("#c81e28", picture)


def test_an_own_picture_stands_above_a_band_on_episodes(tmp_path: Path) -> None:
    saved(tmp_path / "art.jpg", side=3000, colour=(200, 30, 40), quality=95)
    drawn = [
        draw_episode_cover(station(tmp_path, cover="art.jpg"), edition="Late", date=DATE, headline=headline)
        for headline in (HEADLINE, "")
    ]
    for cover in drawn:
        large = opened(cover.large)
        assert large.size == (3000, 3000)
        assert_only("#c81e28", large.crop((0, 0, 3000, 1700)))
        assert_only("#12305b", large.crop((0, 2900, 3000, 3000)))
        assert measured_contrast(large.crop((MARGIN, 2600, 2790, 2850))) >= 4.5
        assert opened(cover.small).size == (600, 600)


@pytest.mark.parametrize(
    ("mode", "colour", "name"),
    [
        ("RGBA", (0, 0, 0, 0), "art.png"),
        ("LA", (0, 0), "art.png"),
        ("L", 255, "art.png"),
        ("1", 1, "art.png"),
        ("P", 0, "art.png"),
        ("CMYK", (0, 0, 0, 0), "art.jpg"),
    ],
)
def test_an_own_picture_may_be_of_any_kind(tmp_path: Path, mode: str, colour: object, name: str) -> None:
    saved(tmp_path / name, mode, colour=colour)
    picture = read_own_cover(station(tmp_path, cover=name, background="#fdfdfd"))
    assert (picture.mode, picture.size) == ("RGB", (3000, 3000))
    assert_only("#000000" if mode == "P" else "#fdfdfd", picture)


def test_an_own_picture_too_rich_for_512_kb_gets_smaller(tmp_path: Path) -> None:
    Image.effect_noise((3000, 3000), 90).save(tmp_path / "art.png", compress_level=1)
    jpeg = draw_show_cover(station(tmp_path, cover="art.png")).large
    assert len(jpeg) <= 512 * 1024
    assert 1400 <= opened(jpeg).width < 3000
    assert opened(jpeg).info["dpi"] == (72, 72)


def test_an_own_picture_taken_sideways_is_turned_upright(tmp_path: Path) -> None:
    picture = Image.new("RGB", (1400, 1400), "#000000")
    picture.paste("#ffffff", (0, 0, 1400, 700))
    turned = Image.Exif()
    turned[0x0112] = 3
    picture.save(tmp_path / "art.jpg", exif=turned)
    jpeg = draw_show_cover(station(tmp_path, cover="art.jpg")).large
    assert_only("#000000", opened(jpeg).crop((0, 0, 3000, 1400)))
    assert not opened(jpeg).getexif()


def refusal(root: Path, cover: str) -> str:
    with pytest.raises(StationError) as show:
        draw_show_cover(station(root, cover=cover))
    with pytest.raises(StationError) as one:
        draw_episode_cover(station(root, cover=cover), edition="Late", date=DATE, headline=HEADLINE)
    assert str(one.value) == str(show.value)
    assert "\n" not in str(one.value)
    return str(one.value).replace(str(root), "STATION")


def test_a_missing_picture_is_refused(tmp_path: Path) -> None:
    said = 'STATION/art.png: no such picture; put one there, or set artwork.cover to ""'
    assert said == refusal(tmp_path, "art.png")
    (tmp_path / "art.png").mkdir()
    assert said == refusal(tmp_path, "art.png")


def test_a_picture_outside_the_station_is_refused(tmp_path: Path) -> None:
    (tmp_path / "station").mkdir()
    saved(tmp_path / "art.png")
    (tmp_path / "station" / "art.png").symlink_to(tmp_path / "art.png")
    assert refusal(tmp_path / "station", "art.png") == (
        "STATION/art.png: the cover lies outside the station's folder; copy it there"
    )


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((1400, 1401), "1400 by 1401 pixels; a cover must be square: crop it"),
        ((1399, 1399), "1399 by 1399 pixels; a cover must be 1400 to 3000 pixels wide: resize it"),
        ((3001, 3001), "3001 by 3001 pixels; a cover must be 1400 to 3000 pixels wide: resize it"),
        ((9500, 9500), "too many pixels; a cover must be 1400 to 3000 pixels wide"),
        ((13400, 13400), "too many pixels; a cover must be 1400 to 3000 pixels wide"),
    ],
)
def test_a_picture_of_the_wrong_size_is_refused(tmp_path: Path, size: tuple[int, int], said: str) -> None:
    Image.new("1", size).save(tmp_path / "art.png", compress_level=1)
    assert refusal(tmp_path, "art.png") == f"STATION/art.png: {said}"


@pytest.mark.parametrize(
    "content", [b"", b"<svg/>", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_jpeg_or_png_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "art.png").write_bytes(content)
    assert refusal(tmp_path, "art.png") == (
        "STATION/art.png: not a JPEG or PNG picture; save it as one of them"
    )


@pytest.mark.parametrize("name", ["art.png", "art.jpg"])
def test_half_a_picture_is_refused(tmp_path: Path, name: str) -> None:
    whole = saved(tmp_path / name, colour=(1, 2, 3)).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    said = refusal(tmp_path, name)
    assert said.startswith(f"STATION/{name}: a broken picture (")
    assert said.endswith("); save it anew")


def test_a_picture_of_16_bits_is_refused(tmp_path: Path) -> None:
    saved(tmp_path / "art.png", "I;16")
    assert refusal(tmp_path, "art.png") == (
        "STATION/art.png: more than 8 bits a channel; save it as an ordinary RGB picture"
    )
