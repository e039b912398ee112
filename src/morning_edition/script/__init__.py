"""Article to script: what will be said, in running order, in a file that a producer can edit."""

from morning_edition.script.script import Line, Role, Script, Segment

__all__ = ["Line", "Role", "Script", "Segment"]
