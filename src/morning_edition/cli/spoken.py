"""`morning-edition spoken`: a pipe from written lines to spoken ones."""

import sys
from typing import Annotated

import typer


def spoken(
    language: Annotated[
        str, typer.Option("--language", metavar="TAG", help="The language and where it is spoken.")
    ] = "en-US",
) -> None:
    """Turn each line of standard input into its spoken form, line for line."""
    from morning_edition.spoken import to_spoken

    for row in sys.stdin.buffer:
        written = row.decode("utf-8", errors="replace").rstrip("\r\n")
        sys.stdout.buffer.write(to_spoken(written, language).encode() + b"\n")
        if row.endswith(b"\n") and sys.stdin.isatty():
            sys.stdout.buffer.flush()
