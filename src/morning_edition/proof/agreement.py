"""How files of an episode disagree, told as findings: which file, what it says, and what it should say."""

from collections.abc import Iterator

from morning_edition.patterns import compile_late
from morning_edition.proof import Finding
from morning_edition.tags import BREAKS, UNWANTED

MOST_APART_MS = 50
"""By how much two files may differ on one time."""
LONGEST_SHOWN = 80
"""Characters of a value that a finding shows."""
WAY_OUT = "produce the episode again"

_FLASH = compile_late(r"flash(?:-[1-5])?\.mp3")


def tell(check: str, file: str, said: str) -> Finding:
    """Make a finding of what is wrong in *file*."""
    return Finding(check, "failure", f"{file}: {said}; {WAY_OUT}.", master=_master_of(file))


def compare(check: str, file: str, what: str, found: object, expected: object) -> Iterator[Finding]:
    """Give a finding where *found* is not what is *expected*."""
    if found != expected:
        at = _first_difference(found, expected)
        yield tell(check, file, f"{what} is {_show(found, at)}, and should be {_show(expected, at)}")


def compare_ms(check: str, file: str, what: str, found_ms: float, expected_ms: float) -> Iterator[Finding]:
    """Give a finding where two times are too far apart."""
    if not abs(found_ms - expected_ms) <= MOST_APART_MS:
        yield tell(
            check,
            file,
            f"{what} is {found_ms / 1000:.3f} s, and should be {expected_ms / 1000:.3f} s "
            f"(within {MOST_APART_MS} ms)",
        )


def reason_of(error: Exception) -> str:
    """Say why something cannot be read."""
    return str(error) or type(error).__name__


def one_line(text: str) -> str:
    """Return *text* as a title is compared: tags, chapters and feed treat its white space each in its way."""
    return " ".join(UNWANTED.sub("", BREAKS.sub(" ", text)).split())


def _master_of(file: str) -> str:
    stem = file.partition(".")[0]
    return stem if is_flash(file) else "podcast" if stem == "episode" else ""


def is_flash(file: str) -> bool:
    """Tell a master of the flash briefing: `flash.mp3`, or `flash-1.mp3` and so on."""
    return _FLASH.fullmatch(file) is not None


def _first_difference(found: object, expected: object) -> int:
    """Return where two long texts part, less a few characters; 0 for anything else."""
    if not (isinstance(found, str) and isinstance(expected, str)) or len(found) <= LONGEST_SHOWN:
        return 0
    pairs = enumerate(zip(found, expected, strict=False))
    at = next((at for at, (one, other) in pairs if one != other), min(len(found), len(expected)))
    return max(0, at - LONGEST_SHOWN // 4)


def _show(value: object, at: int) -> str:
    if not isinstance(value, str):
        return repr(value)
    end = at + LONGEST_SHOWN
    return f"“{'…' if at else ''}{value[at:end]}{'…' if len(value) > end else ''}”"
