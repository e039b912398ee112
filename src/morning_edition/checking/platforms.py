"""The platforms that can be played: each is a function, from a station and a moment to what it would take."""

import datetime as dt
from collections.abc import Callable, Mapping

from morning_edition.checking import Checked
from morning_edition.checking.alexa import check_alexa
from morning_edition.checking.podcast import check_podcast
from morning_edition.station import Station

Platform = Callable[[Station, dt.datetime], Checked]
"""Raises `EpisodeError` where what it reads cannot be read at all."""

PLATFORMS: Mapping[str, Platform] = {"alexa": check_alexa, "podcast": check_podcast}
"""By the names that `check --as` takes."""
