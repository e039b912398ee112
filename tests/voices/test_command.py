"""How `CommandVoice` runs a program: with no shell, for so long and no longer, failures told in a line."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import Delivery, Option, Pronounced, Utterance, Voice
from morning_edition.voices.command import CommandVoice, program

HELLO = Utterance("Good morning, Kestrel Bay.")
WRITE_SOUND = """
    import json, struct, sys, wave
    def write_sound(target, letters):
        with wave.open(target, "wb") as file:
            file.setnchannels(1), file.setsampwidth(2), file.setframerate(16000)
            file.writeframes((struct.pack("<h", 8000) * 20 + struct.pack("<h", -8000) * 20) * 40 * letters)
"""
SPEAK_FILE = 'write_sound(sys.argv[2], len(open(sys.argv[1], encoding="utf-8").read().strip()))'
Making = Callable[..., str]


@pytest.fixture
def line(tmp_path: Path) -> Making:
    """Return the line that runs a small Python program, and the words behind it."""

    def make(code: str, words: str = "{input} {output}") -> str:
        script = tmp_path / "speak.py"
        script.write_text(textwrap.dedent(WRITE_SOUND) + textwrap.dedent(code), encoding="utf-8")
        return f"{shlex.quote(sys.executable)} {shlex.quote(str(script))} {words}"

    return make


def voice_of(line: str, name: str = "", *, rate: float = 1.0, **options: Option) -> CommandVoice:
    return CommandVoice(name, Delivery(rate=rate, options={"line": line, **options}))


def refusal(act: Callable[[], object], kind: type[VoiceError] = VoiceError) -> str:
    with pytest.raises(VoiceError) as refused:
        act()
    assert type(refused.value) is kind
    return str(refused.value)


def words_given(
    line: Making, tmp_path: Path, words: str, text: str, name: str = "", rate: float = 1.0
) -> list[str]:
    """Return the words that a program got besides its own name."""
    told = tmp_path / "told.json"
    code = f"""
        json.dump(sys.argv[2:], open({str(told)!r}, "w"))
        write_sound(sys.argv[1], 3)
    """
    voice_of(line(code, f"{{output}} {words}"), name, rate=rate).speak(Utterance(text))
    found: list[str] = json.loads(told.read_text())
    return found


# What goes in and out.


def test_the_text_goes_in_as_a_file_and_the_sound_comes_out_as_one(line: Making) -> None:
    speech = voice_of(line(SPEAK_FILE)).speak(HELLO)

    assert speech.sample_rate_hz == 16_000
    assert speech.duration_ms == 100 * len(HELLO.text)
    assert np.abs(np.frombuffer(speech.pcm, "<i2")).min() == 8000


def test_the_text_goes_in_and_the_sound_comes_out_where_no_file_is_named(line: Making) -> None:
    """Standard input and output, as programs in a pipe have them."""
    code = "write_sound(sys.stdout.buffer, len(sys.stdin.read().strip()))"

    assert voice_of(line(code, "")).speak(HELLO).duration_ms == 100 * len(HELLO.text)


def test_a_program_that_chatters_writes_no_sound(line: Making) -> None:
    """With an output file named, what stands on its standard output and error is not for the listener."""
    code = f'print("la" * 100_000); print("la" * 100_000, file=sys.stderr); {SPEAK_FILE}'

    assert voice_of(line(code)).speak(HELLO).duration_ms == 100 * len(HELLO.text)


@pytest.mark.parametrize(
    ("words", "text", "given"),
    [
        ("--say {text}", "Good morning.", ["--say", "Good morning."]),
        ("--say={text}", "-rf /", ["--say=-rf /"]),
        ("{text}", "--help me", [" --help me"]),
        ("{text}", "$(reboot); `id` | cat > x && \"y\" 'z' *", ["$(reboot); `id` | cat > x && \"y\" 'z' *"]),
        ("{text}", "take {output} and {text}", ["take {output} and {text}"]),
        ("'a b' \"{rate} {wpm}\"", "Hi.", ["a b", "1.5 255"]),
        ("{percent}% {language}", "Hi.", ["150%", "en-US"]),
        ("{text}", "nul\0 in\nlines", ["nul in lines"]),
        ("{text}", "lone \ud800 surrogate", ["lone ? surrogate"]),
        ("{text}", "Erdoğan’s 日本", ["Erdoğan’s 日本"]),
    ],
)
def test_a_program_gets_its_words_as_they_stand(
    line: Making, tmp_path: Path, words: str, text: str, given: list[str]
) -> None:
    """No shell reads them, no text becomes an option or a placeholder, and each stays one word."""
    assert words_given(line, tmp_path, words, text, rate=1.5) == given


def test_the_voice_s_name_is_a_word_too(line: Making, tmp_path: Path) -> None:
    assert words_given(line, tmp_path, "-v {voice}", "Hi.", name="Moira; rm -rf") == ["-v", "Moira; rm -rf"]


def test_the_text_is_written_in_the_program_s_encoding(line: Making) -> None:
    """What the encoding lacks becomes a question mark, and stops nothing."""
    code = """
        read = open(sys.argv[1], "rb").read()
        write_sound(sys.argv[2], 10 if read == "Caf\\xe9 ? open\\n".encode("latin-1") else 1)
    """

    speech = voice_of(line(code), encoding="latin-1").speak(Utterance("Café 日 open"))
    assert speech.duration_ms == 1000


def test_a_name_is_respelled(line: Making) -> None:
    """A program reads nothing but text, so the lexicon's respelling is what it gets."""
    said = Utterance("To Homs.", (Pronounced(3, 7, "homz-homz", "hoʊmz"),))

    assert voice_of(line(SPEAK_FILE)).speak(said).duration_ms == 100 * len("To homz-homz.")


@pytest.mark.parametrize("text", ["", " \n ", "… — !", "\0"])
def test_nothing_to_read_runs_nothing(line: Making, text: str) -> None:
    assert voice_of(line("sys.exit(1)")).speak(Utterance(text)).pcm == b""


def test_lines_side_by_side_are_the_same_as_alone(line: Making) -> None:
    """Each has a folder of its own."""
    voice = voice_of(line(SPEAK_FILE))
    lines = [Utterance("word " * count) for count in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        spoken = list(pool.map(voice.speak, lines))

    assert [speech.duration_ms for speech in spoken] == [100 * len(each.text.strip()) for each in lines]


def test_nothing_is_left_behind(line: Making, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))

    voice_of(line(SPEAK_FILE)).speak(HELLO)
    refusal(lambda: voice_of(line("sys.exit(3)")).speak(HELLO))

    assert list(scratch.iterdir()) == []


# Failures.


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            'print("first"); sys.exit("no voice\\n\\ncalled \\x1b[1mZoe\\n")',
            "failed with status 1: called [1mZoe; mend its line in station.toml, or use another voice",
        ),
        ("sys.exit(3)", "failed with status 3; mend its line in station.toml, or use another voice"),
        ("pass", "gave no sound; mend its line in station.toml"),
        ('open(sys.argv[2], "w").close()', "gave no sound; mend its line in station.toml"),
    ],
)
def test_a_program_that_fails_is_told_in_one_line(line: Making, code: str, message: str) -> None:
    """What it said last, and which program it was."""
    told = refusal(lambda: voice_of(line(code)).speak(HELLO))

    assert told == f"command: {Path(sys.executable).name} {message}"


@pytest.mark.parametrize(
    "code",
    [
        'open(sys.argv[2], "w").write("Usage: speak [-o FILE]")',
        'open(sys.argv[2], "wb").write(b"RIFF" + bytes(40))',
        'open(sys.argv[2], "wb").write(bytes(range(256)) * 50)',
    ],
)
def test_what_is_no_sound_is_refused_for_good(line: Making, code: str) -> None:
    """The same program with the same line would give the same again."""
    told = refusal(lambda: voice_of(line(code)).speak(HELLO))

    assert told.startswith(f"command: {Path(sys.executable).name} ")
    assert told.endswith("; mend its line in station.toml")


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_a_program_that_crashes_may_be_run_again(line: Making) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

    assert "was ended by signal 9" in refusal(lambda: voice_of(line(code)).speak(HELLO), VoiceBusyError)


STAY = """
    import pathlib, subprocess, time
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    pathlib.Path({told!r}).write_text(str(child.pid))
    time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up as Linux has them")
def test_a_program_that_does_not_end_is_ended_with_all_it_started(line: Making, tmp_path: Path) -> None:
    told = tmp_path / "child"
    voice = voice_of(line(STAY.format(told=str(told))), timeout_s=1.5)
    begun_s = time.monotonic()

    message = refusal(lambda: voice.speak(HELLO))

    assert "was not done with a line after 1.5 s; " in message
    assert time.monotonic() - begun_s < 5
    child = Path("/proc", told.read_text())
    for _ in range(100):
        if not child.exists() or "\nState:\tZ" in (child / "status").read_text():
            return
        time.sleep(0.02)
    pytest.fail("what the program had started is still running")


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are looked up as Linux has them")
def test_no_program_outlives_a_control_c(line: Making, tmp_path: Path) -> None:
    """They are out of its reach, in groups of their own; nothing of them and their children is left."""
    code = """
        import os, pathlib, subprocess, time
        child = subprocess.Popen(["sleep", "60"])
        pathlib.Path({folder!r}, f"{{os.getpid()}}-{{child.pid}}").touch()
        time.sleep(60)
    """
    told = tmp_path / "told"
    told.mkdir()
    table = json.dumps(line(code.format(folder=str(told))), ensure_ascii=False)
    (tmp_path / "station.toml").write_text(f"[engines.command]\nline = {table}\n", encoding="utf-8")
    (tmp_path / "news.txt").write_text("The ferry\n\nIt left at sunrise. It came back at noon.\n", "utf-8")
    reading = subprocess.Popen(
        [sys.executable, "-m", "morning_edition", "produce", "news.txt", "--voice", "command"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    until_s = time.monotonic() + 20
    while len(list(told.iterdir())) < 2 and time.monotonic() < until_s:
        time.sleep(0.02)
    started = [Path("/proc", pid) for path in told.iterdir() for pid in path.name.split("-")]
    reading.send_signal(signal.SIGINT)
    _, said = reading.communicate(timeout=20)

    assert reading.returncode == 130, said
    assert len(started) == 4
    left = started
    while left and time.monotonic() < until_s:
        left = [process for process in left if is_alive(process)]
        time.sleep(0.02)
    assert left == []


def is_alive(process: Path) -> bool:
    try:
        return "\nState:\tZ" not in (process / "status").read_text()
    except OSError:
        return False


def test_a_program_that_writes_without_end_is_ended(line: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "LARGEST_BYTES", 1_000_000)
    voice = voice_of(line("while True: sys.stdout.write('x' * 10_000)", ""), timeout_s=20)

    assert "wrote more than 1 MB for a line" in refusal(lambda: voice.speak(HELLO))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "command: which program? Write its line under [engines.command] in station.toml"),
        ("  ", "command: which program? Write its line under [engines.command] in station.toml"),
        ("'a b", "command: line in [engines.command] cannot be read: No closing quotation"),
        (
            "no-speaker -o {output}",
            "command: there is no program 'no-speaker'; install it, or mend line under [engines.command]",
        ),
        (
            "{text}",
            "command: there is no program '{text}'; install it, or mend line under [engines.command]",
        ),
    ],
)
def test_a_line_that_cannot_work_is_refused_before_any_line_is_read(given: str, message: str) -> None:
    assert refusal(lambda: voice_of(given)) == message


def test_an_unknown_placeholder_is_told_with_those_there_are(line: Making) -> None:
    told = refusal(lambda: voice_of(line("", "{file}")))

    assert told.startswith(
        "command: its line has {file}, which stands for nothing; known are {input}, {output}"
    )


def test_a_voice_is_named_where_the_line_has_a_place_for_it_and_nowhere_else(line: Making) -> None:
    with_place, without = line("", "{output} -v {voice}"), line("", "{output}")

    assert refusal(lambda: voice_of(with_place)).endswith("write command:NAME, for its line has {voice}")
    assert refusal(lambda: voice_of(without, "Moira")).endswith("its line has no {voice}")


# What it tells of itself.


def test_the_identity_changes_with_all_that_changes_the_sound(line: Making) -> None:
    usual, voiced = line("", "{output}"), line("", "{output} {voice} {rate}")
    voices = [
        voice_of(usual),
        voice_of(usual + " -x"),
        voice_of(usual, version="2"),
        voice_of(usual, encoding="latin-1"),
        voice_of(voiced, "Moira"),
        voice_of(voiced, "Fiona"),
        voice_of(voiced, "Moira", rate=1.25),
    ]
    same = [voice_of(usual, rate=2.0), voice_of(usual, timeout_s=5, lines_at_once=9)]

    assert len({voice.identity for voice in voices}) == len(voices)
    assert {voice.identity for voice in same} == {voices[0].identity}
    assert all(voice.identity.startswith("command ") for voice in voices)


def test_a_key_in_the_line_is_never_shown(line: Making) -> None:
    voice = voice_of(line("sys.exit(1)", "--key hunter2"))

    assert "hunter2" not in voice.identity + repr(voice) + refusal(lambda: voice.speak(HELLO))


def test_it_sets_the_rate_where_its_line_asks_for_one(line: Making) -> None:
    """Else the sound is stretched afterwards."""
    voice: Voice = voice_of(line("", "{output} --speed {wpm}"), lines_at_once=5)

    assert (voice.traits.sets_rate, voice.traits.lines_at_once) == (True, 5)
    assert not voice_of(line("", "{output}")).traits.sets_rate


@pytest.mark.parametrize(
    ("options", "installed", "description"),
    [
        ({}, False, "any program: write its line under [engines.command] in station.toml"),
        (
            {"line": "no-such-speaker"},
            False,
            "there is no program 'no-such-speaker'; install it, or mend line under [engines.command]",
        ),
        ({"line": shlex.quote(sys.executable)}, True, f"what {Path(sys.executable).name} says"),
    ],
)
def test_the_catalogue_tells_whether_the_program_is_there(
    options: Mapping[str, Option], installed: bool, description: str
) -> None:
    (note,) = CommandVoice.catalogue(options)

    assert (note.installed, note.description) == (installed, description)


# Real programs, where there are any.


@pytest.mark.parametrize(
    "given",
    [
        "espeak-ng -s {wpm} -w {output} -f {input}",
        "espeak-ng --stdout",
        "espeak-ng -w {output} {text}",
        "text2wave -o {output} {input}",
        "text2wave",
        "flite -t {text} -o {output}",
        "pico2wave -w {output} {text}",
        "RHVoice-test -o {output}",
        "say -o {output} --data-format=LEI16@22050 -f {input}",
    ],
)
def test_a_real_program_speaks(given: str) -> None:
    """As the documentation writes its line."""
    if not shutil.which(given.split()[0]):
        pytest.skip(f"{given.split()[0]} is not installed")

    speech = voice_of(given).speak(Utterance("-5 degrees; the first boat left the pier at sunrise."))

    assert 2000 < speech.duration_ms < 8000
    assert np.abs(np.frombuffer(speech.pcm, "<i2").astype(int)).max() > 1000
