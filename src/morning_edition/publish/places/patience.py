"""How long a target is waited for."""

CONNECT_S = 15.0
CALL_S = 60.0
"""The longest a server may take for an answer."""
SLOWEST_BYTES_S = 16 * 1024
"""A line slower than that is taken for broken."""


def reckon_patience(size_bytes: int) -> float:
    """Return how many seconds a request that carries *size_bytes* may take."""
    return CALL_S + size_bytes / SLOWEST_BYTES_S
