"""Whatever goes wrong at a target: the old file stands, the message says what to do and shows no secret."""

import os
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from morning_edition.errors import PublishError
from morning_edition.publish.places import open_target

HEADERS = {"media_type": "audio/mpeg", "cache_control": "no-cache"}
PATIENT = [pytest.param(kind, marks=pytest.mark.thorough) for kind in ("gcs", "azure")]
"""Their packages try again for half a minute."""
CANARY = "canary-S3cr3t"


def send(target: Any, content: bytes = b"x") -> None:
    target.send("file", content, **HEADERS)


def told(work: Callable[[], object]) -> str:
    """Return what is said when *work* fails; no secret may be in it, nor in its trace."""
    with pytest.raises(PublishError) as caught:
        work()
    trace = "".join(traceback.format_exception(caught.value))
    assert "canary" not in trace.replace(__file__, "").replace("CANARY", "")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["sftp", "webdav", "s3", *PATIENT])
def test_a_line_that_breaks_leaves_the_old_file_and_the_next_try_is_whole(
    site_of: Any, line_to: Any, kind: str
) -> None:
    site = site_of(kind)
    site.open().send("file", b"before", **HEADERS)
    line = line_to(site.port)
    target = site.open(site.reroute(line.port))
    line.cut_after = 400_000

    said = told(lambda: send(target, os.urandom(3_000_000)))

    assert site.fetch("file") == b"before"
    assert "publish again" in said or "see to it" in said
    line.cut_after = None
    target.send("file", b"after", **HEADERS)
    assert site.fetch("file") == b"after"


@pytest.mark.parametrize(
    "address",
    [
        "sftp://desk@127.0.0.1:{port}/srv",
        "webdav://127.0.0.1:{port}/dav",
        "ftp://desk@127.0.0.1:{port}/srv",
    ],
)
def test_where_nothing_answers_that_is_said(address: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        shown = address.format(port=taken.getsockname()[1])

        said = told(lambda: send(open_target(shown)))

    assert said.startswith(shown)
    assert "nothing answers there; check the address, and that the server runs" in said


@pytest.mark.thorough  # without a network, some machines take long to find that out
@pytest.mark.parametrize(
    "address", ["sftp://nowhere.invalid/srv", "webdavs://nowhere.invalid/dav", "ftp://nowhere.invalid/srv"]
)
def test_a_name_that_cannot_be_resolved_is_named(address: str) -> None:
    said = told(lambda: send(open_target(address)))

    assert said.startswith(address)
    assert said.endswith("its name cannot be resolved; check the address, and the network")


@pytest.mark.thorough
def test_a_bucket_s_endpoint_that_cannot_be_resolved_is_said(s3_site: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://nowhere.invalid")

    assert "its name cannot be resolved" in told(lambda: send(s3_site.open()))


@pytest.mark.parametrize(
    "address",
    [
        f"s3://KEY:{CANARY}@bucket/show",
        f"s3://KEY:can/{CANARY}@bucket/show",
        f"sftp://desk:{CANARY}@host/srv",
        f"sftp://desk:can/{CANARY}@host/srv",
        f"webdavs://desk:{CANARY}@host/dav",
        f"webdavs://{CANARY}@host/dav",
        f"ftp://desk:{CANARY}@host/srv",
        f"gs://{CANARY}@bucket",
        f"az://container/show?sig={CANARY}",
        f"az://container:{CANARY}@account.blob.core.windows.net/show",
        f"https://desk:{CANARY}@host/",
        f"file://{CANARY}@host/srv",
        f"nothing://desk:{CANARY}@host",
    ],
)
def test_an_address_with_a_secret_is_refused_and_not_shown(address: str) -> None:
    said = told(lambda: open_target(address))

    assert said.startswith(address.partition("://")[0])


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://host/show", r"cannot be published to; try webdavs://"),
        ("nothing://host", r"no kind of target; name a folder"),
        ("simplecache::s3://bucket", r"an address in an address"),
        ("s3://", r"write it as s3://bucket/prefix"),
        ("s3://bucket:99/x", r"write it as s3://bucket/prefix"),
        ("sftp:///srv", r"names no host"),
        ("sftp://host:port/srv", r"cannot be read"),
        ("sftp://host:70000/srv", r"cannot be read"),
        ("sftp://host/a/../b", r"cannot be read"),
        ("webdavs://host/a#b", r"leave out \? and #"),
        ("file://elsewhere/srv", r"write a folder of this machine as file:///srv/www"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_at_once(address: str, reason: str) -> None:
    with pytest.raises(PublishError, match=reason):
        open_target(address)


@pytest.mark.parametrize(
    ("address", "module", "package", "extra"),
    [
        ("s3://bucket", "s3fs", "s3fs", "s3"),
        ("sftp://host/srv", "paramiko", "paramiko", "sftp"),
        ("gs://bucket", "gcsfs.core", "gcsfs", "gcs"),
        ("az://container", "adlfs", "adlfs", "azure"),
        ("ftp://host/srv", "fsspec", "fsspec", "fsspec"),
    ],
)
def test_a_package_that_is_missing_is_named(
    address: str, module: str, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    said = told(lambda: send(open_target(address)))

    assert said == f"{address}: the package {package} is missing; pip install 'morning-edition[{extra}]'"


def test_no_repr_shows_more_than_the_address(site: Any) -> None:
    target = site.open()

    assert repr(target) == f"{type(target).__name__}({target.shown!r})"
    assert target.shown.rstrip("/") == site.address.rstrip("/")


# SFTP


def test_a_server_whose_key_is_not_known_is_refused(
    ssh_server: Any, sftp_site: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    (tmp_path / "none").write_text("")
    monkeypatch.setenv("MORNING_EDITION_SFTP_KNOWN_HOSTS", str(tmp_path / "none"))

    said = told(lambda: send(sftp_site.open()))

    assert f"`ssh-keyscan -p {ssh_server.port} 127.0.0.1`" in said
    assert sftp_site.names() == []


def test_a_server_with_another_key_than_the_known_one_is_refused(
    ssh_server: Any, sftp_site: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    other = (ssh_server.folder / "other_key.pub").read_text().split()[:2]
    (tmp_path / "known").write_text(f"[127.0.0.1]:{ssh_server.port} {' '.join(other)}\n")
    monkeypatch.setenv("MORNING_EDITION_SFTP_KNOWN_HOSTS", str(tmp_path / "known"))

    assert "another than the known one" in told(lambda: send(sftp_site.open()))


def test_who_is_not_let_in_by_sftp_is_told_what_to_check(
    ssh_server: Any, sftp_site: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("MORNING_EDITION_SFTP_KEY", str(ssh_server.folder / "other_key"))
    monkeypatch.setenv("MORNING_EDITION_SFTP_PASSWORD", CANARY)
    monkeypatch.setenv("MORNING_EDITION_SFTP_PASSPHRASE", CANARY)

    said = told(lambda: send(sftp_site.open()))

    assert "refuses to let you in; check the user in the address, your key or agent" in said


def test_a_known_hosts_file_that_is_gone_is_named(sftp_site: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("MORNING_EDITION_SFTP_KNOWN_HOSTS", str(tmp_path / "gone"))

    assert f"{tmp_path / 'gone'}: cannot be read" in told(lambda: send(sftp_site.open()))


def test_a_folder_without_a_parent_is_not_made_by_sftp(sftp_site: Any) -> None:
    said = told(lambda: send(sftp_site.open(f"{sftp_site.address}/no/such")))

    assert "its folder is not there; make it on the server" in said


def test_a_link_at_the_server_is_not_followed(ssh_server: Any, sftp_site: Any) -> None:
    root = ssh_server.folder / sftp_site.address.rpartition("/")[2]
    (ssh_server.folder / "outside").mkdir(exist_ok=True)
    root.mkdir()
    (root / "inner").symlink_to(ssh_server.folder / "outside")
    (root / "file").symlink_to(ssh_server.folder / "outside" / "file")
    target = sftp_site.open()

    assert "is a link" in told(lambda: target.send("inner/file", b"x", **HEADERS))
    assert "is a link" in told(lambda: send(target))
    assert list((ssh_server.folder / "outside").iterdir()) == []


# WebDAV


def test_who_is_not_let_in_by_webdav_is_told_what_to_check(webdav_site: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("MORNING_EDITION_WEBDAV_PASSWORD", CANARY)

    said = told(lambda: send(webdav_site.open()))

    assert "who you are (status 401); check MORNING_EDITION_WEBDAV_USER" in said


def test_a_webdav_folder_that_is_not_there_is_named(webdav_site: Any) -> None:
    address = f"{webdav_site.address}/no/such"
    said = told(lambda: send(webdav_site.open(address)))

    assert f"there is no folder {address} (status 409); make it there" in said


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (301, "the server sends elsewhere (status 301); name the address that it sends to"),
        (403, "the server does not allow that (status 403)"),
        (413, "does not take files of that size (status 413); make room there"),
        (423, "somebody else has locked it (status 423)"),
        (507, "the disk is full (status 507); make room there"),
        (500, "the server is in trouble (status 500); publish again later"),
    ],
)
def test_what_a_webdav_server_answers_is_told(speech_server: Any, status: int, reason: str) -> None:
    speech_server.always = speech_server.reply(
        CANARY.encode(), status=status, headers={"Location": f"https://elsewhere.example/{CANARY}"}
    )
    target = open_target(f"webdav://127.0.0.1:{speech_server.server_port}/dav")

    assert reason in told(lambda: send(target))
    assert reason in told(lambda: list(target.read("file")))
    target.close()


def test_a_busy_webdav_server_is_asked_again(speech_server: Any) -> None:
    speech_server.replies = [speech_server.reply(status=503), speech_server.reply(b"content")]
    target = open_target(f"webdav://127.0.0.1:{speech_server.server_port}/dav")

    assert b"".join(target.read("file")) == b"content"
    target.close()


# S3


def test_a_bucket_that_is_not_there_is_named(s3_site: Any) -> None:
    target = s3_site.open("s3://no-such-bucket/show")

    assert "there is no such bucket; check the address" in told(lambda: send(target))
    assert "there is no such bucket" in told(lambda: target.create("lock", b"x"))


def test_without_keys_a_bucket_says_which_are_asked_for(
    s3_site: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    said = told(lambda: send(s3_site.open()))

    assert "no keys are there; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in said


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDenied"), (403, "SignatureDoesNotMatch")])
def test_keys_that_a_bucket_refuses_are_not_shown(
    s3_site: Any, speech_server: Any, monkeypatch: Any, status: int, code: str
) -> None:
    page = (
        f"<Error><Code>{code}</Code><Message>{CANARY}</Message><StringToSign>{CANARY}</StringToSign></Error>"
    )
    speech_server.always = speech_server.reply(page.encode(), status=status)
    monkeypatch.setenv("AWS_ENDPOINT_URL", speech_server.url)

    said = told(lambda: send(s3_site.open()))

    assert "the server does not allow that (status 403); check AWS_ACCESS_KEY_ID" in said


def test_where_a_server_ignores_the_condition_one_of_two_still_wins(s3_site: Any, line_to: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    line = line_to(s3_site.port)
    line.drop = b"If-None-Match"
    address = s3_site.reroute(line.port)
    targets = [s3_site.open(address) for _ in range(2)]
    for target in targets:
        target.look("warm")

    with ThreadPoolExecutor() as pool:
        won = list(
            pool.map(lambda target: target.create("lock", repr(target).encode() + os.urandom(8)), targets)
        )

    assert won.count(True) == 1
    assert not targets[0].create("lock", b"later")


# Google and Azure


def test_a_google_bucket_that_is_not_there_or_not_ours_is_named(gcs_site: Any) -> None:
    assert "there is no such bucket" in told(lambda: send(gcs_site.open("gs://no-bucket")))
    assert "check GOOGLE_APPLICATION_CREDENTIALS" in told(
        lambda: send(gcs_site.open("gs://forbidden-bucket"))
    )


def test_a_container_that_is_not_there_is_named(azure_site: Any) -> None:
    target = azure_site.open("az://nosuchcontainer/show")

    assert "there is no such container" in told(lambda: send(target))
    assert "there is no such container" in told(lambda: target.create("lock", b"x"))


def test_an_account_key_that_azure_refuses_is_not_shown(azure_site: Any, monkeypatch: Any) -> None:
    import base64

    settings = dict(
        part.split("=", 1) for part in os.environ["AZURE_STORAGE_CONNECTION_STRING"].strip(";").split(";")
    )
    settings["AccountKey"] = base64.b64encode(CANARY.encode()).decode()
    monkeypatch.setenv(
        "AZURE_STORAGE_CONNECTION_STRING", "".join(f"{name}={value};" for name, value in settings.items())
    )

    said = told(lambda: send(azure_site.open()))

    assert "(status 403); check AZURE_STORAGE_CONNECTION_STRING" in said
    assert settings["AccountKey"] not in said


def test_without_an_account_azure_says_which_settings_are_asked_for(
    azure_site: Any, monkeypatch: Any
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING")

    assert "check AZURE_STORAGE_CONNECTION_STRING" in told(lambda: send(azure_site.open()))
