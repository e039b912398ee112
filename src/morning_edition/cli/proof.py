"""`morning-edition proof`: what the gate found in each episode."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.options import REFUSED, JsonOption, StationOption, open_station, show_path
from morning_edition.cli.telling import render_json

if TYPE_CHECKING:
    from morning_edition.proof import Finding, MasterFigures, Proof
    from morning_edition.station import Station


DRAWN = ("peaks", "short_term_lufs")
"""What only the report's picture needs; `proof.json` has it."""


def proof(
    episodes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EPISODE]...",
            help="Episodes: their folders' names, or their numbers; by default the newest.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    station: StationOption = None,
) -> None:
    """Show what the proof found in an episode; exit with 3 if it refused one, or a file is damaged since.

    An edition that was refused, and not mended since, stands in for the one that it was to replace.
    """
    show = open_station(station)
    folders = [_find_folder(show, name) for name in episodes] if episodes else _find_newest(show)
    proofs = [_load(folder) for folder in folders]
    damage = [_find_damage(folder) for folder in folders]
    rows = list(zip(proofs, folders, damage, strict=True))
    if as_json:
        typer.echo(render_json({"proofs": [_describe(*row) for row in rows]}))
    else:
        typer.echo("\n\n\n".join(_tell(*row) for row in rows))
    if any(damage) or not all(kept.passed or kept.forced for kept in proofs):
        raise typer.Exit(REFUSED)


def _find_newest(show: "Station") -> list[Path]:
    """Return the newest folder with a proof: of the last day, the one that was proofed last."""
    from morning_edition.errors import EpisodeError
    from morning_edition.proof.record import RECORD_NAME
    from morning_edition.standing import refused_folder

    roots = (show.episodes_folder, refused_folder(show, ""))
    records = [path for root in roots for path in root.glob(f"[!.]*/{RECORD_NAME}")]
    newest = max(records, key=lambda path: (path.parent.name[:10], path.stat().st_mtime_ns), default=None)
    if newest is None:
        raise EpisodeError("no episode has a proof yet; make one with `morning-edition produce ARTICLE`")
    return [newest.parent]


def _find_folder(show: "Station", name: str) -> Path:
    """Return the folder of the episode that was asked for; of one that was refused lately, that edition's.

    One whose record is gone is known by its proof.
    """
    from morning_edition.catalogue import find_slug, list_withdrawn
    from morning_edition.episode import RECORD_NAME as EPISODE_NAME
    from morning_edition.errors import EpisodeError
    from morning_edition.life.tombstones import load_tombstone
    from morning_edition.proof.record import RECORD_NAME
    from morning_edition.standing import refused_folder

    try:
        slug = find_slug(show, name)
    except EpisodeError as error:
        slug, unknown = Path(name).name, str(error)
    else:
        unknown = ""
    if slug in list_withdrawn(show) and (stone := load_tombstone(show.episodes_folder / slug)):
        raise EpisodeError(f"{stone.tell()}; its proof is none any more")
    for folder in (refused_folder(show, slug), show.episodes_folder / slug):
        if any((folder / record).is_file() for record in (RECORD_NAME, EPISODE_NAME)):
            return folder
    known = "may be" in unknown
    raise typer.BadParameter(
        unknown if known else f"there is no episode {name}; `morning-edition episodes` lists them",
        param_hint="EPISODE",
    )


def _load(folder: Path) -> "Proof":
    from morning_edition.errors import EpisodeError
    from morning_edition.proof.record import RECORD_NAME, parse_proof

    path = folder / RECORD_NAME
    try:
        kept = parse_proof(path.read_text(encoding="utf-8"))
        if kept.slug != folder.name:
            raise ValueError(f"it belongs to {kept.slug}")
    except FileNotFoundError as error:
        raise EpisodeError(f"{show_path(folder)}: has no proof; produce the article again") from error
    except ValueError as error:
        said = f"{show_path(path)}: cannot be used ({error}); produce the article again"
        raise EpisodeError(said) from error
    return kept


def _find_damage(folder: Path) -> list[str]:
    """Say what of the files is not as it was when it was proved."""
    from morning_edition.episode import load_episode
    from morning_edition.errors import EpisodeError
    from morning_edition.life.shortfalls import find_damaged

    try:
        return list(find_damaged(folder, load_episode(folder)))
    except EpisodeError:
        return []  # without a record nobody can tell


def _describe(kept: "Proof", folder: Path, damage: list[str]) -> dict[str, Any]:
    from morning_edition.proof.record import render_proof_json, tell_verdict

    record: dict[str, Any] = json.loads(render_proof_json(kept))
    for master in record["masters"]:
        for name in DRAWN:
            del master[name]
    return {"folder": show_path(folder), "verdict": tell_verdict(kept), "damaged": damage} | record


def _tell(kept: "Proof", folder: Path, damage: list[str]) -> str:
    from morning_edition.proof.record import RECORD_NAME, REPORT_NAME, tell_verdict

    report = folder / REPORT_NAME
    lines = [
        _one_line(kept.title) or kept.slug,
        show_path(report if report.is_file() else folder / RECORD_NAME),
        tell_verdict(kept),
        *(f"since then: {said}; regenerate the episode" for said in damage),
        "",
        *_tell_masters(kept.masters),
    ]
    for number, finding in enumerate(kept.findings, 1):
        lines += _tell_finding(number, finding)
    heard = "each line was listened to" if kept.listened else "no recogniser listened to the lines"
    lines += ["", f"{kept.spoken_facts:,} facts are spoken, {len(kept.left_out):,} left out; {heard}"]
    return "\n".join(lines)


def _tell_masters(masters: Iterable["MasterFigures"]) -> list[str]:
    from morning_edition.outlets.times import clock
    from morning_edition.proof.axis import signed

    rows = [("master", "length", "LUFS", "(target)", "range LU", "peak dBTP", "(ceiling)")]
    for master in masters:
        figures = (master.loudness_lufs, master.target_lufs, master.range_lu)
        peaks = (master.true_peak_dbtp, master.ceiling_dbtp)
        loudness, target, span, peak, ceiling = (signed(figure) for figure in (*figures, *peaks))
        length = clock(master.duration_ms)
        rows.append((master.name, length, loudness, f"({target})", span, peak, f"({ceiling})"))
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [_set_row(row, widths) for row in rows] if len(rows) > 1 else []


def _set_row(cells: Iterable[str], widths: Iterable[int]) -> str:
    """Set a row of a table: its name to the left, its figures to the right."""
    name, *figures = (
        f"{cell:>{width}}" if place else f"{cell:<{width}}"
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([name, *figures])


def _tell_finding(number: int, finding: "Finding") -> list[str]:
    from morning_edition.outlets.times import clock

    time = "" if finding.start_ms is None else clock(finding.start_ms)
    place = f"{finding.master} {time}".strip()
    row = f"script.md:{finding.row}" if finding.row else ""
    head = "  ".join(part for part in (finding.severity, _one_line(finding.check), place, row) if part)
    return ["", f"{number:>3}  {head}", f"     {_one_line(finding.text)}"]


def _one_line(text: str) -> str:
    from morning_edition.outlets.characters import clean

    return " ".join(clean(text).split())
