"""Covers: from a station, and an episode's edition, date and headline, to JPEG pictures."""

from morning_edition.artwork.covers import EpisodeCover, draw_episode_cover, draw_show_cover

__all__ = ["EpisodeCover", "draw_episode_cover", "draw_show_cover"]
