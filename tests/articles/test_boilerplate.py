"""Lines of the page are told from lines of the story by the whole of their form."""

import time

import pytest

from morning_edition.articles.blocks import Block
from morning_edition.articles.boilerplate import (
    LONGEST_CHARACTERS,
    closes_article,
    drop_boilerplate,
    drop_labels,
    drop_repeats,
    is_boilerplate,
)

PROSE = (
    "The council met for three hours on Monday and then agreed, by eleven votes to four, that the old pier "
    "should be given another year before anything is decided."
)


@pytest.mark.parametrize(
    "line",
    """
    Read more
    Read more »
    READ MORE: Lighthouse keepers strike
    Also read: Lighthouse keepers strike
    [1] Harbour Board, annual report
    Related: Lighthouse keepers strike
    Related story: Lighthouse keepers strike
    See also: Lighthouse keepers strike
    Will the keepers strike? Nobody knows. Read more. »
    Continue reading the main story
    Lesen Sie auch: Streik am Leuchtturm
    Lea también: Huelga en el faro
    Share
    Share | Tweet | Email
    Facebook Twitter WhatsApp
    Share this article
    12 comments
    This Post welcomes a lively and courteous discussion as long as you follow the rules.
    We welcome your comments, but they must keep to the subject.
    Comments are moderated and may be removed.
    The views expressed in the comments do not reflect those of The Bay Post.
    الآراء الواردة أدناه لا تعبر عن رأي الموقع
    Donate by PayPal https://paypal.example/bay
    IBAN DE00 1234 5678 9012 3456 00
    LINE = @baypost
    関連記事: 灯台守のスト
    Advertisement
    ADVERTISEMENT
    Story continues below advertisement
    © 2024 The Bay Post. All rights reserved.
    Copyright 2024 The Associated Press. All rights reserved. This material may not be published or rewritten.
    (END)
    r.okafor@bay.example
    This article was amended on 5 December 2024 to correct a name.
    This story has been updated with new figures.
    An earlier version of this article misspelt the harbour's name.
    Correction: the pier is 400 metres long, not 4,000.
    Editor's note: The writer is a member of the harbour's board.
    Published 5 December 2024
    Updated: Dec. 5, 2024, 10:03 a.m.
    5 min read
    3 hours ago
    Follow us on Twitter and Facebook
    Follow The Bay Post on Instagram for more pictures
    Sign up for our newsletter
    Subscribe now for unlimited access
    Already a subscriber? Log in
    Have a tip? Email us at the address below
    Download our app
    Click here to read the whole of it
    We may earn a commission from affiliate links on this page.
    View this email in your browser
    You are receiving this newsletter because you asked for it.
    To unsubscribe, write to us.
    Privacy Policy | Terms of Use
    Photo: B. Lane
    Photo by B. Lane
    The pier at dawn. (AP Photo/B. Lane)
    View all photos
    Ana Ruiz and Bo Lee contributed to this report.
    Reporting by Ana Ruiz; editing by Bo Lee
    Ana Ruiz is a political reporter for The Bay Post.
    """.strip().splitlines(),
)
def test_lines_of_the_page_are_known(line: str) -> None:
    """Links, buttons, offers, rights, changes, pictures, credits."""
    assert is_boilerplate(line.strip())


@pytest.mark.parametrize(
    "line",
    """
    Read more slowly, the judge told him.
    Related cases were dropped.
    Share prices fell by 4%.
    Advertisement revenue fell.
    Copyright law will change in June.
    The article was read out in court.
    This story has no end, she said.
    Correction officers will strike on Monday.
    Published figures show a fall.
    Updated rules take effect in May.
    Follow the money, he said.
    Signs of a thaw were seen.
    Subscribe to that view or not, said the mayor, the vote stands.
    Click here, said the advert, and thousands did.
    “Sign up for the army,” the poster says.
    The report may not be published before May, the minister said.
    Photo finishes were rare this year.
    The letter was sent to your inbox, the lawyer said.
    Ana Ruiz is a candidate for mayor.
    Ana Ruiz is a reporter, and she said that nobody had told her.
    3 hours ago the pier was still open.
    Comments by the minister were not welcome.
    5-4
    Loading ships takes a day.
    The mayor welcomes your comments on the plan, he wrote.
    The council welcomes a debate on the pier.
    Comments are harsh, and nobody reads them.
    She gave the bank her account number on Monday.
    The court put the ruling on https://court.example/1 and left it there.
    """.strip().splitlines(),
)
def test_lines_of_the_story_are_kept(line: str) -> None:
    """However they begin."""
    assert not is_boilerplate(line.strip())


@pytest.mark.parametrize(
    "line",
    [
        "Related Stories",
        "More from The Bay Post",
        "Most Read",
        "Comments",
        "You may also like",
        "Footnotes",
        "Sources",
    ],
)
def test_a_line_that_opens_other_stories_closes_the_article(line: str) -> None:
    """What stands below goes with it, up to where prose goes on."""
    teasers = [Block("Lighthouse strike goes on", "item"), Block("Ferry fares rise", "item")]
    story = [Block(PROSE), Block(line, "heading"), *teasers]
    assert closes_article(line)
    assert drop_boilerplate(story) == [Block(PROSE)]
    assert drop_boilerplate([*story, Block(PROSE)]) == [Block(PROSE), Block(PROSE)]
    headed = [Block("What it cost", "heading"), Block(PROSE)]
    assert drop_boilerplate([*story, *headed]) == [Block(PROSE), *headed]


@pytest.mark.parametrize(
    "line",
    ["More on this was expected.", "Comments were heard.", "What comes next", "References were checked."],
)
def test_other_subheads_close_nothing(line: str) -> None:
    """A sentence never does."""
    assert not closes_article(line)


def test_what_the_top_of_a_page_repeats_is_dropped() -> None:
    """The headline, the byline, the date line; below the first paragraph nothing is a repetition."""
    top = [Block("PIER OPENS", "heading"), Block("By Ana Ruiz"), Block("Ana Ruiz | Gull Bay | 05/12/2024")]
    story = [*top, Block("CNN"), Block(PROSE), Block("Pier opens")]
    assert drop_repeats(story, ["Pier opens", "By Ana Ruiz", ""]) == [Block(PROSE), Block("Pier opens")]


@pytest.mark.parametrize(
    "piece", ["a", "a ", ".", "(", "1 ", "read ", "share ", "a@", "a.b-", "follow ", "“", "photo "]
)
def test_no_line_takes_long(piece: str) -> None:
    """Whatever it is made of."""
    line = (piece * LONGEST_CHARACTERS)[:LONGEST_CHARACTERS]
    start = time.perf_counter()
    for _ in range(10):
        is_boilerplate(line)
        closes_article(line[:99])
    assert time.perf_counter() - start < 1


def test_a_name_that_the_headline_has_is_a_pictures_label() -> None:
    """A subhead and a sentence are none, nor is what the headline does not say."""
    kept = [Block("Rosa Okafor", "heading"), Block("Rosa Okafor left."), Block("Rosa Li"), Block(PROSE)]
    story = [kept[0], Block("Rosa Okafor"), *kept[1:]]

    assert drop_labels(story, "Harbour Master, Rosa Okafor, Leaves Gull Bay") == kept
