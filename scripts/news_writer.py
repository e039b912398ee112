"""Copy of any length for measurements, in the newsroom's own form: no two sentences of it are the same.

What is written depends on the seed alone.
"""

import itertools
import random
from collections.abc import Iterator

SENTENCES_A_MINUTE = 8.5
"""Of these, with the pauses and the music around them; measured with the embedded voice."""
SENTENCES_A_PARAGRAPH = (2, 4)
PARAGRAPHS_A_CHAPTER = (3, 6)
LOOKS = 5

WHO = """
    The harbour board|Ferry crews|The mayor's office|A group of teachers|The water company|Three farmers|
    The regional court|Volunteers from the coast guard|The hospital's nurses|A panel of engineers|
    The opposition|Bus drivers|Two museums|The weather service|Shopkeepers near the station|The fire brigade|
    A former minister|The university's students|Owners of small boats|The national railway|The tax office|
    Residents of the old town|A team of divers|The football club|The city's gardeners|The energy regulator
"""
DID = """
    opened|refused to sign|asked for|counted|paid for|delayed|welcomed|voted against|paused|finished|
    sold|repaired|measured|cancelled|defended|promised|found|moved|drew up|tested|closed|agreed to
"""
WHAT = """
    a second bridge|the long report|new lifeboats|cheaper tickets|the winter timetable|a plan for the pier|
    wooden benches|an older warning system|the disputed tunnel|a school for pilots|shorter working hours|
    the flood wall|a hundred trees|better lighting|the library's new wing|a loan from the bank|
    the annual fair|a ban on heavy trucks|the missing records|solar panels|the second pumping station|
    a museum of glass|safer crossings|an offer from abroad|the rules for markets|a field of wind turbines
"""
WHERE = """
    in Kestrel Bay|near Saltmarsh|along the northern road|on the island of Maren|behind the cathedral|
    at the edge of town|in the upper valley|under the old viaduct|beside the canal|across the province|
    by the fish market|on both banks of the river|in the eastern suburbs|at the southern gate|
    above the reservoir|outside the main station
"""
WHEN = """
    on Monday|late on Tuesday|before noon|in the spring|after nine years|within a week|on Friday night|
    during the storm|at the end of the season|shortly after dawn|for the first time|earlier this month|
    while others slept|without much notice
"""
THEN = """
    and nobody objected|while the costs kept rising|as the rain eased|though the bill is not yet known|
    and a vote will follow|because the ground had shifted|but the work goes on|so the roads stayed empty|
    and more will be said next week|despite a strike at the port|as neighbours looked on|
    and the doors stayed open all night|though some had hoped for more|while two ships waited|
    but few had expected it|and that surprised the bank
"""
TOPICS = """
    Harbour|River|Railway|Market|Bridge|School|Hospital|Ferry|Museum|Island|Valley|Forest|Water|Energy|
    Street|Budget|Weather|Airport|Library|Garden
"""
TURNS = (
    "Returns|Reopens|Waits|Grows|Divides the Town|Changes Hands|Goes to Court|Finds New Friends|Costs More"
)
TITLES = "The Plan|The Cost|The People|The Delay|The Answer|The Doubts|The Vote|The Weather|The Next Step"


def write_article(seed: int, minutes: float) -> str:
    """Return copy that takes about so many *minutes* on the air."""
    write = _Writer(seed)
    count = max(round(minutes * SENTENCES_A_MINUTE) - 2 * LOOKS, 3)
    slug = [*(write.headline() for _ in range(3)), "Harbour Post", "R. Okafor", "Morning Edition"]
    lede = " ".join(itertools.islice(write.sentences(), 2))
    rows = [f"{'/ '.join(slug)}/ {lede}", f"{write.headline()}: Quick Looks"]
    rows += [f"- {title}: {next(write.sentences())}" for title in write.titles(LOOKS)]
    rows += [write.headline(), "Deep Look", *write.chapters(count)]
    return "\n".join(rows) + "\n"


class _Writer:
    """Draws words; nothing that it has said is said again."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 -- the same each time is what is wanted
        self._said: set[str] = set()

    def headline(self) -> str:
        while True:
            first, second = (topic.strip() for topic in self._random.sample(TOPICS.split("|"), 2))
            text = f"{first} {second} {self._pick(TURNS)}"
            if text not in self._said:
                self._said.add(text)
                return text

    def titles(self, count: int) -> list[str]:
        return self._random.sample(TITLES.split("|"), count)

    def sentences(self) -> Iterator[str]:
        while True:
            words = [self._pick(row) for row in (WHO, DID, WHAT, WHERE, WHEN)]
            sentence = f"{' '.join(words)}, {self._pick(THEN)}."
            if sentence not in self._said:
                self._said.add(sentence)
                yield sentence

    def chapters(self, count: int) -> Iterator[str]:
        """Yield subheads, but for the first chapter, and paragraphs of *count* sentences in all."""
        sentences = itertools.islice(self.sentences(), count)
        left = self._random.randint(*PARAGRAPHS_A_CHAPTER)
        while paragraph := " ".join(
            itertools.islice(sentences, self._random.randint(*SENTENCES_A_PARAGRAPH))
        ):
            if not left:
                yield self.headline()
                left = self._random.randint(*PARAGRAPHS_A_CHAPTER)
            yield paragraph
            left -= 1

    def _pick(self, row: str) -> str:
        return self._random.choice(row.split("|")).strip()
