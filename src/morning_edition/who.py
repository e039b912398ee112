"""Who runs this program, and on which machine, as other people are told."""


def find_user() -> str:
    """Return the user's name."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"


def find_host() -> str:
    """Return the machine's name in the network."""
    import platform  # takes a millisecond, which `--help` need not wait for

    return platform.node()


def tell_process(pid: int, user: str, host: str) -> str:
    """Write `process 4711 of ana on studio-2`."""
    return f"process {pid} of {user} on {host}"
