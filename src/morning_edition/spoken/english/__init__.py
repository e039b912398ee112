"""English: how its written forms are said, and where its sentences end."""
