"""`script.md`: the script as a file that reads as plain Markdown, in and out.

A file has a head between two lines of `---` (title, date, language, how names are said), then its parts.
`GUIDE` is the notation as a producer finds it in the file. `parse_script(render_script(script))` is *script*
again.
"""

from morning_edition.script.reading import parse_script
from morning_edition.script.rendering import render_script, strike_text
from morning_edition.script.signs import GUIDE, escape_text, write_say

__all__ = ["GUIDE", "escape_text", "parse_script", "render_script", "strike_text", "write_say"]
