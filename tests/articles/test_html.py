"""A web page is read as a person would read it out: the story, and nothing else that the page shows."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.articles import Article, QuickLook, Section
from morning_edition.articles.html import read_html
from morning_edition.errors import ArticleError

OPENING = (
    "The old pier at Gull Bay opened again on Tuesday after two years of repairs, and some four hundred "
    "people walked to its end before noon."
)
COST = (
    "“It cost less than we feared,” said Rosa Okafor, the harbour master. “And it will stand for a century.”"
)
SHIPS = "Ferries will call there from June, the council said, with six sailings a day to the islands."
CLOSE = "The café at its end stays shut until the autumn, when its new kitchen should be ready."
TEXT = (OPENING, COST, SHIPS, CLOSE)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)


def page(body: str, *, head: str = "", title: str = "Pier opens after two years of work") -> str:
    return (
        f"<!doctype html><html lang='en-GB'><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>{body}"
        "<footer><p>© 2024 The Bay Post. All rights reserved.</p></footer></body></html>"
    )


def story(inside: str = BODY, head: str = "") -> str:
    headline = "<h1>Pier opens after two years of work</h1>"
    return page(f"<article><header>{headline}</header>{inside}</article>", head=head)


def paragraphs(article: Article) -> tuple[str, ...]:
    return tuple(paragraph for section in article.deep_look for paragraph in section.paragraphs)


def refusal(text: str) -> str:
    with pytest.raises(ArticleError) as caught:
        read_html(text)
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message
    return message.partition(";")[0].removeprefix("holds no article, but ")


def test_a_page_gives_its_headline_and_its_paragraphs() -> None:
    """Menus and the footer are not read."""
    article = read_html(story())
    assert article.headline == "Pier opens after two years of work"
    assert article.deep_look == (Section(TEXT),)
    assert article.language == "en-GB"


@pytest.mark.parametrize(
    "extra",
    [
        "<figure><img src=p.jpg><figcaption>The pier at dawn, before the crowds.</figcaption></figure>",
        "<div class='caption'>The pier at dawn. Photo: B. Lane</div>",
        "<p>Photo: Getty Images</p>",
        "<aside><p>Our daily letter brings the bay to your desk at seven each morning.</p></aside>",
        "<div class='newsletter-signup'><p>Our daily letter brings you the bay at seven.</p></div>",
        "<div class='related-stories'><h3>More</h3><p>Lighthouse to be painted, council argues.</p></div>",
        "<p><a href='/other'>Lighthouse keepers vote to strike over their winter pay</a></p>",
        "<h3><a href='/other'>Lighthouse keepers vote to strike</a></h3>",
        "<p>READ MORE: <a href='/other'>Lighthouse keepers vote to strike</a></p>",
        "<ul><li><a href='/a'>Lighthouse strike goes on</a></li><li><a href='/b'>Fares rise</a></li></ul>",
        "<p>Advertisement</p>",
        "<p>Story continues below advertisement</p>",
        "<p>Sign up for our newsletter and get the bay in your inbox.</p>",
        "<p>Follow the Bay Post on Facebook and Instagram for more.</p>",
        "<p>This article was amended on 5 December to correct the name of the pier.</p>",
        "<div class='share-bar'><span>Share</span><span>Tweet</span></div>",
        "<p hidden>What only programs see of this page stands here and is long enough to matter.</p>",
        "<div style='display:none'><p>What only programs see of this page, and is long.</p></div>",
        "<div class='cookie-banner'><p>We use cookies to make this page better for everyone.</p></div>",
        "<noscript><p>Please enable JavaScript to see all that this page has to show.</p></noscript>",
        "<form><p>Leave your address below, and we shall write to you once a week about the bay.</p></form>",
        "<table><tr><td>High tide</td><td>6:40</td></tr></table>",
        "<video src=v.mp4>Your browser does not support this film, which is a pity for us all.</video>",
        "<script>var words = 'The pier was never there at all, said nobody.';</script>",
    ],
)
@pytest.mark.parametrize("place", [1, 2, 4])
def test_what_stands_between_the_paragraphs_is_not_read(extra: str, place: int) -> None:
    """Captions, advertisements, other stories, forms, share bars, notices of changes."""
    inside = [f"<p>{paragraph}</p>" for paragraph in TEXT]
    inside.insert(place, extra)
    assert paragraphs(read_html(story("".join(inside)))) == TEXT


@pytest.mark.parametrize(
    "closing",
    [
        "<h2>Related stories</h2><ul><li>Lighthouse strike goes on</li><li>Ferry fares rise again</li></ul>",
        "<h3>More from The Bay Post</h3><p>Lighthouse strike goes on</p><p>Ferry fares rise again</p>",
        "<h2>Comments</h2><p>I walked it twice, lovely</p><p>So did I, and my dog</p>",
        "<p>Ana Ruiz and Bo Lee contributed to this report.</p>",
        "<p>Ana Ruiz is a reporter for The Bay Post who covers ships and harbours.</p>",
        "<p>news@bay.example</p>",
    ],
)
def test_what_follows_the_last_paragraph_is_not_read(closing: str) -> None:
    """Other stories, readers' words, writers' lives."""
    assert paragraphs(read_html(story(BODY + closing))) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "“Read more books,” she told the class of nine-year-olds, who laughed at her and then did so.",
        "Related charges against two other men were dropped on Monday, the court said in a note.",
        "Follow the river for a mile, he said, and you will see where the bank gave way last week.",
        "Advertisement spending fell by a tenth in the year, the council’s auditors reported.",
        "The story was first published in 1951 and has been in print ever since, the library said.",
        "Share prices of the two ferry companies rose by more than a tenth after the news.",
        "Subscribers to the old railway line’s fund will get their money back, the court decided.",
    ],
)
def test_sentences_that_only_begin_like_boilerplate_are_read(line: str) -> None:
    """Nothing of the story is lost."""
    inside = [f"<p>{paragraph}</p>" for paragraph in (OPENING, line, COST, SHIPS)]
    assert paragraphs(read_html(story("".join(inside)))) == (OPENING, line, COST, SHIPS)


@pytest.mark.parametrize(
    "subhead", ["<h2>What it cost</h2>", "<h3>What it cost</h3>", "<p><strong>What it cost</strong></p>"]
)
def test_subheads_part_the_text(subhead: str) -> None:
    """Also those that are bold lines."""
    inside = f"<p>{OPENING}</p><p>{CLOSE}</p>{subhead}<p>{COST}</p><p>{SHIPS}</p>"
    assert read_html(story(inside)).deep_look == (
        Section((OPENING, CLOSE)),
        Section((COST, SHIPS), "What it cost"),
    )


@pytest.mark.parametrize("question", ["Who pays for the pier?", "What it cost?"])
def test_a_bold_question_is_a_subhead(question: str) -> None:
    inside = f"<p>{OPENING}</p><p>{CLOSE}</p><p><strong>{question}</strong></p><p>{COST}</p><p>{SHIPS}</p>"
    assert [section.heading for section in read_html(story(inside)).deep_look] == ["", question]


@pytest.mark.parametrize(
    "box",
    [
        "<h3 class='video-title'>Can the pier stand for a century?</h3>",
        "<h2 class='hide-text'>Share this news</h2>",
        "<div class='support-pay'><p>Send what you can by bank transfer to the Gull Bay fund.</p></div>",
        "<div class='donation-box'><p>The Bay Post lives on what its readers give, each of them.</p></div>",
    ],
)
def test_titles_of_films_and_pleas_for_money_are_not_read(box: str) -> None:
    inside = f"<p>{OPENING}</p><p>{CLOSE}</p>{box}<p>{COST}</p><p>{SHIPS}</p>"
    assert read_html(story(inside)).deep_look == (Section((OPENING, CLOSE, COST, SHIPS)),)


def test_lists_and_quotations_are_read_line_by_line() -> None:
    """Each item is a paragraph."""
    items = "<ul><li>Six sailings a day from June.</li><li>Two on Sundays, and none at night.</li></ul>"
    inside = f"<p>{OPENING}</p><p>{SHIPS}</p>{items}<blockquote><p>{COST}</p></blockquote>"
    expected = (OPENING, SHIPS, "Six sailings a day from June.", "Two on Sundays, and none at night.", COST)
    assert expected == paragraphs(read_html(story(inside)))


def test_the_marks_of_footnotes_are_not_read() -> None:
    """A number in the middle of a sentence would be."""
    noted = OPENING.replace("repairs", "repairs<sup><a href='#n1'>1</a></sup>")
    inside = f"<p>{noted}</p><p>{COST}</p><p>{SHIPS}</p><ol class='footnotes'><li id=n1>The bill.</li></ol>"
    assert paragraphs(read_html(story(inside))) == (OPENING, COST, SHIPS)


def test_the_newsrooms_three_tiers_are_recognised() -> None:
    """Slug line, Quick Looks and Deep Look, as they stand on its own site."""
    inside = (
        "<p>Pier/ Gull Bay/ Bay Post/ R. Okafor/ Morning Edition/ The pier opened again on Tuesday.</p>"
        "<p><strong>Pier Opens: Quick Looks</strong></p>"
        "<ul><li>Open Again: Four hundred walked it.</li>"
        "<li>The Bill: It cost less than was feared.</li></ul>"
        f"<p><strong>Deep Look</strong></p><p>{OPENING}</p><h3>What it cost</h3><p>{COST}</p>"
    )
    article = read_html(story(inside))
    looks = (
        QuickLook("Four hundred walked it.", "Open Again"),
        QuickLook("It cost less than was feared.", "The Bill"),
    )
    assert article.headline == "Pier opens after two years of work"
    assert article.lede == "The pier opened again on Tuesday."
    assert article.keywords == ("Pier", "Gull Bay")
    assert (article.outlet, article.byline, article.edition) == ("Bay Post", "R. Okafor", "Morning Edition")
    assert article.quick_looks == looks
    assert article.deep_look == (Section((OPENING,)), Section((COST,), "What it cost"))


def test_a_byline_in_the_text_is_taken_out_of_it() -> None:
    """Where nothing else tells who wrote it."""
    article = read_html(story(f"<p>By Ana Ruiz, Chief Reporter</p>{BODY}"))
    assert article.byline == "Ana Ruiz"
    assert paragraphs(article) == TEXT


def test_a_big_first_letter_stays_with_its_word() -> None:
    """As papers set them."""
    inside = f"<p><span class='dropcap'>{OPENING[0]}</span>{OPENING[1:]}</p><p>{COST}</p><p>{SHIPS}</p>"
    assert paragraphs(read_html(story(inside))) == (OPENING, COST, SHIPS)


@pytest.mark.parametrize("tag", ["div", "section"])
def test_a_text_without_paragraphs_is_read(tag: str) -> None:
    """Its lines are its paragraphs."""
    inside = "".join(f"<{tag}>{paragraph}</{tag}>" for paragraph in TEXT)
    assert paragraphs(read_html(story(inside))) == TEXT
    assert paragraphs(read_html(story(f"<div>{'<br><br>'.join(TEXT)}</div>"))) == TEXT


def test_a_short_report_loses_none_of_its_lines() -> None:
    """What the page marks as its article is read where nothing else is found."""
    lines = tuple(f"Boat {n} came in at {n} o’clock with {n} men." for n in range(1, 12))
    inside = "<br>".join(lines)
    assert " ".join(paragraphs(read_html(story(f"<span>{inside}</span>")))) == " ".join(lines)


def test_what_holds_the_text_is_read_whatever_it_is_called() -> None:
    """A wrapper may be called anything, and may be hidden until a program shows it."""
    for attribute in ("class='social-story'", "class='related-content'", "style='visibility:hidden'"):
        assert paragraphs(read_html(story(f"<div {attribute}>{BODY}</div>"))) == TEXT


def test_a_text_that_is_cut_off_is_refused_however_long() -> None:
    """Half a story read as a whole one would be worse than none."""
    inside = "".join(f"<p>On day {n}, {OPENING} {SHIPS}</p>" for n in range(1, 20))
    assert "and a paywall" in refusal(story(f"{inside}<p>Subscribe to continue reading.</p>"))
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false, '
    assert "and a paywall" in refusal(story(inside, head=f'{head}"wordCount": 4000}}</script>'))
    assert paragraphs(read_html(story(inside, head=f'{head}"wordCount": 800}}</script>')))


def test_a_page_that_shows_little_is_read_from_what_it_tells_machines() -> None:
    """Its text in JSON-LD, where a program would put it onto the page."""
    body = "\\n\\n".join(TEXT).replace("“", "\\u201c").replace("”", "\\u201d")
    data = f'{{"@type": "NewsArticle", "headline": "Pier opens", "articleBody": "{body}"}}'
    head = f"<script type='application/ld+json'>{data}</script>"
    assert paragraphs(read_html(page("<div id=app></div>", head=head))) == TEXT


def test_facts_are_taken_from_the_page() -> None:
    """JSON-LD, Open Graph and other meta elements."""
    head = """
      <link rel="canonical" href="https://bay.example/pier">
      <meta property="og:site_name" content="The Bay Post">
      <meta name="author" content="By ANA RUIZ and Bo Lee">
      <meta property="article:published_time" content="2024-12-05T23:30:00-05:00">
      <meta property="article:section" content="Local"><meta property="og:image" content="/pier.jpg">
      <meta name="news_keywords" content="pier, harbour, Gull Bay">
    """
    article = read_html(story(head=head), url="https://bay.example/pier?from=app")
    assert article.outlet == "The Bay Post"
    assert article.byline == "Ana Ruiz and Bo Lee"
    assert article.date == dt.date(2024, 12, 5)
    assert article.section == "Local"
    assert article.source_url == "https://bay.example/pier"
    assert article.image_url == "https://bay.example/pier.jpg"
    assert article.keywords == ("pier", "harbour", "Gull Bay")


def test_the_standfirst_is_the_lede() -> None:
    """What stands under the headline, apart from the text; a card's, further down, is not it."""
    inside = "<p class='standfirst'>A walk to the end again, and for less than was feared.</p>"
    card = "<div class='card'><p class='standfirst'>Lighthouse keepers strike over pay.</p></div>"
    shown = story(BODY).replace("</h1>", f"</h1>{inside}")
    assert read_html(shown).lede == "A walk to the end again, and for less than was feared."
    assert read_html(story(BODY).replace("<footer>", f"{card}<footer>")).lede == ""


TEASERS = "".join(
    f"<h3><a href='/{n}'>Headline number {n} of the day</a></h3><p>What happened there.</p>"
    for n in range(20)
)
COOKIES = (
    "<h1>Your privacy</h1><p>We and our partners use cookies and need your consent. Cookies help us to "
    "measure. Read our privacy page to learn what cookies do and who our partners are.</p>"
)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (TEASERS, "a list of 20 headlines"),
        (COOKIES, "a cookie notice of "),
        ("<h1>404</h1><p>The page was not found.</p>", "the notice that it is not found"),
        ("<h1>Log in</h1><form><input type=password></form><p>Welcome back.</p>", "a form to log in"),
        ("<p>Checking your browser before you go on.</p>", "a check that you are a person"),
        ("<h1>Pier film</h1><video src=v.mp4></video><p>Watch the pier open.</p>", "a video and 4 words"),
        ("<div id=root></div><script src=app.js></script>", "8 words and a program that loads the rest"),
        ("<img src=a.jpg><img src=b.jpg>", "8 words that make no story"),
        (
            f"<article><p>{OPENING}</p><p>Subscribe to continue reading.</p></article>",
            "the first 26 words and a paywall",
        ),
        (
            f"<article><p>{OPENING} {SHIPS}</p><p>Already a subscriber? Log in.</p></article>",
            "the first ",
        ),
    ],
)
def test_a_page_without_an_article_is_refused_with_what_it_holds(body: str, found: str) -> None:
    """In words for the producer, with the way out."""
    assert refusal(page(body, title="The Bay Post")).startswith(found)


def test_a_short_report_is_read_if_the_page_says_that_it_is_one() -> None:
    """Thirty words may be all there is."""
    head = "<script type='application/ld+json'>{'@type': 'NewsArticle'}</script>".replace("'", '"')
    head = head.replace('"application/ld+json"', "'application/ld+json'")
    article = read_html(page(f"<h1>Pier opens</h1><p>{OPENING}</p>", head=head))
    assert paragraphs(article) == (OPENING,)


@pytest.mark.parametrize("text", ["", "<", "<html>", "<html><body></body></html>", "<!-- -->", "<p>\0</p>"])
def test_empty_pages_are_refused(text: str) -> None:
    """And never end in any other way."""
    refusal(text)


@pytest.mark.parametrize(
    "sign", ["\x01", "\x1f", "&#1;", "&#x1F;", "&#x0;", "&#xD800;", "&#65534;", "\ufffe", "&#x;"]
)
def test_characters_that_no_text_has_are_survived(sign: str) -> None:
    """Old systems leave them in their pages."""
    lines = paragraphs(read_html(story(BODY.replace("pier", f"pier{sign}"))))
    assert len(lines) == len(TEXT)
    assert lines[0].startswith("The old pier")


@pytest.mark.parametrize("depth", [300, 3000, 50_000])
def test_absurd_nesting_is_survived(depth: int) -> None:
    """It ends in an article or a refusal."""
    nested = f"<html><body>{'<div>' * depth}{BODY}{'</div>' * depth}</body></html>"
    try:
        assert read_html(nested).headline
    except ArticleError as error:
        assert "\n" not in str(error)


def test_an_endless_page_is_refused_at_once() -> None:
    """A newspaper's page has a few thousand elements."""
    assert "elements of a page" in refusal(f"<html><body>{'<p>One. ' * 40_000}</body></html>")


@given(
    st.lists(
        st.text(max_size=60) | st.sampled_from(["<div", "</p>", "<!--", "&#1;", "<sup>", "<a href=", ">"])
    )
)
@settings(max_examples=100, deadline=None)
def test_anything_on_a_page_gives_an_article_or_a_refusal(pieces: list[str]) -> None:
    """Nothing that stands on a page ends the program in any other way."""
    try:
        assert read_html(story(BODY + "".join(pieces)), url="https://bay.example/").headline
    except ArticleError as error:
        assert "\n" not in str(error)
