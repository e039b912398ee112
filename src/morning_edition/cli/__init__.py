"""The command line: options, messages and exit status; what is done is done elsewhere.

Exit status: 0 done, 1 failed, 2 misused, 3 refused by the proof.
"""

import functools
import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from morning_edition import __version__
from morning_edition.cli.check import check
from morning_edition.cli.correct import correct
from morning_edition.cli.episodes import list_episodes
from morning_edition.cli.init import init
from morning_edition.cli.lexicon import lexicon
from morning_edition.cli.names import names
from morning_edition.cli.produce import produce
from morning_edition.cli.proof import proof
from morning_edition.cli.publish import publish
from morning_edition.cli.regenerate import regenerate
from morning_edition.cli.retract import retract
from morning_edition.cli.say import say
from morning_edition.cli.script import script
from morning_edition.cli.serve import serve
from morning_edition.cli.show import show
from morning_edition.cli.spoken import spoken
from morning_edition.cli.telling import complain
from morning_edition.cli.voices import voices
from morning_edition.cli.watch import watch
from morning_edition.errors import MorningEditionError
from morning_edition.files import tell_trouble

FAILED = 1
INTERRUPTED = 130

app = typer.Typer(
    name="morning-edition",
    help="Turn a newsroom's article into a spoken, published briefing.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"morning-edition {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop."),
    ] = False,
) -> None:
    """Turn a newsroom's article into a spoken, published briefing."""


def _interruptible(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command end with a word when it is interrupted, rather than in silence as typer has it."""

    @functools.wraps(command)
    def run(*arguments: object, **options: object) -> None:
        try:
            command(*arguments, **options)
        except KeyboardInterrupt:
            _tell("stopped; what was finished is kept")
            raise typer.Exit(INTERRUPTED) from None

    return run


for _command, _name, _example in (
    (produce, "produce", "morning-edition produce article.txt"),
    (regenerate, "regenerate", "morning-edition regenerate 2024-12-06"),
    (correct, "correct", 'morning-edition correct 2024-12-06 "The fare is $4.50, and not $5."'),
    (proof, "proof", "morning-edition proof"),
    (check, "check", "morning-edition check --as alexa"),
    (script, "script", "morning-edition script article.txt -o script.md"),
    (spoken, "spoken", "morning-edition spoken < article.txt"),
    (names, "names", "morning-edition names article.txt"),
    (list_episodes, "episodes", "morning-edition episodes --json"),
    (show, "show", "morning-edition show 2024-12-06"),
    (retract, "retract", 'morning-edition retract 2024-12-06 --yes --reason "Not so."'),
    (say, "say", 'morning-edition say "Good morning." -o hello.wav'),
    (serve, "serve", "morning-edition serve --lan"),
    (publish, "publish", "morning-edition publish --to ../public --dry-run"),
    (watch, "watch", "morning-edition watch inbox --once"),
    (init, "init", 'morning-edition init my-station --title "The Daily Brief"'),
):
    app.command(_name, epilog=f"Example: {_example}")(_interruptible(_command))
for _group in (voices, lexicon):
    for _info in _group.registered_commands:
        _info.callback = _interruptible(_info.callback) if _info.callback else None
app.add_typer(voices, name="voices", epilog="Example: morning-edition voices --language en")
app.add_typer(lexicon, name="lexicon", epilog="Example: morning-edition lexicon export -o names.pls")


def main() -> None:
    """Run the command line; whatever fails is told in one line."""
    try:
        app()
    except MorningEditionError as error:
        sys.exit(_tell(str(error)))
    except OSError as error:
        sys.exit(_tell(f"{error.filename or 'the system'}: {tell_trouble(error)}"))
    except Exception as error:
        if os.environ.get("MORNING_EDITION_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        sys.exit(_tell(f"a fault of the program ({what}); MORNING_EDITION_DEBUG=1 shows where it lies"))


def _tell(message: str) -> int:
    complain(message)
    return FAILED


__all__ = ["app", "main"]
