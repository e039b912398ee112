"""The player of an episode's page, under real clicks and keys: what is heard, and when."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.thorough


@pytest.fixture
def opened(visit: Callable[..., Any], paths: dict[str, str]) -> Any:
    """Return the newest episode's page."""
    return visit(paths["episode"])


@pytest.fixture
def playing(opened: Any) -> Any:
    """Return the page with its sound playing."""
    opened.play()
    return opened


@pytest.fixture
def length_s(site: Any) -> Iterator[float]:
    return site.newest.duration_ms / 1000


def find_start(site: Any, words: str) -> float:
    """Return when the line that holds *words* begins, by the transcript beside the page, in seconds."""
    segments = site.json("transcript.json", site.newest)["segments"]
    return next(segment["startTime"] for segment in segments if words in segment["body"])


def test_the_player_is_the_enclosure(opened: Any, site: Any, length_s: float) -> None:
    """The page plays the file that the feed names, and knows how long it is before it is fetched."""
    assert opened.tab.locator("audio").get_attribute("src") == site.path("episode.mp3", site.newest).name
    assert opened.tab.get_by_role("slider").first.get_attribute("max") == f"{length_s:.3f}".rstrip("0")
    assert [asked.url for asked in opened.asked if asked.url.endswith(".mp3")] == []


def test_the_large_button_plays_and_pauses(opened: Any) -> None:
    """One button plays, and then pauses; its name says which."""
    opened.play()
    opened.button("Pause").click()
    opened.button("Play").wait_for()
    opened.wait("audio.paused")


def test_a_click_on_the_waveform_seeks_by_a_range(opened: Any, length_s: float) -> None:
    """The middle is heard from the middle on, and only that part of the file is fetched for it."""
    slider = opened.tab.get_by_role("slider").first
    box = slider.bounding_box()
    with opened.tab.expect_response("**/episode-*.mp3") as answer:
        opened.tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        opened.button("Play").click()
    assert answer.value.status == 206
    opened.wait_for_time(length_s * 0.48, length_s * 0.56)


def test_the_end_can_be_reached_and_ends(playing: Any, length_s: float) -> None:
    """What is left is heard to its end, where the player stops and can begin anew."""
    slider = playing.tab.get_by_role("slider").first
    slider.focus()
    playing.tab.keyboard.press("End")
    playing.tab.keyboard.press("ArrowLeft")
    playing.read("audio.playbackRate = 4")
    playing.wait("audio.ended")
    assert playing.read("audio.currentTime") == pytest.approx(length_s, abs=0.25)
    assert playing.button("Play").is_visible()


def test_the_slider_says_where_it_is(playing: Any) -> None:
    """Those who hear the page are told minutes and seconds, not a bare number."""
    slider = playing.tab.get_by_role("slider").first
    slider.focus()
    playing.tab.keyboard.press("Home")
    playing.tab.keyboard.press("PageUp")
    playing.wait("audio.currentTime > 10")
    assert re.search(r"\d:\d\d of 1:5\d", slider.get_attribute("aria-valuetext"))


def test_a_chapter_moves_the_player(opened: Any, site: Any) -> None:
    """A click on each chapter's title plays from where it begins, and marks it as the one that is heard."""
    for chapter in site.newest.chapters[1:]:
        link = opened.tab.get_by_role("link", name=chapter.title).or_(
            opened.tab.get_by_role("button", name=chapter.title)
        )
        link.first.click()
        opened.wait("!audio.paused")
        opened.wait_for_time(chapter.start_ms / 1000 - 0.05, chapter.start_ms / 1000 + 6)
        opened.tab.locator("[aria-current]", has_text=chapter.title).first.wait_for()


def test_a_click_on_a_sentence_plays_it(opened: Any, site: Any) -> None:
    """The transcript's sentences are places in the sound."""
    start_s = find_start(site, "brass band")
    opened.tab.get_by_text("with a brass band on deck").first.click()
    opened.wait("!audio.paused")
    opened.wait_for_time(start_s - 0.1, start_s + 6)


def test_the_transcript_follows_the_voice_and_marks_the_spoken_word(opened: Any, site: Any) -> None:
    """While it plays, the sentence that is heard is marked, and in it one word after the other."""
    opened.tab.get_by_text("The old line closed after a winter storm").first.click()
    opened.wait("!audio.paused && document.querySelector('.transcript [aria-current]')")
    assert "winter storm" in opened.tab.locator(".transcript [aria-current]").first.inner_text()
    seen: list[str] = []
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        word = opened.read("document.querySelector('.transcript .word[data-now]')?.textContent")
        seen += [word] if word and word not in seen else []
        opened.tab.wait_for_timeout(20)
    segments = site.json("transcript.json", site.newest)["segments"]
    spoken = iter(" ".join(segment["body"] for segment in segments).split())
    assert len(seen) > 2
    assert all(word in spoken for word in seen)


def test_the_spoken_sentence_stays_in_sight(opened: Any) -> None:
    """When the voice comes to a sentence below the window's edge, the page scrolls to it."""
    opened.tab.set_viewport_size({"width": 1280, "height": 500})
    opened.tab.evaluate("location.hash = '#t=80'")
    opened.tab.get_by_role("heading", name="Transcript").scroll_into_view_if_needed()
    opened.wait("!audio.paused && audio.currentTime > 80")
    current = "document.querySelector('.transcript [aria-current]').getBoundingClientRect()"
    opened.wait(f"{current}.top >= 0 && {current}.bottom <= innerHeight")


def test_words_can_be_found_in_the_transcript(opened: Any) -> None:
    """Search marks each place, tells how many there are, and goes from one to the next."""
    box = opened.tab.get_by_role("searchbox")
    box.fill("SALTMARSH")
    opened.tab.locator("mark", has_text="Saltmarsh").first.wait_for()
    assert opened.tab.locator("mark").count() == 1
    box.press("Enter")
    assert "1 of 1" in opened.tab.locator("output").first.inner_text()
    assert opened.read("audio.paused")
    box.fill("no such word")
    opened.wait("!document.querySelector('mark')")


def test_keys_skip(opened: Any) -> None:
    """J and L, and the arrows, skip by fifteen seconds."""
    opened.tab.evaluate("location.hash = '#t=40'")
    opened.wait_for_time(39.9, 48)
    opened.read("audio.pause()")
    for key, moved_s in (("l", 15), ("j", -15), ("ArrowRight", 15), ("ArrowLeft", -15)):
        before_s = opened.read("audio.currentTime")
        opened.tab.keyboard.press(key)
        opened.wait_for_time(before_s + moved_s - 0.5, before_s + moved_s + 0.5)


def test_keys_play_and_pause(opened: Any) -> None:
    """K and the space bar play and pause."""
    opened.tab.locator("h1").click()
    for key in ("k", " "):
        opened.tab.keyboard.press(key)
        opened.wait("!audio.paused && audio.currentTime > 0")
        opened.tab.keyboard.press(key)
        opened.wait("audio.paused")


def test_keys_are_left_to_whoever_types(opened: Any) -> None:
    """In the search field a K is a K."""
    opened.tab.keyboard.press("/")
    opened.tab.keyboard.type("k l j")
    assert opened.tab.get_by_role("searchbox").input_value() == "k l j"
    assert opened.read("audio.paused && audio.currentTime === 0")


def test_all_of_it_can_be_reached_by_the_tab_key(opened: Any) -> None:
    """Whatever can be used can be reached by keyboard, and looks different when it is."""
    reached, unmarked = set(), []
    for _ in range(40):
        opened.tab.keyboard.press("Tab")
        name = opened.read(
            "(({ariaLabel, textContent}) => ariaLabel || textContent.trim())(document.activeElement)"
        )
        reached.add(name)
        unmarked += [] if _is_marked(opened) else [name]
    for wanted in (
        "Play",
        "Position",
        "Back 15 seconds",
        "Forward 15 seconds",
        "Speed",
        "Search the transcript",
    ):
        assert wanted in reached
    assert unmarked == []


def _is_marked(opened: Any) -> bool:
    """Tell whether what has the keyboard's focus shows it: by an outline, or else by any change at all."""
    if opened.read("getComputedStyle(document.activeElement).outlineStyle !== 'none'"):
        return True
    focused = opened.tab.screenshot()
    opened.tab.evaluate("() => { window.left = document.activeElement; left.blur(); }")
    blurred = opened.tab.screenshot()
    opened.tab.evaluate("() => left.focus()")
    return bool(focused != blurred)


def test_buttons_skip(playing: Any) -> None:
    """Fifteen seconds forward, and fifteen back."""
    playing.button("Forward 15 seconds").click()
    playing.wait_for_time(15, 19)
    playing.button("Back 15 seconds").click()
    playing.wait_for_time(0, 5)


def test_the_speed_can_be_set_and_is_kept(playing: Any) -> None:
    """It is read faster at once, and the next time as well."""
    playing.tab.get_by_label("Speed").first.select_option("1.5")
    assert playing.read("audio.playbackRate") == 1.5
    playing.tab.reload()
    playing.button("Play").click()
    playing.wait("audio.playbackRate === 1.5 && audio.currentTime > 0")


def test_the_position_is_remembered(playing: Any) -> None:
    """Who comes back goes on where they stopped."""
    playing.tab.evaluate("location.hash = '#t=50'")
    playing.wait_for_time(50, 53)
    playing.button("Pause").click()
    playing.tab.goto(playing.tab.url.split("#")[0])
    playing.tab.reload()
    playing.button("Resume").or_(playing.button("Play")).first.click()
    playing.wait("!audio.paused")
    playing.wait_for_time(49, 56)


@pytest.mark.parametrize(
    ("moment", "at_s"), [("#t=30", 30.0), ("#t=61.5", 61.5), ("#t=0:45", 45.0), ("#t=npt:20", 20.0)]
)
def test_a_link_to_a_moment_opens_there(
    visit: Callable[..., Any], paths: dict[str, str], moment: str, at_s: float
) -> None:
    """`#t=` is a place in the sound, in the forms of media fragments."""
    opened = visit(paths["episode"] + moment)
    opened.button("Play").click()
    opened.wait("!audio.paused")
    opened.wait_for_time(at_s - 0.1, at_s + 8)


@pytest.mark.parametrize("moment", ["#t=nonsense", "#t=-5", "#t=999999", "#%E0%A4%A"])
def test_a_broken_moment_does_no_harm(visit: Callable[..., Any], paths: dict[str, str], moment: str) -> None:
    """Whatever stands behind the hash, the page works."""
    opened = visit(paths["episode"] + moment)
    opened.tab.get_by_role("link", name="Quick Looks").first.click()
    opened.wait("!audio.paused && audio.currentTime > 5")


def test_a_link_to_the_moment_can_be_copied(visit: Callable[..., Any], paths: dict[str, str]) -> None:
    """What is copied opens the page at the second that was heard."""
    opened = visit(paths["episode"] + "#t=33", permissions=["clipboard-read", "clipboard-write"])
    opened.button("Copy link at").click()
    opened.tab.get_by_role("status").get_by_text("copied").wait_for()
    copied = opened.tab.evaluate("() => navigator.clipboard.readText()")
    assert copied.endswith(paths["episode"] + "#t=33")


def test_the_sound_can_be_downloaded(opened: Any, site: Any) -> None:
    """The link gives the very file, under a name that says which episode it is."""
    with opened.tab.expect_download() as downloading:
        opened.tab.get_by_role("link", name="MP3").first.click()
    assert downloading.value.suggested_filename.endswith(".mp3")
    assert downloading.value.path().stat().st_size == site.newest.audio.size_bytes


def test_the_lock_screen_is_told(playing: Any, site: Any) -> None:
    """Title, show and cover are there for the system's own controls, and the position."""
    assert playing.read("navigator.mediaSession.metadata.title") == site.newest.title
    assert playing.read("navigator.mediaSession.metadata.album") == site.station.show.title
    assert playing.read("navigator.mediaSession.playbackState") == "playing"
    artwork = playing.read("[...navigator.mediaSession.metadata.artwork].map((picture) => picture.src)")
    answers = [playing.tab.request.get(picture) for picture in artwork]
    assert {answer.status for answer in answers} == {200}
    assert {answer.headers["content-type"] for answer in answers} == {"image/jpeg"}


def test_the_captions_load(opened: Any, site: Any) -> None:
    """The browser takes the VTT for captions: as many as the file has, and within the sound."""
    opened.read("audio.textTracks[0].mode = 'hidden'")
    opened.wait("audio.textTracks[0].cues?.length > 0")
    count = site.path("transcript.vtt", site.newest).read_text().count(" --> ")
    assert opened.read("audio.textTracks[0].cues.length") == count
    assert opened.read("[...audio.textTracks[0].cues].at(-1).endTime") <= site.newest.duration_ms / 1000


def test_a_quick_look_plays_alone(opened: Any, site: Any) -> None:
    """A Quick Look's link plays that one, and stops behind it."""
    link = opened.tab.get_by_role("link", name="Play Quick Look 2").first
    start_s, end_s = map(float, link.get_attribute("href").split("#t=")[1].split(","))
    link.click()
    opened.wait("!audio.paused")
    opened.wait_for_time(start_s - 0.1, start_s + 6)
    opened.read("audio.playbackRate = 4")
    opened.wait("audio.paused")
    assert opened.read("audio.currentTime") == pytest.approx(end_s, abs=1.2)


def test_a_phone_plays_by_touch(visit: Callable[..., Any], paths: dict[str, str]) -> None:
    """A tap plays, and a tap on a chapter goes there."""
    opened = visit(paths["episode"], "phone")
    opened.button("Play").tap()
    opened.wait("!audio.paused && audio.currentTime > 0")
    opened.tab.get_by_role("link", name="Deep Look").first.tap()
    opened.wait("audio.currentTime > 20")
