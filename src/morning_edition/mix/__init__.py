"""Takes and jingles to one timeline."""
