"""The site on the web for a try-out: a station in, answers to browsers, players and apps out.

The files of the site, and no others, over HTTP/1.1 (RFC 9110, RFC 9112): ranges, conditions, gzip and CORS.
"""

from morning_edition.serving.server import Serving, open_door, serve_site

__all__ = ["Serving", "open_door", "serve_site"]
