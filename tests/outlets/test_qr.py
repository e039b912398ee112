"""QR codes, read by a reader as a phone's camera sees them."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import numpy.typing as npt
import pytest

from morning_edition.outlets.characters import clean
from morning_edition.outlets.qr import draw_qr, print_qr

Picture = npt.NDArray[np.uint8]

ADDRESS = "https://pod.example/brief/podcast.xml"
LONGEST = "https://pod.example/" + "x" * 2000
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\3z")
MODULE_PX = 4


def read(modules: Picture) -> str:
    """Return what a reader finds in a picture of *modules*, 0 for dark and 255 for light."""
    zxingcpp = pytest.importorskip("zxingcpp")
    found = zxingcpp.read_barcodes(np.kron(modules, np.ones((MODULE_PX, MODULE_PX), np.uint8)))
    assert [code.format.name for code in found] in (["QRCode"], ["QRCodeModel2"])
    return str(found[0].text)


def see_drawn(svg: str) -> Picture:
    """Return the modules of a drawing that is dark on a light ground of its own."""
    ground, path = (part.attrib for part in ET.fromstring(svg)[1:])  # noqa: S314 - our own drawing
    size = int(re.fullmatch(r"M0 0h(\d+)v\1H0z", ground["d"])[1])  # type: ignore[index]
    assert RUN.sub("", path["d"]) == ""
    modules = np.full((size, size), 255, np.uint8)
    for x, y, width in (map(int, run) for run in RUN.findall(path["d"])):
        modules[y, x : x + width] = 0
    return modules


def see_printed(lines: str) -> Picture:
    """Return the modules of lines that set black on white, whatever the terminal's colours are."""
    rows = []
    for line in lines.splitlines():
        found = re.fullmatch("\x1b\\[38;5;16;48;5;231m([ ▀▄█]+)\x1b\\[0m", line)
        assert found
        rows += [
            [0 if sign in "▀█" else 255 for sign in found[1]],
            [0 if sign in "▄█" else 255 for sign in found[1]],
        ]
    return np.array(rows, np.uint8)


@pytest.mark.parametrize("text", [ADDRESS, LONGEST, "http://192.168.0.12:8000/", "سقوط حماة 日本 👩‍👩‍👧"])
def test_a_code_is_read_from_the_page_and_from_the_terminal(text: str) -> None:
    assert read(see_drawn(draw_qr(text, label="The feed"))) == text
    assert read(see_printed(print_qr(text))) == text


def test_four_light_modules_stand_around_a_code() -> None:
    drawn, printed = see_drawn(draw_qr(ADDRESS, label="")), see_printed(print_qr(ADDRESS))
    for modules in (drawn, printed):
        assert (modules[:4] == 255).all()
        assert (modules[-4:] == 255).all()
        assert (modules[:, :4] == 255).all()
        assert (modules[:, -4:] == 255).all()


def test_a_code_is_dark_on_light_in_dark_mode_too() -> None:
    """The ground is white, and the ink takes the page's colour only where a style says so."""
    svg = ET.fromstring(draw_qr(ADDRESS, label="x"))  # noqa: S314
    assert svg.attrib["color"] == "#000"
    assert [part.attrib["fill"] for part in svg[1:]] == ["#fff", "currentColor"]


def test_a_code_has_a_name_for_those_who_hear_the_page() -> None:
    svg = ET.fromstring(draw_qr(ADDRESS, label="Markets & <mayhem>"))  # noqa: S314
    assert svg.attrib["role"] == "img"
    assert (svg[0].tag, svg[0].text) == ("title", "Markets & <mayhem>")


def test_a_code_on_a_page_is_small() -> None:
    assert len(draw_qr(ADDRESS, label="The feed")) < 4000


def test_a_text_too_long_for_a_code_is_refused() -> None:
    for make in (print_qr, lambda text: draw_qr(text, label="x")):
        assert make("x" * 2331)
        with pytest.raises(ValueError, match="too large"):
            make("x" * 2332)


def test_any_text_is_held_without_what_cannot_be_published(hostile: str) -> None:
    svg = draw_qr(hostile, label=hostile)
    if hostile != clean(hostile):
        assert svg == draw_qr(clean(hostile), label=clean(hostile))
    assert ET.fromstring(svg)[0].text or not clean(hostile)  # noqa: S314
    assert len(see_printed(print_qr(hostile))) >= len(see_drawn(svg))
