"""Article to script: what will be said, in running order, in a file that a producer can edit."""

from morning_edition.script.notation import parse_script, render_script
from morning_edition.script.script import Line, Role, Script, Segment
from morning_edition.script.writing import write_script

__all__ = ["Line", "Role", "Script", "Segment", "parse_script", "render_script", "write_script"]
