import subprocess
import sys


def speak(given: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    """Put bytes through the pipe."""
    command = [sys.executable, "-m", "morning_edition", "spoken", *options]
    return subprocess.run(command, input=given, capture_output=True, timeout=60)


def test_each_line_comes_back_as_one_line() -> None:
    """Empty lines, odd line ends and a last line without one keep their places; nothing else is printed."""
    given = "It rose 5%.\n\n  \nHama, 40\u2028km away\r\nNo. 10".encode()
    done = speak(given)

    assert done.stderr == b""
    assert done.stdout.decode().split("\n")[:-1] == [
        "It rose five percent.",
        "",
        "",
        "Hama, forty kilometers away",
        "number ten",
    ]


def test_where_english_is_spoken_can_be_told() -> None:
    """Britain says "and" in numbers, and spells its units its own way."""
    assert speak(b"205 km\n", "--language", "en-GB").stdout.decode() == "two hundred and five kilometres\n"


def test_bytes_that_are_no_text_stop_nothing() -> None:
    """A broken letter is replaced, and the lines behind it are read."""
    assert speak(b"a\xffb\n2\n").stdout.decode().splitlines() == ["a\ufffdb", "two"]


def test_nothing_in_gives_nothing_out() -> None:
    """An empty pipe is no error."""
    done = speak(b"")

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    """`morning-edition spoken | head -1` ends without a word."""
    program = f"{sys.executable} -m morning_edition spoken | head -n 1"
    lines = b"It rose 5%.\n" * 20_000
    done = subprocess.run(program, shell=True, input=lines, capture_output=True, timeout=60)  # noqa: S602

    assert (done.stdout, done.stderr) == (b"It rose five percent.\n", b"")
