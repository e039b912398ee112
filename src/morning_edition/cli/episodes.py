"""`morning-edition episodes`: the catalogue."""

import json

import typer

from morning_edition.cli.options import JsonOption, StationOption, open_station, show_path


def list_episodes(as_json: JsonOption = False, station: StationOption = None) -> None:
    """List the station's episodes, newest first."""
    from morning_edition.episode import AUDIO_NAME, load_episodes

    show = open_station(station)
    episodes = load_episodes(show)
    if as_json:
        records = [json.loads(episode.to_json()) for episode in episodes]
        typer.echo(json.dumps({"episodes": records}, ensure_ascii=False, indent=2))
        return
    for episode in episodes:
        minutes, seconds = divmod(round(episode.duration_ms / 1000), 60)
        path = show_path(episode.folder(show) / AUDIO_NAME)
        typer.echo(
            f"{episode.number:>4}  {episode.date}  {minutes:>3}:{seconds:02}  {episode.title}\n      {path}"
        )
    if not episodes:
        typer.echo("no episodes yet; make one with `morning-edition produce ARTICLE`", err=True)
