"""From what a newsroom has to an `Article`: plain text, all markup ends here."""

from morning_edition.articles.article import Article, QuickLook, Section
from morning_edition.articles.newsroom import read_newsroom_text
from morning_edition.articles.open import open_article

__all__ = ["Article", "QuickLook", "Section", "open_article", "read_newsroom_text"]
