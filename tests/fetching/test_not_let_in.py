"""No address, however it is written or wherever it leads, gives what stands inside the newsroom's network."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from morning_edition.errors import FetchError
from morning_edition.fetching import FEED, Purpose, fetch, shown_url
from morning_edition.fetching.ip_addresses import is_private
from morning_edition.fetching.web_addresses import ALLOW_PRIVATE, BAD_PORTS, check_url

PAGE = Purpose()
PUBLIC = "93.184.215.14"


def refusal(url: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, shown_url(url), PAGE)
    assert str(caught.value).isprintable()
    return str(caught.value)


def resolve_as(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> list[str]:
    """Have each question for a name answered by the next of *answers*, the last again and again."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, port: int, *_: object, **__: object) -> list[Any]:
        if host == "127.0.0.1":  # the stage
            return real(host, port, type=socket.SOCK_STREAM)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [
            (socket.AF_INET6, 1, 6, "", (one, port, 0, 0))
            if ":" in one
            else (socket.AF_INET, 1, 6, "", (one, port))
            for one in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def connect_as(
    monkeypatch: pytest.MonkeyPatch, connect: Callable[..., socket.socket] | None = None
) -> list[str]:
    """Note which machines are connected to; without *connect* none answers."""
    reached: list[str] = []

    def note(place: tuple[str, int], *rest: Any) -> socket.socket:
        reached.append(place[0])
        if connect is None:
            raise ConnectionRefusedError
        return connect(place, *rest)

    monkeypatch.setattr(socket, "create_connection", note)
    return reached


@pytest.mark.parametrize(
    "host",
    [
        *"127.0.0.1 10.0.0.8 172.16.3.4 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1".split(),
        *"255.255.255.255 240.0.0.1 198.18.0.1 192.88.99.1 192.0.2.7".split(),
        *"[::1] [::] [fc00::1] [fe80::1] [fec0::1] [ff02::1] [::ffff:127.0.0.1]".split(),
        *"[2002:7f00:1::] [64:ff9b::7f00:1] [64:ff9b:1::1] [2001:0:7f00:1::1] [2001:db8::1]".split(),
        *"localhost localhost. LOCALHOST a.localhost a.localhost. ①②⑦.0.0.1 １２７.0.0.1".split(),
        *"127.0.0.1. ｌocalhost [::7f00:1] [::ffff:93.184.215.14] 127。0。0。1".split(),
    ],
)
def test_what_is_written_as_an_inside_address_is_refused(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked for its name, and nothing is connected to."""
    asked, reached = resolve_as(monkeypatch, (PUBLIC,)), connect_as(monkeypatch)
    said = refusal(f"http://{host}/")
    told = (
        "is inside a private network; set MORNING_EDITION_ALLOW_PRIVATE=1",
        "no web address",
        "is a link-local",
    )
    assert any(one in said for one in told)
    assert (asked, reached) == ([], [])


LINK_LOCAL = (
    *"169.254.169.254 169.254.0.1 fe80::1 febf::1 fd00:ec2::254 fd20:ce::254".split(),
    *"::ffff:169.254.169.254 64:ff9b::a9fe:a9fe".split(),
)


@pytest.mark.parametrize("machine", LINK_LOCAL)
def test_a_link_local_address_is_refused_even_where_private_ones_are_allowed(
    machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cloud tells a machine's keys there: by the address itself, and by a name that stands for it."""
    monkeypatch.setenv(ALLOW_PRIVATE, "1")
    asked, reached = resolve_as(monkeypatch, (machine,)), connect_as(monkeypatch)
    for host in (f"[{machine}]" if ":" in machine else machine, "paper.example"):
        assert "is a link-local address" in refusal(f"http://{host}/latest/meta-data/")
    assert (asked, reached) == (["paper.example"], [])


def test_a_machine_of_ones_own_network_is_reached_by_its_other_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name is often told with a link-local address beside the one that counts."""
    monkeypatch.setenv(ALLOW_PRIVATE, "1")
    resolve_as(monkeypatch, ("fe80::1", "192.168.1.8"))
    reached = connect_as(monkeypatch)
    assert "link-local" not in refusal("http://newsroom.example/")
    assert set(reached) == {"192.168.1.8"}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "rest",
    [
        *"2130706433/ 0x7f000001/ 0x7f.1/ 0177.0.0.1/ 127.1/ 127.0.1/ 00.0.0.0/ 127.0.0.0x1/".split(),
        *"1.2.3.4.5/ a..b/ .a/ -a.example/ a-.example/ a%2eb/ %31%32%37.0.0.1/ a;b/ a,b/ a+b/ <a>/".split(),
        *(r"paper.example\.evil.example/", r"paper.example\@127.0.0.1/", "paper.example\t.evil/"),
        *("[fe80::1%25eth0]/", "[fe80::1%eth0]/", "[::1/", "[v1.x]/", "::1/", "[127.0.0.1]/"),
        *("paper.example:0/", "paper.example:65536/", "paper.example:-1/", "paper.example:8O/", ":80/"),
        *("", "/", "?x", "#x", "a b/", "a\x00b/", "a\r\nHost: x/", "\ud800/", "xn--a/" + "x" * 8000),
        *("a" * 254 + ".example/", "ä" * 64 + ".example/", "\u2100.example/x/", "x\u3002\u3002y/"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(
    scheme: str, rest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where inside addresses are allowed: what is checked must be what is connected to."""
    monkeypatch.setenv(ALLOW_PRIVATE, "1")
    asked, reached = resolve_as(monkeypatch, (PUBLIC,)), connect_as(monkeypatch)
    said = refusal(f"{scheme}://{rest}")
    assert any(
        told in said for told in ("is no web address", "holds a name or password", "is not one of the web")
    )
    assert (asked, reached) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        *"file:///etc/passwd ftp://paper.example/ gopher://paper.example/ data:,x".split(),
        *"dict://paper.example:11211/ ldap://paper.example/ //paper.example/ http:paper".split(),
        *"paper.example javascript:alert(1) jar:http://paper.example!/ view-source:http://paper.example/ http+unix://%2Ftmp%2Fx/".split(),
    ],
)
def test_only_the_web_is_fetched_from(url: str) -> None:
    """No other scheme, and no address without one."""
    assert refusal(url).endswith(": is no web address; give one that begins with https://")


@pytest.mark.parametrize(
    "url",
    [
        "https://me:secret@paper.example/",
        "https://secret@paper.example/",
        "https://paper.example:secret@127.0.0.1/",
        "https://@paper.example/",
        "https://me:se/secret@paper.example/",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_shown(url: str) -> None:
    """It would end up in feeds and logs."""
    said = refusal(url)
    assert "secret" not in said
    assert "holds a name or password" in said or "is no web address" in said


def test_ports_of_other_services_are_refused() -> None:
    """A mail server would read a request as orders of its own."""
    for port in BAD_PORTS:
        said = refusal(f"http://paper.example:{port}/")
        assert said.endswith(f"/: its port {port} is not one of the web; check how it is written")


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("HTTPS://Paper.Example", "https://paper.example/"),
        ("http://paper.example:80/a b?c d#e", "http://paper.example/a%20b?c%20d"),
        ("http://paper.example:8080/%41?x=%zz", "http://paper.example:8080/%41?x=%zz"),
        ("https://bücher.example/ä?ö=1", "https://xn--bcher-kva.example/%C3%A4?%C3%B6=1"),
        ("https://paper.example./", "https://paper.example./"),
        ("https://under_score.example/", "https://under_score.example/"),
        (
            "https://پارسی.example/می\u200cخواهم",
            "https://xn--mgbug11aqn.example/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85",
        ),
        ("http://93.184.215.14/", "http://93.184.215.14/"),
        ("http://[2606:4700:0:0::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("https://paper.example/@reporter/1", "https://paper.example/@reporter/1"),
    ],
)
def test_an_address_is_written_in_one_way(url: str, written: str) -> None:
    """Names in ASCII and lower case, everything else escaped, what was escaped left as it is."""
    assert check_url(url, url).url == written


@pytest.mark.parametrize(
    "answer",
    [
        ("127.0.0.1",),
        (PUBLIC, "127.0.0.1"),
        (PUBLIC, "2606:4700::1111", "fd00::1"),
        ("169.254.169.254",),
        ("::ffff:10.0.0.1",),
        ("64:ff9b::a00:1",),
        ("2002:a00:1::",),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2",),
        ("fe80::1",),
        ("100.100.100.200",),
        ("0.0.0.0",),  # noqa: S104 - refused
    ],
)
def test_a_name_with_one_inside_answer_is_refused_as_a_whole(
    answer: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many public ones stand before it; none of them is connected to."""
    resolve_as(monkeypatch, answer)
    reached = connect_as(monkeypatch)
    assert "is inside a private network" in refusal("https://paper.example/")
    assert reached == []


def test_a_name_that_changes_its_answer_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for once, and what was looked at is what is connected to (DNS rebinding)."""
    asked = resolve_as(monkeypatch, (PUBLIC,), ("127.0.0.1",))
    reached = connect_as(monkeypatch)
    assert "cannot be reached" in refusal("http://paper.example/")
    assert (asked, reached) == (["paper.example"], [PUBLIC])


def test_who_answers_is_looked_at_as_well(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something on the way leads inside, not a word is said to it."""
    real = socket.create_connection
    stage.answer("/", b"secret")
    resolve_as(monkeypatch, (PUBLIC,))
    connect_as(monkeypatch, lambda _, *rest: real(("127.0.0.1", stage.port), *rest))
    assert "is inside a private network" in refusal("http://paper.example/")
    assert stage.asked == []


def test_all_machines_of_a_name_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the system's order, up to four."""
    machines = ("2606:4700::1111", PUBLIC, "1.1.1.1", "1.0.0.1", "8.8.8.8")
    resolve_as(monkeypatch, machines)
    reached = connect_as(monkeypatch)
    assert "cannot be reached" in refusal("https://paper.example/")
    assert reached == [*machines[:4]]


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("file:///etc/passwd", "is no web address"),
        ("ftp://paper.example/", "is no web address"),
        ("javascript:alert(1)", "is no web address"),
        ("http://me:secret@paper.example/", "holds a name or password"),
        ("http://paper.example:25/", "is not one of the web"),
        ("http://0x7f.1/", "is no web address"),
        ("//0177.0.0.1/", "is no web address"),
        (r"\\0177.0.0.1", "holds no page any more"),
        ("/again", "leads from page to page without end"),
    ],
)
def test_each_redirect_is_looked_at(stage: Any, to: str, said: str) -> None:
    """As if it had been given."""
    stage.answer("/%5C%5C0177.0.0.1", status="404 Not Found")
    stage.redirect("/again", to)
    assert said in refusal(f"{stage.url}/again")


def test_a_redirect_inside_is_refused(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public page leads to the cloud's own address, which holds its keys."""
    real = socket.create_connection
    resolve_as(monkeypatch, (PUBLIC,))
    monkeypatch.setattr("morning_edition.fetching.line.Line._look_at", lambda *_: None)
    reached = connect_as(monkeypatch, lambda _, *rest: real(("127.0.0.1", stage.port), *rest))
    stage.redirect("/", "http://169.254.169.254/latest/meta-data/")
    assert "is a link-local address" in refusal("http://paper.example/")
    assert reached == [PUBLIC]


@pytest.mark.parametrize(
    ("address", "private"),
    [
        *[
            (one, True)
            for one in "127.0.0.1 10.1.2.3 100.127.255.255 192.0.2.1 203.0.113.9 240.0.0.1".split()
        ],
        *[(one, True) for one in "224.0.0.251 255.255.255.255 192.88.99.1 198.19.0.1 0.1.2.3".split()],
        *[(one, True) for one in ":: ::1 fe80::1%2 fec0::1 fc00::1 ff0e::1 100::1 5f00::1 3fff::1".split()],
        *[(one, True) for one in "::ffff:8.8.8.8 2002:808:808:: 2001::1 2001:db8::1 64:ff9b:1::1".split()],
        *[(one, True) for one in "64:ff9b::7f00:1 64:ff9b::a9fe:a9fe ::8.8.8.8 4000::1".split()],
        *[(one, False) for one in "8.8.8.8 100.128.0.1 172.32.0.1 64:ff9b::808:808 2a00:1450::1".split()],
    ],
)
def test_public_is_only_what_the_registries_give_out(address: str, private: bool) -> None:
    """On every version of Python alike; a NAT64 address counts as the one it stands for."""
    assert is_private(address) == private


@pytest.mark.parametrize("url", ["http://127.0.0.1:3128/x", "http://localhost/x"])
def test_a_proxy_is_asked_for_nothing_inside(url: str, stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written as inside, or means that here, is not sent to a proxy either."""
    monkeypatch.setenv("http_proxy", stage.url)
    assert "is inside a private network" in refusal(url)
    resolve_as(monkeypatch, ("10.0.0.8",))
    assert "is inside a private network" in refusal("http://intranet.paper.example/")
    assert stage.asked == []


def test_a_proxy_finds_what_has_no_name_here(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy may well be inside; it is given the whole address, and any password of its own."""
    monkeypatch.setenv("http_proxy", stage.url.replace("//", "//desk:s%40cret@"))
    real = socket.getaddrinfo

    def unknown(host: str, *rest: Any, **options: Any) -> Any:
        if host == "paper.example":
            raise socket.gaierror(-2, "unknown")
        return real(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    stage.answer("http://paper.example/a", b"page")
    assert fetch("http://paper.example/a", "x", PAGE).raw == b"page"
    assert "Proxy-Authorization: Basic ZGVzazpzQGNyZXQ=" in stage.asked[0].replace("proxy-a", "Proxy-A")
    monkeypatch.setenv("no_proxy", "paper.example")
    assert "cannot be reached" in refusal("http://paper.example/a")


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "http://127.0.0.1:x", "nonsense://"])
def test_a_proxy_that_cannot_be_used_is_told(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is not passed by."""
    monkeypatch.setenv("http_proxy", proxy)
    assert "names no HTTP proxy; mend it" in refusal(f"http://{PUBLIC}/")


def test_feeds_are_fetched_with_the_same_care(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one way to fetch."""
    resolve_as(monkeypatch, ("10.0.0.8",))
    with pytest.raises(FetchError, match=r"is inside a private network"):
        fetch("https://paper.example/feed", "x", FEED)
