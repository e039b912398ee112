"""How a speech server of the network is asked, against a real one on this machine."""

import shutil
import ssl
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices.network.addresses import check_address, is_near, name_server
from morning_edition.voices.network.complaints import asked_wait_s
from morning_edition.voices.network.server import Server, read_key

KEY = "sk-0123456789abcdefghij"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget this machine's proxies, and wait for nothing long."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setattr(Server, "connect_timeout_s", 1.0)
    monkeypatch.setattr(Server, "read_timeout_s", 0.3)


def open_server(url: str) -> Server:
    headers = {"Authorization": f"Bearer {KEY}", "X-Plan": "free"}
    return Server("test", f"{url}/v1/", title="Test Speech", headers=headers, key_variable="TEST_KEY")


def test_a_record_goes_out_as_json_behind_the_base_address(speech_server: Any) -> None:
    """What is asked arrives as it was meant: method, path, headers of the server and of the request, body."""
    answer = open_server(speech_server.url).ask(
        "POST", "/speech?format=wav", record={"text": "Ḥamāh"}, headers={"Accept": "audio/wav"}
    )
    (asked,) = speech_server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/speech?format=wav")
    assert asked.record == {"text": "Ḥamāh"}
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["accept"] == "audio/wav"
    assert asked.headers["content-type"] == "application/json"
    assert answer.content == speech_server.always.body
    assert answer.content_type == "audio/wav"


def test_bytes_go_out_as_they_are(speech_server: Any) -> None:
    open_server(speech_server.url).ask(
        "POST", "/x", content=b"<speak/>", headers={"Content-Type": "application/ssml+xml"}
    )
    (asked,) = speech_server.asked
    assert (asked.body, asked.headers["content-type"]) == (b"<speak/>", "application/ssml+xml")


def test_lines_one_after_another_share_a_connection(speech_server: Any) -> None:
    """Each new connection would cost a handshake, a tenth of a second across an ocean."""
    server = open_server(speech_server.url)
    for _ in range(3):
        server.ask("POST", "/x", record={})
    assert len({asked.connection for asked in speech_server.asked}) == 1


def test_many_threads_ask_at_once(speech_server: Any) -> None:
    server = open_server(speech_server.url)
    speech_server.always = speech_server.reply(b"x" * 300_000, delay_s=0.1)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: server.ask("POST", f"/{number}"), range(32)))
    assert {answer.content for answer in answers} == {b"x" * 300_000}
    assert speech_server.most_at_once > 8
    assert len({asked.path for asked in speech_server.asked}) == 32


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ({"status": 429}, "asks for fewer requests"),
        ({"status": 408}, "asks for fewer requests"),
        ({"status": 500}, "is out of order"),
        ({"status": 503, "body": b"<html>upstream</html>"}, "is out of order .503: a web page"),
        ({"reset": True}, "breaks off the connection"),
        ({"body": b"x" * 1000, "half": True}, "breaks off the connection"),
        ({"body": b"x" * 1000, "half": True, "chunked": True}, "breaks off the connection"),
        ({"stall": True}, "does not answer in time"),
        ({"slow_head_s": 0.02}, "does not answer in time"),
    ],
)
def test_what_may_pass_is_busy(speech_server: Any, reply: dict[str, Any], message: str) -> None:
    """Whoever asks may ask again; here it is asked once."""
    speech_server.replies = [speech_server.reply(**reply)]
    with pytest.raises(VoiceBusyError, match=f"^test: Test Speech {message}") as caught:
        open_server(speech_server.url).ask("POST", "/x")
    assert caught.value.wait_s == 0
    assert caught.value.paid == ("half" in reply), "what has begun to answer has done its work"
    assert len(speech_server.asked) == 1


def test_a_server_that_recovers_is_asked_over_a_fresh_connection(speech_server: Any) -> None:
    server = open_server(speech_server.url)
    for failure in ({"reset": True}, {"body": b"x" * 9, "half": True}, {"stall": True}, {"status": 500}):
        speech_server.replies = [speech_server.reply(**failure)]
        with pytest.raises(VoiceBusyError):
            server.ask("POST", "/x")
        assert server.ask("POST", "/x").content == speech_server.always.body


@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_that_a_server_asks_for_is_handed_on(speech_server: Any, status: int) -> None:
    speech_server.replies = [speech_server.json({"error": "slow down"}, status, Retry_After="2.5")]
    with pytest.raises(VoiceBusyError, match="slow down") as caught:
        open_server(speech_server.url).ask("POST", "/x")
    assert caught.value.wait_s == 2.5


def test_a_wait_is_told_in_seconds_or_as_a_date_by_the_servers_clock() -> None:
    now = datetime(2031, 1, 1, tzinfo=UTC)
    later = format_datetime(now + timedelta(seconds=30), usegmt=True)
    assert asked_wait_s({"Retry-After": "7"}) == 7
    assert asked_wait_s({"Retry-After": later, "Date": format_datetime(now, usegmt=True)}) == 30
    near = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert asked_wait_s({"Retry-After": near}) == pytest.approx(30, abs=3)


@pytest.mark.parametrize(
    "asked", ["", "soon", "-5", "nan", "inf", "9" * 400, "Thu, 01 Jan 1970 00:00:00 GMT"]
)
def test_a_wait_that_makes_no_sense_is_none(asked: str) -> None:
    assert asked_wait_s({"Retry-After": asked}) == 0


@pytest.mark.parametrize(
    ("status", "record", "message"),
    [
        (
            400,
            {"error": {"message": "input too long", "code": "too_long"}},
            r"refuses \(400: input too long\)",
        ),
        (401, {"detail": {"status": "invalid_api_key", "message": "no"}}, "check the key in TEST_KEY"),
        (403, {"error": "not for you"}, r"\(403: not for you\); check the key in TEST_KEY"),
        (402, {"message": "pay"}, r"\(402: pay\); your plan there is used up"),
        (404, {"detail": "Not Found"}, r"\(404: Not Found\); check base_url, the model and the voice"),
        (422, {"detail": [{"loc": ["body", "speed"], "msg": "too fast"}]}, r"\(422: body.speed: too fast\)"),
        (
            401,
            {"detail": {"status": "quota_exceeded", "message": "0 left"}},
            "0 left.; your plan there is used up",
        ),
        (
            429,
            {"error": {"code": "insufficient_quota", "message": "quota"}},
            "quota.; your plan there is used up",
        ),
        (418, ["odd", {"things": None}], r"\(418: odd\)"),
        (418, {"error": {"message": None}}, r"\(418"),
        (418, 7, r"\(418\)"),
    ],
)
def test_what_will_not_pass_is_told_in_the_servers_words(
    speech_server: Any, status: int, record: object, message: str
) -> None:
    """A refusal is shown with what the server said of it, and the way out."""
    speech_server.replies = [speech_server.json(record, status)]
    with pytest.raises(VoiceError, match=message) as caught:
        open_server(speech_server.url).ask("POST", "/x")
    assert not isinstance(caught.value, VoiceBusyError)


def test_a_redirect_is_not_followed(speech_server: Any) -> None:
    """The key would go with it."""
    elsewhere = {"Location": f"{speech_server.url}/elsewhere"}
    speech_server.replies = [speech_server.reply(status=307, headers=elsewhere)]
    with pytest.raises(VoiceError, match="sends to another address"):
        open_server(speech_server.url).ask("POST", "/x")
    assert len(speech_server.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
@pytest.mark.parametrize(
    "said",
    [f"bad key {KEY}", f"bad key {KEY[:6]}********{KEY[-4:]}", "key\n\x1b[31m" + KEY + " " * 500 + "x" * 500],
)
def test_no_key_is_in_any_message(speech_server: Any, status: int, said: str) -> None:
    """Not even a key that the server echoes, whole or in part, nor anything that a terminal would obey."""
    speech_server.always = speech_server.json({"error": {"message": said}}, status)
    server = open_server(speech_server.url)
    with pytest.raises(VoiceError) as caught:
        server.ask("POST", "/x")
    assert KEY[:6] not in str(caught.value) + repr(caught.value) + repr(server)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 350


def test_an_answer_without_end_is_left(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    speech_server.replies = [speech_server.reply(b"x" * 2_000)]
    server = open_server(speech_server.url)
    with pytest.raises(VoiceBusyError, match="does not come to an end"):
        server.ask("POST", "/x", largest_bytes=1_000)
    speech_server.replies = [speech_server.reply(b"x" * 300, trickle_s=0.02)]
    monkeypatch.setattr(Server, "deadline_s", 0.4)
    began_s = time.monotonic()
    with pytest.raises(VoiceBusyError, match=r"does not (come to an end|answer in time)"):
        server.ask("POST", "/x")
    assert time.monotonic() - began_s < 1.5


def test_an_error_without_end_is_still_told(speech_server: Any) -> None:
    speech_server.replies = [speech_server.reply(b"x" * 5_000_000, 400)]
    with pytest.raises(VoiceError, match=r"refuses \(400: xxx"):
        open_server(speech_server.url).ask("POST", "/x")


def test_a_server_that_is_not_there_is_said_to_be_so(speech_server: Any) -> None:
    with pytest.raises(
        VoiceError, match=r"cannot be reached at 127\.0\.0\.1.*refused.*check the network"
    ) as caught:
        open_server(speech_server.unused_url()).ask("POST", "/x")
    assert not isinstance(caught.value, VoiceBusyError)


def test_a_server_that_speaks_no_tls_cannot_prove_itself(speech_server: Any) -> None:
    server = Server("test", speech_server.url.replace("http:", "https:"), title="Test Speech")
    with pytest.raises(VoiceError, match=r"Test Speech.*cannot prove who it is|breaks off"):
        server.ask("GET", "/x")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a certificate that nobody knows, its key in the same file."""
    path = tmp_path / "server.pem"
    program = shutil.which("openssl")
    if not program:
        pytest.skip("needs the openssl program")
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *name]
    subprocess.run([*made, "-keyout", path, "-out", tmp_path / "cert.pem"], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    return path


def test_a_certificate_is_checked(
    speech_server: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's is refused before the key is sent; one that the newsroom vouches for is taken."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    speech_server.socket = context.wrap_socket(speech_server.socket, server_side=True)
    url = speech_server.url.replace("http:", "https:")
    with pytest.raises(
        VoiceError, match=r"127\.0\.0\.1:\d+\) cannot prove who it is.*REQUESTS_CA_BUNDLE"
    ) as caught:
        open_server(url).ask("POST", "/x")
    assert not isinstance(caught.value, VoiceBusyError)
    assert speech_server.asked == []
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    server = open_server(url)
    assert server.ask("POST", "/x").content == speech_server.always.body
    speech_server.replies = [speech_server.reply(slow_head_s=0.02), speech_server.reply(stall=True)]
    for _ in range(2):
        with pytest.raises(VoiceBusyError, match="does not answer in time"):
            server.ask("POST", "/x")
    assert server.ask("POST", "/x").content == speech_server.always.body


def test_a_bundle_of_certificates_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file.pem")
    with pytest.raises(VoiceError, match="REQUESTS_CA_BUNDLE names no file"):
        Server("test", "https://speech.example", title="Test Speech")


@pytest.mark.parametrize("reply", [b"", b"{", b"[1]", b"<html>", b"\xff\xfb\x90", b"[" * 100_000])
def test_what_should_be_json_and_is_not_is_busy(speech_server: Any, reply: bytes) -> None:
    speech_server.replies = [speech_server.reply(reply)]
    with pytest.raises(VoiceBusyError, match="Test Speech answers with"):
        open_server(speech_server.url).ask_record("GET", "/x")


def test_a_record_comes_back_as_it_was_sent(speech_server: Any) -> None:
    speech_server.replies = [speech_server.json({"voices": ["ä"]})]
    assert open_server(speech_server.url).ask_record("GET", "/voices") == {"voices": ["ä"]}


@pytest.mark.parametrize(
    "address",
    [
        "https://speech.example/v1",
        "http://127.0.0.1:8880/v1",
        "http://[::1]:8880",
        "http://192.168.1.5:8880/v1",
        "http://10.1.2.3",
        "http://localhost:8880",
        "http://kokoro:8880/v1",
        "http://studio.local:8880",
    ],
)
def test_plain_http_is_for_ones_own_network(address: str) -> None:
    assert check_address("test", address).geturl() == address


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://speech.example/v1", "must begin with https://"),
        ("http://8.8.8.8/v1", "must begin with https://"),
        ("http://134744072/v1", "must begin with https://"),
        ("http://0x08080808/v1", "must begin with https://"),
        ("ftp://speech.example", "must be an address such as"),
        ("speech.example", "must be an address such as"),
        ("https://", "must be an address such as"),
        ("https://speech.example/?key=1", "must be an address such as"),
        ("https://me:hunter2@speech.example/v1", "must hold no name or password"),
        ("https://speech.example:port", "is no web address"),
        ("https://[::1", "is no web address"),
        ("http://evil.example\\.local/", "is no web address"),
        ("http://evil.example\\.local:8880/v1", "is no web address"),
        ("https://speech.example /v1", "is no web address"),
    ],
)
def test_an_address_that_a_server_may_not_have_is_refused(address: str, message: str) -> None:
    """Nothing secret goes over the open network in the clear, and no password stands in station.toml."""
    with pytest.raises(VoiceError, match=message) as caught:
        Server("test", address, title="Test Speech")
    assert "hunter2" not in str(caught.value)


def test_names_of_public_servers_are_not_near() -> None:
    assert not is_near("api.openai.com")
    assert not is_near("local.example")
    assert not is_near("evil.example\\.local")
    assert not is_near("evil.example/.local")


@pytest.mark.parametrize(
    "netloc", ["127.0.0.1:8880", "[::1]:8880", "192.168.1.5", "kokoro:8880", "studio.local"]
)
def test_an_address_of_ones_own_network_is_not_shown(netloc: str) -> None:
    """An episode tells the identities of its voices to everyone; a digest still tells servers apart."""
    shown = name_server(netloc)
    assert shown.startswith("server=")
    assert not set(netloc.split(":")) & set(shown.replace("=", ":").split(":"))
    assert shown != name_server(f"{netloc}1")
    assert name_server("speech.example:8443") == "speech.example:8443"


def test_a_proxy_that_is_not_there_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment names for https is used, and its password is not shown."""
    monkeypatch.setenv("https_proxy", "http://me:hunter2@127.0.0.1:9")
    with pytest.raises(VoiceError, match="the proxy does not answer") as caught:
        Server("test", "https://speech.example", title="Test Speech").ask("GET", "/x")
    assert "hunter2" not in str(caught.value)


def test_a_proxy_is_asked_for_a_public_server(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", speech_server.url.replace("http://", "http://me:pass%20word@"))
    monkeypatch.setenv("no_proxy", "other.example")
    speech_server.always = speech_server.reply(status=403)
    with pytest.raises(VoiceError, match="proxy"):
        Server("test", "https://speech.example", title="Test Speech").ask("GET", "/x")
    (asked,) = speech_server.asked
    assert (asked.method, asked.path) == ("CONNECT", "speech.example:443")
    assert asked.headers["proxy-authorization"] == "Basic bWU6cGFzcyB3b3Jk"


def test_ones_own_network_needs_no_proxy(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert open_server(speech_server.url).ask("GET", "/x").content == speech_server.always.body


@pytest.mark.parametrize("code", [{}, [], [{}], 7, True, None])
def test_a_complaint_of_an_odd_form_is_still_told(speech_server: Any, code: object) -> None:
    """Whatever stands where a name should be, the message is shown."""
    speech_server.always = speech_server.json({"error": {"code": code, "message": "No such voice."}}, 400)
    with pytest.raises(VoiceError, match=r"Test Speech refuses \(400: No such voice\.\)"):
        open_server(speech_server.url).ask("POST", "/x")


def test_half_a_sign_is_sent_as_a_question_mark(speech_server: Any) -> None:
    """Half of a pair of surrogates is no character, and would stop the whole request."""
    open_server(speech_server.url).ask("POST", "/x", record={"input": "Über \ud83d"})
    assert speech_server.asked[0].body == '{"input": "Über ?"}'.encode()


@pytest.mark.parametrize("key", ["", "  ", "two words", "line\nbreak", "schlüssel"])
def test_a_key_that_is_missing_or_broken_is_refused(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the variable, and shows nothing of what is in it."""
    monkeypatch.setenv("TEST_KEY", key)
    with pytest.raises(VoiceError, match="TEST_KEY") as caught:
        read_key("TEST_KEY", engine="test", title="Test Speech")
    assert not key.strip() or key not in str(caught.value)


def test_a_key_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", f"{KEY} ")
    assert read_key("TEST_KEY", engine="test", title="Test Speech") == KEY
