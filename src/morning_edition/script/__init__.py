"""Article to script: what will be said, in running order, in a file that a producer can edit."""

from morning_edition.script.script import LeftOut, Line, Role, Script, Segment

__all__ = ["LeftOut", "Line", "Role", "Script", "Segment"]
