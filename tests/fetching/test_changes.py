"""A feed is fetched again only where it has changed, and a server that asks for peace gets it."""

import copy
import pickle
from typing import Any

import pytest

from morning_edition.errors import FetchError
from morning_edition.fetching import Fetched, fetch_if_changed

pytestmark = pytest.mark.usefixtures("inside")

ETAG = '"abc-1"'
MODIFIED = "Fri, 06 Mar 2026 12:30:00 GMT"


def failure(url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch_if_changed(url, "x", "", "")
    return caught.value


def test_a_feed_comes_with_what_tells_it_from_the_next(stage: Any) -> None:
    """Type, charset, ETag and date as the server gave them; the first time nothing is asked of them."""
    head = (
        f"Content-Type: Application/RSS+xml; Charset=UTF-8\r\nETag: {ETAG}\r\nLast-Modified: {MODIFIED}\r\n"
    )
    url = stage.answer("/feed", b"<rss/>", head)
    found = fetch_if_changed(url, "x", "", "")
    assert found == Fetched(url, b"<rss/>", "utf-8", "application/rss+xml", ETAG, MODIFIED, "")
    assert "if-" not in stage.asked[0].lower()
    assert "application/rss+xml" in stage.asked[0]


def test_an_unchanged_feed_is_not_sent_again(stage: Any) -> None:
    """The server is told what is known, as it wrote it."""
    url = stage.answer("/feed", status="304 Not Modified")
    assert fetch_if_changed(url, "x", ETAG, MODIFIED) is None
    assert f"If-None-Match: {ETAG}\r\nIf-Modified-Since: {MODIFIED}\r\n" in stage.asked[0]


@pytest.mark.parametrize("etag", ["x\r\nHost: evil", "x" * 1001, "\u2603", "\x00"])
def test_what_cannot_be_sent_back_is_not_kept(stage: Any, etag: str) -> None:
    """A server, or a damaged note of the last time, cannot write headers of its own."""
    url = stage.answer("/feed", b"<rss/>", f"ETag: {'x' * 1001}\r\n")
    found = fetch_if_changed(url, "x", etag, "")
    assert found
    assert found.etag == ""
    assert "if-none-match" not in stage.asked[0].lower()
    assert "evil" not in stage.asked[0]


@pytest.mark.parametrize(
    ("statuses", "permanent"),
    [
        ((301,), True),
        ((308, 301), True),
        ((302,), False),
        ((301, 302), False),
        ((307, 301), False),
        ((), False),
    ],
)
def test_a_feed_that_has_moved_for_good_says_where(
    stage: Any, statuses: tuple[int, ...], permanent: bool
) -> None:
    """Only where each step on the way is for good."""
    last = stage.answer(f"/{len(statuses)}", b"<rss/>")
    for number, status in enumerate(statuses):
        stage.redirect(f"/{number}", f"/{number + 1}", f"{status} Moved")
    found = fetch_if_changed(f"{stage.url}/0", "x", "", "")
    assert found
    assert (found.url, found.permanent_url) == (last, last if permanent else "")


@pytest.mark.parametrize(
    ("status", "head", "wait_s"),
    [
        (429, "Retry-After: 120\r\n", 120.0),
        (503, "Retry-After: Fri, 06 Mar 2026 12:31:30 GMT\r\nDate: Fri, 06 Mar 2026 12:30:00 GMT\r\n", 90.0),
        (503, "Retry-After: Fri, 06 Mar 2026 12:29:00 GMT\r\nDate: Fri, 06 Mar 2026 12:30:00 GMT\r\n", 0.0),
        (503, "Retry-After: 999999999\r\n", 86_400.0),
        (
            503,
            "Retry-After: Fri, 06 Mar 2099 12:31:30 GMT\r\nDate: Fri, 06 Mar 2026 12:30:00 GMT\r\n",
            86_400.0,
        ),
        (503, "Retry-After: Fri, 06 Mar 2099 12:31:30 GMT\r\n", 0.0),
        (503, "Retry-After: -5\r\n", 0.0),
        (503, "Retry-After: ١٢\r\n", 0.0),
        (503, "Retry-After: soon\r\nDate: now\r\n", 0.0),
        (500, "", 0.0),
    ],
)
def test_a_server_says_how_long_it_wants_to_be_left_alone(
    stage: Any, status: int, head: str, wait_s: float
) -> None:
    """In seconds or by its own clock, a day at most."""
    error = failure(stage.answer("/feed", head=head, status=f"{status} Busy"))
    assert (error.status, error.wait_s, error.gone) == (status, wait_s, False)


def test_a_feed_that_is_gone_for_good_says_so(stage: Any) -> None:
    """410 is not 404: nobody need look again."""
    assert failure(stage.answer("/feed", status="410 Gone")).gone
    error = failure(stage.answer("/feed", status="404 Not Found"))
    assert (str(error), error.gone) == ("x: holds no feed any more (HTTP 404); check the address", False)


def test_an_error_can_be_handed_on() -> None:
    """From one process to another, with all that it says."""
    error = FetchError("x: gone", status=410, wait_s=3.0)
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 - our own
        assert (str(other), other.status, other.wait_s, other.gone) == ("x: gone", 410, 3.0, True)
