"""How names and words are said: dictionary, phonemes, a station's lexicon, names to check before air."""
