"""The proof of one edition, before it is put on the shelf: its sound, its speech, its truth, its files."""

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from morning_edition.episode import Episode
from morning_edition.kept import Kept
from morning_edition.mix.programme import Programme
from morning_edition.mix.running_order import Placement
from morning_edition.plan import Plan
from morning_edition.proof import Finding, MasterFigures, Proof, Span
from morning_edition.proof.cue_sheet import CueSheet, LineSpan
from morning_edition.proof.decoding import HeardMaster
from morning_edition.proof.expected import WAY_OUT, ExpectedLine, name_line
from morning_edition.proof.files import prove_files
from morning_edition.proof.sound import figures, judge_sound
from morning_edition.proof.speech import HUMMING_ENGINE, judge_lines
from morning_edition.proof.spoken_forms import prove_spoken_forms
from morning_edition.proof.truth import prove_truth
from morning_edition.script.corrections import is_correction
from morning_edition.script.script import Script
from morning_edition.takes import Take

LONGEST_TITLE = 80
FLASH = "flash"


def prove(
    plan: Plan,
    takes: Sequence[Take],
    masters: Sequence[HeardMaster],
    episode: Episode,
    staged: Path,
    kept: Kept,
) -> Proof:
    """Hold the edition in *staged* against its script, its article and its own record.

    *takes* holds the take of each line; the first of *masters* is the podcast's.
    """
    truth = prove_truth(
        plan.article,
        plan.station,
        plan.date,
        plan.copy,
        None if plan.edited_script else plan.selection,
        edited=bool(plan.edited_script),
    )
    decoded_ms = {heard.pressed.order.path.name: heard.measured.duration_ms for heard in masters}
    heard_script = _drop_lines(plan.script, _find_unheard(masters[0]))
    found = [
        *truth.findings,
        *prove_spoken_forms(_keep_corrections(plan.script), ()),
        *_judge_voices(plan),
        *prove_files(staged, episode, plan.station, script=heard_script, decoded_ms=decoded_ms),
        *(finding for heard in masters for finding in _judge_master(plan, takes, heard)),
    ]
    if plan.station.proof.listen:
        listened, findings = _listen(plan, takes, masters[0], kept)
        found += findings
    else:
        listened = False
    return Proof(
        slug=episode.slug,
        title=episode.title,
        masters=tuple(_show(plan, heard) for heard in masters),
        findings=tuple(sorted(found, key=_place)),
        spoken_facts=truth.spoken_facts,
        left_out=truth.left_out,
        listened=listened,
    )


def _judge_voices(plan: Plan) -> Iterator[Finding]:
    """Tell that the second voice reads, or could not have read; who listens hears it anyway."""
    if plan.stood_in:
        reader = ", ".join(sorted({*plan.voices.values()}))
        text = (
            f"{plan.stood_in}; the whole episode is read by {reader}, the station's second voice. "
            f"`morning-edition regenerate {plan.slug}` tries the first again."
        )
        yield Finding("second voice", "warning", text)
    elif plan.second_fault:
        yield Finding("second voice", "warning", f"{plan.second_fault}.")


def _place(finding: Finding) -> tuple[bool, bool, int]:
    """Sort what is of the whole first, then the podcast's by time, then the flash briefing's."""
    timed = finding.start_ms is not None
    return timed, timed and finding.master.startswith(FLASH), finding.start_ms or finding.row


def _keep_corrections(script: Script) -> Script:
    """Return what *script* says besides the article: the corrections."""
    parts = [replace(part, lines=tuple(filter(is_correction, part.lines))) for part in script.parts]
    return replace(script, parts=tuple(parts))


def _judge_master(plan: Plan, takes: Sequence[Take], heard: HeardMaster) -> tuple[Finding, ...]:
    lines = _expect_lines(plan, takes, heard)
    return (
        *_judge_sound(plan, takes, heard),
        *judge_lines(list(lines.values()), [heard.lines[number] for number in lines]),
        *_judge_unheard(plan, takes, heard),
    )


def _judge_sound(plan: Plan, takes: Sequence[Take], heard: HeardMaster) -> tuple[Finding, ...]:
    """Judge a master's sound; what is found in a headline names its table of settings, `flash`, too."""
    order = heard.pressed.order
    found = judge_sound(
        heard.measured,
        master=FLASH if order.name.startswith(FLASH) else order.name,
        target_lufs=order.profile.loudness_lufs,
        ceiling_dbtp=order.profile.true_peak_dbtp,
        bitrate_kbps=heard.pressed.form.bitrate_kbps,
        sheet=write_cue_sheet(plan, takes, order.programme),
    )
    return tuple(replace(finding, master=order.name) for finding in found)


def _find_unheard(heard: HeardMaster) -> frozenset[int]:
    """Return the numbers of the lines whose takes are silent, so that nothing of them was laid."""
    places = heard.pressed.order.programme.order.takes
    return frozenset(int(place.piece) for place in places if not place.length)


def _drop_lines(script: Script, dropped: Collection[int]) -> Script:
    """Return *script* without the lines of these numbers: what goes with the sound has none of them."""
    numbers = itertools.count()
    parts = [
        replace(part, lines=tuple(line for line in part.lines if next(numbers) not in dropped))
        for part in script.parts
    ]
    return replace(script, parts=tuple(parts)) if dropped else script


def _judge_unheard(plan: Plan, takes: Sequence[Take], heard: HeardMaster) -> Iterator[Finding]:
    order = heard.pressed.order.programme.order
    for place in order.takes:
        line = _expect_line(plan, takes, heard, place)
        if not place.length and line.words:
            text = f"{name_line(line)} is not heard: its take is silent. {WAY_OUT}"
            at_ms = line.start_ms
            yield Finding("line silent", "failure", text, heard.pressed.order.name, at_ms, at_ms, line.row)


def _listen(
    plan: Plan, takes: Sequence[Take], podcast: HeardMaster, kept: Kept
) -> tuple[bool, tuple[Finding, ...]]:
    """Have the podcast's lines listened to: every other master is made of the same takes."""
    from morning_edition.proof.attending import listen_to_master
    from morning_edition.proof.listening import NotListening, find_listener

    listener = find_listener(plan.script.language)
    if isinstance(listener, NotListening):
        return False, (Finding("listening", "warning", f"nobody listened to the lines: {listener.reason}."),)
    return True, listen_to_master(podcast, _expect_lines(plan, takes, podcast), listener, kept)


def write_cue_sheet(plan: Plan, takes: Sequence[Take], programme: Programme) -> CueSheet:
    """Say what is heard when in *programme*."""
    order = programme.order
    music = [place for place in order.placements if isinstance(place.piece, str) and place.length]
    lines, before = [], 0
    spoken = [place for place in order.takes if place.length]
    for place in spoken:
        number = int(place.piece)
        part = getattr(plan.station.cast, plan.read_lines[number].role)
        span = LineSpan(
            order.to_ms(place.start),
            order.to_ms(place.end),
            plan.script.lines[number].row,
            part.gain_db,
            order.to_ms(_count_silence(music, before, place.start)),
        )
        lines.append(span)
        before = place.end
    return CueSheet(
        tuple(lines),
        tuple((order.to_ms(place.start), order.to_ms(place.end)) for place in music),
        order.to_ms(_count_silence(music, before, order.length)),
        min((take.sample_rate_hz // 2 for take in takes if _speaks(take)), default=0),
    )


def _speaks(take: Take) -> bool:
    return take.voice.partition(" ")[0] != HUMMING_ENGINE


def _count_silence(music: Sequence[Placement], start: int, end: int) -> int:
    """Return how many frames between the two have no music."""
    silence, at = 0, start
    for place in music:
        if place.end > at and place.start < end:
            silence += max(place.start - at, 0)
            at = place.end
    return silence + max(end - at, 0)


def _expect_lines(plan: Plan, takes: Sequence[Take], heard: HeardMaster) -> dict[int, ExpectedLine]:
    order = heard.pressed.order.programme.order
    music = [place for place in order.placements if isinstance(place.piece, str) and place.length]
    return {
        int(place.piece): replace(
            _expect_line(plan, takes, heard, place),
            under_music=any(other.start < place.end and other.end > place.start for other in music),
        )
        for place in order.takes
        if place.length
    }


def _expect_line(plan: Plan, takes: Sequence[Take], heard: HeardMaster, place: Placement) -> ExpectedLine:
    order, number = heard.pressed.order.programme.order, int(place.piece)
    line = plan.read_lines[number]
    return ExpectedLine(
        plan.utter(line.spoken),
        order.to_ms(place.start),
        order.to_ms(place.end),
        takes[number].voice,
        line.row,
        getattr(plan.station.cast, line.role).rate,
        take_ms=order.to_ms(place.length),
        master=heard.pressed.order.name,
    )


def _show(plan: Plan, heard: HeardMaster) -> MasterFigures:
    order = heard.pressed.order
    return figures(
        heard.measured,
        master=order.name,
        file=order.path.name,
        target_lufs=order.profile.loudness_lufs,
        ceiling_dbtp=order.profile.true_peak_dbtp,
        segments=[
            Span(chapter.title, chapter.start_ms, chapter.end_ms)
            for chapter in order.programme.order.chapters
        ],
        lines=[
            Span(
                plan.script.lines[int(place.piece)].text[:LONGEST_TITLE],
                order.programme.order.to_ms(place.start),
                order.programme.order.to_ms(place.end),
                plan.script.lines[int(place.piece)].row,
            )
            for place in order.programme.order.takes
            if place.length
        ],
    )
