"""How a voice of Piper is found and fetched: from a real server on this machine, whole or not at all."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from morning_edition.errors import VoiceError
from morning_edition.voices.piper import catalogue as piper_voices
from morning_edition.voices.piper import install as piper_install
from morning_edition.voices.piper import server as piper_server

NAME = "xx_XX-test-low"
MODEL = bytes(range(256)) * 4_000
SETTINGS = b'{"num_speakers": 1}'
PATH = f"xx/xx_XX/test/low/{NAME}.onnx"


def md5_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


class Shop(ThreadingHTTPServer):
    """Has the files of voices; can be told to be without ranges, to hang up or to be busy."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.ranges = True
        self.hang_up_after = 0
        self.statuses: list[int] = []
        self.redirect = ""
        self.put(MODEL, SETTINGS)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def put(self, model: bytes, settings: bytes, *, listed_size: int | None = None, md5: str = "") -> None:
        """Put the voice on the shelf, and in the list, there perhaps wrongly."""
        self.files |= {PATH: model, f"{PATH}.json": settings}
        files = {
            path: {"size_bytes": len(content), "md5_digest": md5_of(content)}
            for path, content in self.files.items()
            if path.startswith(PATH)
        }
        if listed_size is not None:
            files[PATH]["size_bytes"] = listed_size
        if md5:
            files[PATH]["md5_digest"] = md5
        self.files["voices.json"] = json.dumps({NAME: {"num_speakers": 1, "files": files}}).encode()


class _Counter(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        path, extent = self.path.lstrip("/"), self.headers.get("Range", "")
        self.server.asked.append((path, extent))
        content = self.server.files.get(path)
        status = self.server.statuses.pop(0) if self.server.statuses and path == PATH else 200
        if self.server.redirect and path == PATH:
            self.send_response(302)
            self.send_header("Location", self.server.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if content is None or status != 200:
            self.send_error(404 if content is None else status)
            return
        begin = 0
        if extent and self.server.ranges:
            begin = int(re.findall(r"\d+", extent)[0])
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(content) - begin))
        self.end_headers()
        if self.server.hang_up_after and path == PATH:
            self.wfile.write(content[begin : begin + self.server.hang_up_after])
            self.close_connection = True
        else:
            self.wfile.write(content[begin:])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Shop]:
    with Shop() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        monkeypatch.setenv(piper_voices.SERVER_VARIABLE, server.url)
        monkeypatch.setenv(piper_voices.FOLDER_VARIABLE, str(tmp_path / "voices"))
        monkeypatch.setattr(piper_install, "WAIT_S", 0.01)
        yield server
        server.shutdown()


def install(name: str = NAME) -> Path:
    return piper_voices.install_voice(name, lambda _there, _of: None)


def part_of(folder: Path) -> Path:
    return folder / f"{NAME}.onnx.part"


def test_a_voice_is_fetched_whole_with_its_settings(shop: Shop) -> None:
    """Both files come, nothing else stays but the lock, and the progress ends at the whole size."""
    told: list[tuple[int, int]] = []
    path = piper_voices.install_voice(NAME, lambda there, of: told.append((there, of)))
    assert path.read_bytes() == MODEL
    assert path.with_name(f"{path.name}.json").read_bytes() == SETTINGS
    assert {f"{NAME}.onnx", f"{NAME}.onnx.json", f"{NAME}.lock"} == {p.name for p in path.parent.iterdir()}
    assert (len(MODEL) + len(SETTINGS),) * 2 == told[-1]
    assert told == sorted(told)
    assert {NAME: path} == piper_voices.find_installed()


def test_a_voice_that_is_whole_is_left_alone(shop: Shop) -> None:
    """Nothing of it is fetched again."""
    install()
    shop.asked.clear()
    install()
    assert [path for path, _ in shop.asked] == ["voices.json"]


def test_a_damaged_voice_is_fetched_again(shop: Shop) -> None:
    """A file of the right size with other content does not count as installed."""
    path = install()
    path.write_bytes(bytes(len(MODEL)))
    assert install().read_bytes() == MODEL


def test_what_was_fetched_before_is_not_fetched_again(shop: Shop, tmp_path: Path) -> None:
    """A fetch that was stopped goes on from there."""
    (tmp_path / "voices").mkdir()
    part_of(tmp_path / "voices").write_bytes(MODEL[:300_000])
    assert install().read_bytes() == MODEL
    assert (PATH, "bytes=300000-") in shop.asked


def test_a_server_without_ranges_sends_all_of_it(shop: Shop, tmp_path: Path) -> None:
    """Where it ignores what was asked for, the part begins anew."""
    shop.ranges = False
    (tmp_path / "voices").mkdir()
    part_of(tmp_path / "voices").write_bytes(MODEL[:300_000])
    assert install().read_bytes() == MODEL


def test_a_part_of_another_version_is_thrown_away(shop: Shop, tmp_path: Path) -> None:
    """A part that does not fit what follows it costs a second fetch, not a broken voice."""
    (tmp_path / "voices").mkdir()
    part_of(tmp_path / "voices").write_bytes(b"\x55" * 300_000)
    assert install().read_bytes() == MODEL
    assert [asked for asked in shop.asked if asked[0] == PATH] == [(PATH, "bytes=300000-"), (PATH, "")]


def test_a_connection_that_breaks_off_is_taken_up_again(shop: Shop) -> None:
    """However often, as long as each attempt brings some of it."""
    shop.hang_up_after = 100_000
    assert install().read_bytes() == MODEL
    assert len(MODEL) // 100_000 < len([path for path, _ in shop.asked if path == PATH])


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(shop: Shop, status: int) -> None:
    """Some refusals pass."""
    shop.statuses = [status, status]
    assert install().read_bytes() == MODEL


def test_a_server_that_stays_busy_is_left_alone(shop: Shop) -> None:
    """After a few attempts it is told, and what there is stays."""
    shop.statuses = [503] * 20
    with pytest.raises(VoiceError, match=r"answers 503 for .*; try again, it goes on from there"):
        install()
    assert len([path for path, _ in shop.asked if path == PATH]) == piper_install.ATTEMPTS
    assert piper_voices.find_installed() == {}


def test_a_file_with_another_hash_is_never_installed(shop: Shop, tmp_path: Path) -> None:
    """What is not what the list promises does not get a voice's name."""
    shop.put(MODEL, SETTINGS, md5="0" * 32)
    with pytest.raises(VoiceError, match="has another hash than it should have"):
        install()
    assert not (tmp_path / "voices" / f"{NAME}.onnx").exists()
    assert not part_of(tmp_path / "voices").exists()


@pytest.mark.parametrize("size", [len(MODEL) - 1, len(MODEL) + 1])
def test_a_file_of_another_size_is_never_installed(shop: Shop, tmp_path: Path, size: int) -> None:
    """Too long or too short, it is refused before it is fetched."""
    shop.put(MODEL, SETTINGS, listed_size=size)
    with pytest.raises(VoiceError, match=f"has {len(MODEL)} bytes instead of {size}"):
        install()
    assert not (tmp_path / "voices" / f"{NAME}.onnx").exists()


def test_a_voice_too_large_for_one_is_not_fetched(shop: Shop) -> None:
    """A size is bounded, whoever tells it."""
    shop.put(MODEL, SETTINGS, listed_size=10**12)
    with pytest.raises(VoiceError, match="which no voice has"):
        install()


def test_a_voice_that_was_trained_again_is_fetched_as_it_is_now(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the files differ from the known ones, the server's list decides."""
    old = piper_voices.KnownVoice(
        NAME,
        1,
        piper_voices.VoiceFile(PATH, 5, md5_of(b"older")),
        piper_voices.VoiceFile(f"{PATH}.json", len(SETTINGS), md5_of(SETTINGS)),
    )
    monkeypatch.setattr(piper_voices, "known_voices", lambda: {NAME: old})
    assert install().read_bytes() == MODEL


def test_a_voice_that_the_server_lacks_is_told_of(shop: Shop) -> None:
    """Its list decides; a file that is in the list and not there is a clear end too."""
    with pytest.raises(VoiceError, match="there is no voice yy_YY-other-low at 127"):
        install("yy_YY-other-low")
    del shop.files[PATH]
    with pytest.raises(VoiceError, match=f"answers 404 for /{PATH}"):
        install()


@pytest.mark.parametrize("name", ["../../etc/passwd", "lessac", "en_US-less/ac-medium", ""])
def test_only_a_voice_s_name_is_asked_for(shop: Shop, name: str) -> None:
    """A name never leads out of the folder, here or on the server."""
    with pytest.raises(VoiceError, match="is no voice's name"):
        install(name)
    assert shop.asked == []


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"xx_XX-test-low": 5}', b"\xff" * 5_000_000])
def test_a_list_that_cannot_be_read_is_told_of(shop: Shop, content: bytes) -> None:
    """An error page in its place, or one without end, is no list."""
    shop.files["voices.json"] = content
    with pytest.raises(VoiceError, match=r"list of voices at 127.0.0.1 cannot be read|there is no voice"):
        install()


def test_a_folder_that_cannot_be_written_is_told_of(shop: Shop, tmp_path: Path) -> None:
    """The message names the folder and the way out."""
    (tmp_path / "voices").write_text("a file where the folder should be")
    with pytest.raises(VoiceError, match=f"voices cannot be written .*{piper_voices.FOLDER_VARIABLE}"):
        install()


def test_a_full_disk_is_told_of_before_it_is_full(shop: Shop) -> None:
    """A voice larger than what is free is not begun."""
    shop.put(MODEL, SETTINGS, listed_size=10**15)
    largest = piper_server.LARGEST
    piper_server.LARGEST = 10**16
    try:
        with pytest.raises(VoiceError, match="no space left in"):
            install()
    finally:
        piper_server.LARGEST = largest


@pytest.mark.parametrize(
    "url", ["http://voices.example/", "ftp://127.0.0.1/", "voices", "http://192.168.1.5/"]
)
def test_a_mirror_is_asked_safely_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    """Plain http is for this machine alone: anyone on the way could change a voice."""
    monkeypatch.setenv(piper_voices.SERVER_VARIABLE, url)
    monkeypatch.setenv(piper_voices.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(VoiceError, match=f"by https.*check {piper_voices.SERVER_VARIABLE}"):
        install()
    assert not piper_voices.is_reachable()


def test_no_redirection_leads_to_an_unsafe_address(shop: Shop) -> None:
    """Nor does the server send on to one."""
    shop.redirect = "http://elsewhere.example/voice.onnx"
    with pytest.raises(VoiceError, match=r"not from http://elsewhere\.example"):
        install()


def test_two_fetches_at_once_make_one_voice(shop: Shop) -> None:
    """The second waits for the first, and finds it done."""
    paths: list[Path] = []
    threads = [threading.Thread(target=lambda: paths.append(install())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.read_bytes() for path in paths] == [MODEL] * 3
    assert len([path for path, _ in shop.asked if path == PATH]) == 1


def test_a_stopped_fetch_keeps_what_has_come(shop: Shop, tmp_path: Path) -> None:
    """Control-C while it is fetched loses nothing."""

    def stop(there: int, _of: int) -> None:
        if there > 500_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        piper_voices.install_voice(NAME, stop)
    kept = part_of(tmp_path / "voices").stat().st_size
    assert 0 < kept < len(MODEL)
    assert install().read_bytes() == MODEL
    assert (PATH, f"bytes={kept}-") in shop.asked


def test_a_server_that_is_there_is_reachable_and_one_that_is_not_is_not(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found out at once."""
    assert piper_voices.is_reachable()
    monkeypatch.setenv(piper_voices.SERVER_VARIABLE, "http://127.0.0.1:9/")
    assert not piper_voices.is_reachable()


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en-US", "en_US-john-medium"),
        ("en", "en_US-john-medium"),
        ("en-GB", "en_GB-cori-medium"),
        ("en-AU", "en_GB-cori-medium"),
        ("de-AT", "de_DE-thorsten-medium"),
        ("es-MX", "es_MX-claude-high"),
        ("pt", "pt_BR-faber-medium"),
        ("pt_PT", "pt_PT-tugão-medium"),
        ("nb-NO", "no_NO-talesyntese-medium"),
        ("tlh", ""),
    ],
)
def test_each_language_has_its_usual_voice(language: str, name: str) -> None:
    """The region's own before that of the language."""
    assert name == piper_voices.default_voice_name(language)


def test_known_voices_are_well_formed() -> None:
    """Each row of the table is a voice that could be asked for."""
    known = piper_voices.known_voices()
    assert {"en_US-ryan-medium", "en_US-lessac-medium", "en_GB-alan-medium"} < known.keys()
    for name, voice in known.items():
        assert piper_voices.model_path(name) == voice.model.path
        assert re.fullmatch("[0-9a-f]{32}", voice.model.md5 if voice.model.size > 10_000_000 else "")
        assert re.fullmatch("[0-9a-f]{32}", voice.settings.md5 if voice.settings.size < 60_000 else "")


def test_the_voice_that_suits_a_language_best_is_found(shop: Shop, tmp_path: Path) -> None:
    """That of the region, then the usual one, then by quality; files that are no pair do not count."""
    folder = tmp_path / "voices"
    folder.mkdir()
    assert piper_voices.find_best("en-US") == ""
    for name in ("en_GB-alan-low", "en_US-ryan-low", "en_US-ryan-medium", "de_DE-thorsten-medium", "odd"):
        (folder / f"{name}.onnx").touch()
        (folder / f"{name}.onnx.json").touch()
    (folder / "en_US-john-medium.onnx").touch()
    assert piper_voices.find_best("en-US") == "en_US-ryan-medium"
    assert piper_voices.find_best("en-GB") == "en_GB-alan-low"
    assert piper_voices.find_best("fr-FR") == ""
    (folder / "en_US-john-medium.onnx.json").touch()
    assert piper_voices.find_best("en-US") == "en_US-john-medium"


@pytest.mark.parametrize(
    ("wanted", "near"), [("en_US-jon-medium", "en_US-john-medium"), ("ryan", "en_US-ryan-high"), ("zzz", "")]
)
def test_a_voice_that_is_not_known_is_refused_with_the_nearest(
    wanted: str, near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its writing, or by the name of its speaker alone."""
    monkeypatch.setenv(piper_voices.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(VoiceError) as refused:
        piper_voices.find_model(wanted, "en-US")

    hint = f"; did you mean {near}?" if near else ""
    assert str(refused.value) == f"piper has no voice called {wanted!r}{hint} (installed: none)"
