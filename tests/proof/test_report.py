"""The proof as people and programs read it: `proof.html` and `proof.json`."""

import dataclasses
import itertools
import json
import math
import re
from html.parser import HTMLParser

import pytest

from morning_edition.proof import Finding, LeftOutFact, MasterFigures, Proof, Span
from morning_edition.proof.report import parse_proof, render_proof_html, render_proof_json, tell_verdict

VOID = {"meta", "link", "br"}
FETCHED = {"audio", "track", "img", "image", "script", "iframe", "source", "video", "embed", "object", "use"}

DEAD_AIR = Finding(
    "dead air",
    "failure",
    "4.2 s of silence, where 0.7 s are written; speak the line again, or lengthen its pause.",
    "podcast",
    82_500,
    86_700,
    31,
)
LEVEL_STEP = Finding(
    "level step", "warning", "2.1 LU between two lines, 1 at most; choose a take.", "flash", 4000
)
UNTRUE = Finding("truth", "failure", "“$3” is spoken and not in the article; mend script.md.", row=19)
FINDINGS = (UNTRUE, DEAD_AIR, LEVEL_STEP)

HOSTILE = (
    "<script>alert(1)</script>",
    "</title></desc></svg><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "]]><!--",
    '" onload="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "nul\x00 escape\x1b[31m bell\x07 \x85",
    "evil \u202eesrever",
    "lone \ud800 surrogate \uffff",
    "[\n    1,\n    2\n  ]",
    "two\r\nlines\u2028three",
    "سقوط حماة بيد المعارضة",
    "word " * 2000,
    "x" * 10_000,
    "",
    " ",
)


class Page(HTMLParser):
    """Fails on any tag that is not closed in its place; keeps tags, and texts by their tag."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), self.get_starttag_text()
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def texts_of(self, tag: str) -> list[str]:
        return [" ".join(text.split()) for text in self.texts.get(tag, [])]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]

    def mark(self, number: int) -> dict[str, str | None]:
        return next(svg for svg in self.attributes("svg") if svg.get("id") == f"mark-{number}")


def measure(
    name: str = "podcast", *, seconds: int = 330, lines: int = 50, chapters: int = 4
) -> MasterFigures:
    """Return the figures of a master as long as is asked for, with a second of silence in each minute."""
    length_ms = seconds * 1000
    points = min(2000, seconds * 10)

    def spans(number: int, kind: str) -> tuple[Span, ...]:
        ends = [length_ms * place // number for place in range(number + 1)] if number else [0]
        return tuple(
            Span(f"{kind} {place}", start, end, place)
            for place, (start, end) in enumerate(itertools.pairwise(ends), 1)
        )

    return MasterFigures(
        name=name,
        file="episode.mp3" if name == "podcast" else f"{name}.mp3",
        duration_ms=length_ms,
        target_lufs=-16.0,
        ceiling_dbtp=-1.0,
        loudness_lufs=-16.04,
        range_lu=5.1,
        true_peak_dbtp=-1.2,
        momentary_max_lufs=-11.9,
        offset=0.00002,
        bandwidth_hz=15_000,
        peaks=tuple(round(0.5 + 0.4 * math.sin(place), 3) for place in range(points)),
        short_term_lufs=tuple(
            None if place % 60 == 59 else round(-16 + 2 * math.sin(place / 3), 1) for place in range(seconds)
        ),
        segments=spans(chapters, "Chapter"),
        lines=spans(lines, "Line"),
    )


def make(*findings: Finding, masters: tuple[MasterFigures, ...] | None = None, forced: bool = False) -> Proof:
    """Return the proof of an episode in which *findings* were found."""
    return Proof(
        slug="2024-12-06-hama-falls",
        title="Hama Falls to Rebels",
        masters=(measure(), measure("flash", seconds=45, lines=8)) if masters is None else masters,
        findings=findings,
        spoken_facts=1312,
        left_out=(
            LeftOutFact("number", "42 cables", "deep-1-2", "the depth is quick"),
            LeftOutFact("number", "42 cables", "deep-2-1", "the depth is quick"),
            LeftOutFact("name", "Ana Ruiz", "deep-3-1", "past 2 minutes"),
        ),
        listened=True,
        forced=forced,
    )


def spoil(proof: Proof, text: str) -> Proof:
    """Put *text* wherever a proof holds a text of somebody else's."""
    span = Span(text, 0, 10_000, 1)
    return dataclasses.replace(
        proof,
        title=text,
        masters=tuple(
            dataclasses.replace(master, file=text, segments=(span,), lines=(span,))
            for master in proof.masters
        ),
        findings=tuple(dataclasses.replace(one, check=text, text=text) for one in proof.findings),
        left_out=(LeftOutFact(text, text, text, text),),
    )


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (make(), "Passed: nothing was found."),
        (make(LEVEL_STEP), "Passed, with 1 warning."),
        (make(LEVEL_STEP, LEVEL_STEP), "Passed, with 2 warnings."),
        (make(DEAD_AIR, LEVEL_STEP), "Refused: 1 failure keeps it from being published."),
        (make(UNTRUE, DEAD_AIR), "Refused: 2 failures keep it from being published."),
        (make(UNTRUE, DEAD_AIR, forced=True), "Published in spite of 2 failures."),
        (make(LEVEL_STEP, forced=True), "Passed, with 1 warning."),
    ],
)
def test_the_verdict_is_the_first_thing_that_is_said(proof: Proof, said: str) -> None:
    page = Page(render_proof_html(proof))
    assert tell_verdict(proof) == said
    assert page.texts_of("strong") == [said]
    assert page.texts_of("title")[0].startswith(said.split()[0].rstrip(":,"))


def test_each_finding_is_marked_at_its_time_and_told_below() -> None:
    """Mark and words lead to each other; what is of the whole has no mark."""
    page = Page(render_proof_html(make(*FINDINGS)))
    links = [link["href"] for link in page.attributes("a")]

    assert [item["id"] for item in page.attributes("li") if "id" in item] == [
        "finding-1",
        "finding-2",
        "finding-3",
    ]
    assert (page.mark(2)["x"], page.mark(2)["class"]) == ("25.00%", "mark failure")
    assert (page.mark(3)["x"], page.mark(3)["class"]) == (f"{400 / 45:.2f}%", "mark warning")
    assert "mark-1" not in page.ids
    assert {"#mark-2", "#mark-3", "#finding-1", "#finding-2", "#finding-3"} <= set(links)
    assert {"episode.mp3#t=81.5", "flash.mp3#t=3"} <= set(links)
    assert "01:22–01:26 · hear it · script.md, row 31" in page.texts_of("p")
    assert "script.md, row 19" in page.texts_of("p")
    assert all(finding.text in page.texts_of("p") for finding in FINDINGS)
    assert [text for text in page.texts_of("h3") if text] == [
        "truth failure",
        "dead air failure",
        "level step warning",
    ]


def test_findings_in_a_crowd_are_all_marked_the_failures_first() -> None:
    """Numbers never lie on each other; those without room are a notch after one with a plus."""
    crowd = [
        dataclasses.replace(LEVEL_STEP, master="podcast", start_ms=second * 1000) for second in range(300)
    ]
    crowd[150] = dataclasses.replace(DEAD_AIR, start_ms=150_000, end_ms=None)
    page = Page(render_proof_html(make(*crowd)))

    assert [name for name in page.ids if name.startswith("mark-")] == [f"mark-{n}" for n in range(1, 301)]
    pins = [text for text in page.texts_of("text") if re.fullmatch(r"\d+\+?", text)]
    assert "151+" in pins
    assert len(pins) < 60
    assert len(crowd) == sum(title.startswith(f"{n}, ") for n, title in _numbered(page))


def _numbered(page: Page) -> list[tuple[int, str]]:
    titles = [title for title in page.texts_of("title") if re.match(r"\d+, (failure|warning): ", title)]
    return list(enumerate(titles, 1))


def test_every_link_inside_the_page_leads_somewhere() -> None:
    page = Page(render_proof_html(make(*FINDINGS)))
    inside = [link["href"] or "" for link in page.attributes("a") if (link["href"] or "").startswith("#")]

    assert len(set(page.ids)) == len(page.ids)
    assert inside
    assert {link[1:] for link in inside} <= set(page.ids)
    told = [svg for svg in page.attributes("svg") if "aria-labelledby" in svg]
    assert len(told) == 2
    for svg in told:
        assert {svg["aria-labelledby"], svg["aria-describedby"]} <= set(page.ids)


def test_the_page_asks_nobody_for_anything() -> None:
    page = render_proof_html(make(*FINDINGS))
    tags = Page(page).tags

    assert not {name for name, _ in tags} & FETCHED
    assert not {name for _, attributes in tags for name in attributes if name.startswith("on")}
    assert [link["href"] for link in Page(page).attributes("link")] == ["data:,"]
    assert "url(" not in page
    assert "@import" not in page
    assert "http" not in page


def test_headings_descend_one_step_at_a_time_and_tables_name_their_rows() -> None:
    page = Page(render_proof_html(make(*FINDINGS)))
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch("h[1-6]", name)]

    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(cell.get("scope") for cell in page.attributes("th"))
    assert page.texts_of("caption") == ["Figures", "Figures", "What is left out, and why"]


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ({}, "Loudness−16.04 LUFS−16.0 ± 0.5 LUFS✓ yes"),
        ({"loudness_lufs": -17.2}, "Loudness−17.20 LUFS−16.0 ± 0.5 LUFS✗ no"),
        ({"loudness_lufs": -math.inf}, "Loudnesssilence−16.0 ± 0.5 LUFS✗ no"),
        ({"true_peak_dbtp": -0.98}, "True peak−0.98 dBTP≤ −1.0 dBTP✗ no"),
        ({"range_lu": 14.0}, "Loudness range14.00 LU1 to 12 LU✗ no"),
        ({"bandwidth_hz": 7950}, "Bandwidth8.0 kHznone–"),
    ],
)
def test_each_figure_stands_beside_its_limit(change: dict[str, float], row: str) -> None:
    master = dataclasses.replace(measure(), **change)  # type: ignore[arg-type]
    assert row in Page(render_proof_html(make(masters=(master,)))).texts_of("tr")


def test_what_is_left_out_is_told_with_its_reason() -> None:
    """Once for each fact, however often it stands in the article."""
    page = Page(render_proof_html(make()))
    told = " ".join(page.texts_of("section")[-1].split())

    assert "1,312 of the article’s numbers, names, dates, quotations and percentages are spoken" in told
    assert "3 are left out" in told
    assert "the depth is quick number 42 cables deep-1-2, deep-2-1" in told
    assert "past 2 minutes name Ana Ruiz deep-3-1" in told
    assert "Each line was listened to" in told


def test_a_script_that_leaves_nothing_out_has_no_table_of_it() -> None:
    page = Page(render_proof_html(dataclasses.replace(make(), left_out=(), listened=False)))
    assert "none are left out" in page.texts_of("section")[-1]
    assert "No recogniser listened" in page.texts_of("section")[-1]
    assert page.texts_of("caption") == ["Figures", "Figures"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_page_or_record(text: str) -> None:
    """Whatever an article says, it is shown as text, and the record can be read back."""
    proof = spoil(make(*FINDINGS), text)
    page = render_proof_html(proof)
    parsed = Page(page)
    record = render_proof_json(proof)

    assert not {name for name, _ in parsed.tags} & FETCHED
    assert not {name for _, attributes in parsed.tags for name in attributes if name.startswith("on")}
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\uffff]", page + record)
    assert "49" not in parsed.texts_of("h1")[0]
    assert len(page) < 150_000
    assert render_proof_json(parse_proof(record)) == record


def test_a_link_to_the_sound_never_leaves_the_folder() -> None:
    master = dataclasses.replace(measure(), file="javascript:alert(1)")
    links = [
        link["href"] for link in Page(render_proof_html(make(DEAD_AIR, masters=(master,)))).attributes("a")
    ]
    assert "javascript%3Aalert%281%29" in links
    assert not any((link or "").startswith("javascript:") for link in links)


@pytest.mark.parametrize("seconds", [0, 1, 3])
def test_a_master_of_next_to_nothing_is_drawn(seconds: int) -> None:
    """Even with findings past its end."""
    master = measure(seconds=seconds, lines=0, chapters=0)
    page = Page(render_proof_html(make(DEAD_AIR, masters=(master,))))
    assert page.mark(1)["x"] == ("100.00%" if seconds else "0.00%")


def test_silence_is_drawn_as_a_gap() -> None:
    """A second between two silences is seen; a programme of silence has no curve."""
    silent = dataclasses.replace(measure(seconds=3), short_term_lufs=(None, None, None), peaks=(0.0,) * 3)
    one = dataclasses.replace(silent, short_term_lufs=(None, -16.0, None))
    curves = [
        next(
            path
            for path in Page(render_proof_html(make(masters=(m,)))).attributes("path")
            if "vector-effect" in path
        )
        for m in (silent, one)
    ]
    assert [curve["d"] for curve in curves] == ["", "M1.5 70V70"]


def test_a_proof_without_masters_is_still_a_page() -> None:
    page = Page(render_proof_html(make(DEAD_AIR, masters=())))
    assert "No master was measured." in page.texts_of("p")
    assert "finding-1" in page.ids


def test_the_page_stays_small() -> None:
    """Under 200 KB for five minutes, and 600 KB for three hours with hundreds of findings and facts."""
    short = make(*FINDINGS)
    hours = measure(seconds=10_800, lines=2400, chapters=300)
    many = tuple(dataclasses.replace(DEAD_AIR, start_ms=place * 36_000) for place in range(300))
    facts = tuple(LeftOutFact("number", f"{n} tonnes", f"deep-{n}-1", "past 9 minutes") for n in range(2000))
    long = dataclasses.replace(make(*many, masters=(hours, measure("flash", seconds=600))), left_out=facts)

    assert len(render_proof_html(short).encode()) < 200_000
    assert len(render_proof_html(long).encode()) < 600_000
    assert len(render_proof_json(long).encode()) < 1_500_000


def test_lines_narrower_than_a_pixel_are_drawn_together() -> None:
    page = Page(render_proof_html(make(masters=(measure(seconds=10_800, lines=5000),))))
    drawn = [title for title in page.texts_of("title") if "Line " in title]
    assert len(drawn) == 1000
    assert drawn[0] == "00:00 row 1: Line 1 and 4 more"


def test_a_peak_is_seen_however_long_the_programme() -> None:
    """One loud second in three hours reaches the top of the curve."""
    levels = [-16.0] * 10_800
    levels[5000] = -2.0
    master = dataclasses.replace(measure(seconds=10_800), short_term_lufs=tuple(levels))
    paths = Page(render_proof_html(make(masters=(master,)))).attributes("path")
    assert re.search(r"[ V]0(?=[LV])", paths[-1]["d"] or "")


def test_the_same_proof_gives_the_same_bytes() -> None:
    first, again = make(*FINDINGS), make(*FINDINGS)
    assert render_proof_html(first) == render_proof_html(again)
    assert render_proof_json(first) == render_proof_json(again)


@pytest.mark.parametrize(
    "proof", [make(), make(*FINDINGS), make(*FINDINGS, forced=True), make(LEVEL_STEP, masters=())]
)
def test_a_record_holds_all_of_its_proof(proof: Proof) -> None:
    assert parse_proof(render_proof_json(proof)) == proof


def test_a_record_is_rounded_and_readable() -> None:
    """A figure has no more digits than it has meaning, silence is null, and a waveform is one line."""
    master = dataclasses.replace(
        measure(), loudness_lufs=-16.0449, offset=-1e-9, peaks=(0.12345, 1.0), short_term_lufs=(-15.96, None)
    )
    silent = dataclasses.replace(master, loudness_lufs=-math.inf, range_lu=math.nan)
    text = render_proof_json(make(masters=(master, silent)))
    heard, unheard = json.loads(text)["masters"]

    assert (heard["loudness_lufs"], heard["offset"]) == (-16.04, 0.0)
    assert "-0.0" not in text.replace("-0.0\n", "")
    assert '"peaks": [0.123, 1.0],' in text
    assert '"short_term_lufs": [-16.0, null],' in text
    assert (unheard["loudness_lufs"], unheard["range_lu"]) == (None, None)
    assert parse_proof(text).masters[1].loudness_lufs == -math.inf
    assert json.loads(text)["passed"]


GOOD = render_proof_json(make(*FINDINGS))


def changed(**members: object) -> str:
    return json.dumps({**json.loads(GOOD), **members})


def changed_master(**members: object) -> str:
    record = json.loads(GOOD)
    record["masters"][0] |= members
    return json.dumps(record)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "12",
        GOOD[:-20],
        GOOD.replace('"format": 1', '"format": 2'),
        GOOD.replace('"range_lu": 5.1', '"range_lu": NaN', 1),
        "[" * 100_000,
        changed(title=5),
        changed(forced="yes"),
        changed(passed=True),
        changed(version=None),
        changed(spoken_facts=1.5),
        changed(spoken_facts=True),
        changed(masters={}),
        changed(masters=[1]),
        changed(findings=[{}]),
        changed(findings=[{**json.loads(GOOD)["findings"][0], "severity": "fatal"}]),
        changed(findings=[{**json.loads(GOOD)["findings"][0], "severity": []}]),
        changed(left_out=[["number"]]),
        changed(more=1),
        changed_master(peaks=["loud"]),
        changed_master(peaks=[0.5, "loud"]),
        changed_master(peaks=0.5),
        changed_master(offset="none"),
        changed_master(duration_ms=None),
        changed_master(lines=[{"title": "", "start_ms": "0", "end_ms": 1, "row": 0}]),
        GOOD.replace('"offset": 2e-05', '"offset": 1e999', 1),
        GOOD.replace('"peaks": [0.5', '"peaks": [1e999', 1),
        changed_master(offset=10**400),
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    assert text != GOOD
    with pytest.raises(ValueError, match=r"\w"):
        parse_proof(text)
