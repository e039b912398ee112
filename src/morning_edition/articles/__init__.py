"""From what a newsroom has to an `Article`: plain text, all markup ends here."""

from morning_edition.articles.article import Article, QuickLook, Section

__all__ = ["Article", "QuickLook", "Section"]
