"""Morning Edition turns a newsroom's article into a spoken, published briefing.

An article goes in; an episode folder and a podcast feed come out. `edition` is the flow; each other
module is one stage of it or one word of the field.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
