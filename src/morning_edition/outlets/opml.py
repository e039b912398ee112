"""The show as a list of one subscription, which every podcast app and feed reader can import.

Follows OPML 2.0 (http://opml.org/spec2.opml, "Subscription lists").
"""

from morning_edition.outlets.characters import first_filled
from morning_edition.outlets.typeset import typeset
from morning_edition.station import Station


def render_opml(station: Station) -> str:
    """Write `show.opml`. It has no date, so that the same show gives the same list."""
    return typeset(
        "show.opml.j2",
        station=station,
        title=first_filled(station.show.title, station.outlet.name),
        owner=first_filled(station.owner_name),
        description=first_filled(station.show.description),
    )
