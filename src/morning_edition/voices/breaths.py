"""Where a reader breathes."""

BREATHS = (",", ";", ":", ".", "!", "?", "—", "–", "…", ",”", ".”", "!”", "?”", ")")
"""What a word ends in where a clause does: a voice makes a pause there, and a caption may break."""
