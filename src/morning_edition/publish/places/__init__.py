"""The places a site can be sent to: one module for each kind, and the choice between them."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from morning_edition.errors import PublishError
from morning_edition.publish.target import Target


def open_target(address: str, *, root: Path | None = None) -> Target:
    """Return the target at *address*: a folder (from *root*, if it is relative), or `scheme://…`.

    Nothing is sent yet. Raises `PublishError` for an address that cannot be used, for a folder without a
    parent, and where the package for its kind is missing, which it names.
    """
    scheme, sign, _ = address.partition("://")
    if not sign:
        return _open_folder(Path(address).expanduser(), root)
    if "::" in address:
        raise PublishError(f"{scheme.partition('::')[0]}::…: an address in an address cannot be published to")
    match scheme:
        case "file" | "local":
            return _open_file_url(address, root)
        case "s3" | "s3a":
            from morning_edition.publish.places.s3 import S3

            return S3(address)
        case "sftp" | "ssh":
            from morning_edition.publish.places.sftp import Sftp

            return Sftp(address)
        case "webdav" | "webdavs" | "dav" | "davs":
            from morning_edition.publish.places.webdav import WebDav

            return WebDav(address)
        case "gs" | "gcs":
            from morning_edition.publish.places.gcs import Gcs

            return Gcs(address)
        case "az" | "abfs" | "abfss":
            from morning_edition.publish.places.azure import Azure

            return Azure(address)
    from morning_edition.publish.places.generic import Generic

    return Generic(address)


def _open_file_url(address: str, root: Path | None) -> Target:
    parts = urlsplit(address)
    if parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
        raise PublishError(
            f"{parts.scheme}://…: write a folder of this machine as file:///srv/www, or /srv/www"
        )
    from urllib.request import url2pathname

    return _open_folder(Path(url2pathname(parts.path) if parts.path else unquote(parts.path)), root)


def _open_folder(folder: Path, root: Path | None) -> Target:
    from morning_edition.publish.places.folder import Folder

    if not str(folder) or "\0" in str(folder):
        raise PublishError("the folder to publish to has no name; name one")
    return Folder((root or Path.cwd()) / folder)
