"""What goes out: the feed, chapters, transcripts and pages, each a pure function from values to text."""
