"""Covers: from a station, and an episode's edition, date and headline, to JPEG pictures."""

from morning_edition.artwork.covers import draw_episode_cover, draw_show_cover
from morning_edition.covers import Cover

__all__ = ["Cover", "draw_episode_cover", "draw_show_cover"]
