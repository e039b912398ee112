"""Amazon Polly, asked through `boto3`: one request in, the bytes of its answer or a clear error out.

What may pass (throttling, 5xx, a time-out, a connection that breaks) is `VoiceBusyError`, everything else
`VoiceError`. Amazon's own messages about keys and signatures are not shown: they quote them.
"""

import time
from collections.abc import Mapping
from typing import Any, ClassVar

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices.network.addresses import check_address
from morning_edition.voices.network.complaints import LONGEST_ERROR, asked_wait_s, in_one_line

TITLE = "Amazon Polly"
OWN_ENDINGS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
"""Of its hosts in all regions."""
LARGEST_BYTES = 20_000_000
"""Ogg of half an hour, or the marks of a thousand lines."""
PIECE_BYTES = 65_536
THROTTLED = frozenset(
    "Throttling ThrottlingException ThrottledException TooManyRequestsException RequestLimitExceeded "
    "RequestThrottled RequestThrottledException SlowDown BandwidthLimitExceeded RequestTimeout "
    "RequestTimeoutException PriorRequestNotComplete".split()
)
"""Some of them come with the status 400."""
REFUSED_KEYS = frozenset(
    "AccessDenied AccessDeniedException ExpiredToken ExpiredTokenException IncompleteSignature "
    "IncompleteSignatureException InvalidAccessKeyId InvalidClientTokenId InvalidSignatureException "
    "MissingAuthenticationToken MissingAuthenticationTokenException NotAuthorized OptInRequired "
    "RequestExpired RequestTimeTooSkewed SignatureDoesNotMatch UnrecognizedClientException".split()
)
KEYS_WAY_OUT = (
    "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, renew a session that has ended (`aws sso login`), "
    "and see that they may do polly:SynthesizeSpeech"
)


class PollyClient:
    """The way to Amazon, or to another server that speaks as it does; many threads may ask at once."""

    connect_timeout_s: ClassVar[float] = 5.0
    read_timeout_s: ClassVar[float] = 30.0
    """The longest silence of the server."""
    deadline_s: ClassVar[float] = 60.0
    """The longest time for a whole answer."""

    def __init__(self, *, region: str, endpoint_url: str, most_at_once: int) -> None:
        """Find region and credentials as all of Amazon's tools do; Polly is asked nothing.

        Raises `VoiceError` when boto3, the region or the credentials are missing, or for an address that a
        server may not have.
        """
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ImportError as error:
            raise VoiceError(
                "polly: its package boto3 is missing; install it with: pip install 'morning-edition[polly]'"
            ) from error
        config = Config(
            connect_timeout=self.connect_timeout_s,
            read_timeout=self.read_timeout_s,
            retries={"total_max_attempts": 1, "mode": "standard"},  # whoever asks decides about asking again
            max_pool_connections=most_at_once,
            user_agent_extra="morning-edition",
        )
        try:
            session = boto3.Session(region_name=region or None)
            _check_session(session)
            self._client: Any = session.client("polly", endpoint_url=endpoint_url or None, config=config)
        except (BotoCoreError, ValueError) as error:
            raise translate(error) from None
        self.region = str(session.region_name)
        # Also where the environment or Amazon's own settings name it.
        parts = check_address("polly", self._client.meta.endpoint_url, setting="endpoint_url")
        self.other_host = "" if (parts.hostname or "").endswith(OWN_ENDINGS) else parts.netloc
        """Name and port of a server that is not Amazon's."""

    def __repr__(self) -> str:
        """Show nothing but where it asks."""
        return f"PollyClient({self.region!r})"

    @property
    def voice_names(self) -> tuple[str, ...]:
        """The voices that the installed boto3 knows, all engines together."""
        return tuple(self._client.meta.service_model.shape_for("VoiceId").enum)

    def ask(self, **request: object) -> bytes:
        """Send one SynthesizeSpeech, its parameters by Amazon's names, and return the stream of the answer.

        Raises `VoiceBusyError`, with the wait that is asked for, and `VoiceError`. An answer that breaks off
        is paid for.
        """
        from botocore.exceptions import BotoCoreError, ClientError
        from urllib3.exceptions import HTTPError

        until_s = time.monotonic() + self.deadline_s
        try:
            stream = self._client.synthesize_speech(**request)["AudioStream"]
        except (BotoCoreError, ClientError, HTTPError, OSError) as error:
            raise translate(error) from None
        try:
            return _read(stream, until_s)
        except (BotoCoreError, HTTPError, OSError) as error:
            raise VoiceBusyError(str(translate(error)), paid=True) from None


def _check_session(session: Any) -> None:  # noqa: ANN401 - boto3 has no types
    if not session.region_name:
        raise VoiceError(
            "polly: no region is named; put one, such as us-east-1, in region of [engines.polly], or in the "
            "environment variable AWS_DEFAULT_REGION"
        )
    if session.get_credentials() is None:
        raise VoiceError(
            f"polly: {TITLE} wants credentials: put yours in the environment variables AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or sign in with `aws configure`"
        )


def _read(stream: Any, until_s: float) -> bytes:  # noqa: ANN401 - botocore has no types
    """Return all of an answer that comes to an end in time."""
    body = bytearray()
    # botocore's own `read` waits for all that was asked for, however slowly it comes.
    source = getattr(stream, "_raw_stream", stream)
    try:
        while piece := source.read1(PIECE_BYTES):
            body += piece
            if len(body) > LARGEST_BYTES or time.monotonic() > until_s:
                raise VoiceBusyError(f"polly: the answer of {TITLE} does not come to an end", paid=True)
    finally:
        stream.close()
    return bytes(body)


def translate(error: Exception) -> VoiceError:
    """Return our error for one of botocore's."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _translate_refusal(error.response)
    name = type(error).__name__
    if isinstance(error, exceptions.EndpointConnectionError | exceptions.ProxyConnectionError):
        return VoiceError(
            f"polly: {TITLE} cannot be reached; check the network, and region and endpoint_url in "
            "[engines.polly]"
        )
    if isinstance(error, exceptions.SSLError):
        return VoiceError(
            f"polly: {TITLE} cannot prove who it is; if a proxy of your own is in between, name its "
            "certificate in AWS_CA_BUNDLE"
        )
    if isinstance(error, exceptions.ConnectTimeoutError | exceptions.ReadTimeoutError):
        return VoiceBusyError(f"polly: {TITLE} does not answer in time")
    if isinstance(error, exceptions.HTTPClientError | exceptions.IncompleteReadError) or not isinstance(
        error, exceptions.BotoCoreError | ValueError
    ):
        return VoiceBusyError(f"polly: {TITLE} breaks off the connection")
    if any(part in name for part in ("Credential", "Token", "SSO", "Login")):
        return VoiceError(f"polly: the credentials cannot be used ({name}); {KEYS_WAY_OUT}")
    return VoiceError(
        f"polly: Amazon's settings cannot be used ({name}); check ~/.aws/config, the AWS_… environment "
        "variables and [engines.polly]"
    )


def _translate_refusal(response: Mapping[str, Any]) -> VoiceError:
    """Say what an answer that is none means."""
    told, about = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, status = str(told.get("Code", "")), int(about.get("HTTPStatusCode", 0))
    if code in THROTTLED or status in {408, 429} or status >= 500:
        headers = {name.title(): value for name, value in about.get("HTTPHeaders", {}).items()}
        return VoiceBusyError(
            f"polly: {TITLE} asks for a pause ({status} {code})", wait_s=asked_wait_s(headers)
        )
    if code in REFUSED_KEYS or status in {401, 403}:
        return VoiceError(f"polly: {TITLE} refuses the credentials ({code}); {KEYS_WAY_OUT}")
    said = in_one_line(str(told.get("Message")))
    shown = said if len(said) <= LONGEST_ERROR else said[: LONGEST_ERROR - 1] + "…"
    return VoiceError(
        f"polly: {TITLE} refuses ({code}: {shown}); check the voice, and engine and region in [engines.polly]"
    )
