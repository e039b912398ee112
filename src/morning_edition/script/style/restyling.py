"""One paragraph, from the page to the ear: every rule that is on, in order."""

from collections.abc import Sequence

from morning_edition.script.style.airing import Airing, Styled
from morning_edition.script.style.breaths import breathe
from morning_edition.script.style.days import resolve_days
from morning_edition.script.style.parentheses import open_parentheses
from morning_edition.script.style.slugs import leave_out
from morning_edition.script.style.sources import name_source
from morning_edition.script.style.speakers import place_speakers


def restyle(sentences: Sequence[str], airing: Airing) -> list[Styled]:
    """Return the lines of one paragraph, in order; none where nothing of it is for the ear.

    With all rules off they are the sentences as they stand.
    """
    style = airing.style
    read, _ = leave_out(sentences, airing)
    if style.parentheses:
        read = open_parentheses(read)
    if style.days:
        read = resolve_days(read, airing)
    lines = (
        place_speakers(read, style)
        if style.speaker_first or style.quotations
        else [Styled(sentence) for sentence in read]
    )
    if style.source_first:
        lines = [line if line.role else Styled(name_source(line.text)) for line in lines]
    return [part for line in lines for part in breathe(line)] if style.breaths else lines
