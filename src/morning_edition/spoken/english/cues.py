"""Cues: short patterns, one of which each line that holds a form has, whatever else the form asks for.

A form's own pattern takes a hundred times as long to compile, and is spared where its cue is missing.
"""

FIGURE = r"[0-9\u00bc-\u00be\u2150-\u215e]"
"""The last sign of a number: a digit, or a fraction of one sign."""
TO_FIGURE = r"[-–] ?['.]?[0-9]"
"""A range's dash, with what comes behind it."""
CLOCK = r"[0-9][:.h][0-5][0-9]"
DATE_IN_DIGITS = r"[0-9][-/.][0-9]{1,2}[-/.][0-9]"
MONTH = r"(?i:[jfmasond][aepuco][nbrylgptvc])"
"""The first letters of a month, and of few other words."""
