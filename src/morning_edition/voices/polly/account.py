"""Whether this machine has what Amazon wants of a customer, found without its package and its network.

boto3 looks in more places, and asks some of them for what is needed; this is for a list, which has to be
quick: https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html.
"""

import configparser
import os
from collections.abc import Mapping
from pathlib import Path

FILES = {"AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials", "AWS_CONFIG_FILE": "~/.aws/config"}
"""The environment variables that name the files, and where they are without."""
PAIR = ("aws_access_key_id", "aws_secret_access_key")
WAYS = ("role_arn", "credential_process", "sso_session", "sso_start_url", "login_session")
"""What a profile may hold in place of a pair of keys."""
CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
ROLE = ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")


def has_account(region: str = "") -> bool:
    """Tell whether there are credentials, good or not, and a region: *region*, or one set elsewhere."""
    profile = _read_profile()
    return bool(region or os.environ.get("AWS_DEFAULT_REGION") or profile.get("region")) and (
        _has_in_environment() or all(map(profile.get, PAIR)) or any(map(profile.get, WAYS))
    )


def _has_in_environment() -> bool:
    pairs = (tuple(name.upper() for name in PAIR), ROLE)
    return any(all(map(os.environ.get, names)) for names in pairs) or any(map(os.environ.get, CONTAINER))


def _read_profile() -> Mapping[str, str]:
    """Return all that both files tell of the profile in use, nothing where they cannot be read."""
    name = os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE") or "default"
    found: dict[str, str] = {}
    for variable, usual in FILES.items():
        parser = configparser.RawConfigParser(strict=False, default_section="")
        try:
            parser.read(Path(os.environ.get(variable) or usual).expanduser(), "utf-8")
        except (OSError, RuntimeError, ValueError, configparser.Error):
            continue
        for section in (name, f"profile {name}"):
            if parser.has_section(section):
                found |= dict(parser.items(section))
    return found
