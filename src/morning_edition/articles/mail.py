"""A newsletter (EML) to an `Article`: the part of the mail that carries the text, without its frame."""

import email
import email.errors
import email.policy
import email.utils
import html
import re
from email.message import EmailMessage

from morning_edition.articles.article import Article
from morning_edition.articles.assembling import make_article, read_story
from morning_edition.articles.blocks import Block, Facts, all_words, even_text, is_prose
from morning_edition.articles.bylines import clean_byline
from morning_edition.articles.dates import read_mail_date
from morning_edition.articles.encodings import decode_page
from morning_edition.articles.html import read_fragment
from morning_edition.articles.plain_lines import text_lines
from morning_edition.articles.shapes import is_subhead, list_item
from morning_edition.errors import ArticleError
from morning_edition.patterns import compile_late

FEWEST_WORDS = 20
MOST_PARTS = 200
MOST_BOUNDARIES = 5000
LONGEST_HEADER = 5000
SIGNATURE_LINES = 12

_SUBJECT_SIGNS = compile_late(r"^(?:\s*(?:re|fwd?|aw|wg|tr|rv)\s*:|\s*\[[^\]]{1,60}\])+\s*", re.IGNORECASE)
_FORWARD = compile_late(
    r"\W*(?:begin\s+forwarded\s+message|forwarded\s+message|original\s+message|ursprüngliche\s+nachricht)\W*",
    re.I,
)
_HEADER_LINE = compile_late(
    r"\W*(?:from|to|cc|sent|date|subject|reply-to|von|an|gesendet|betreff)\s*:\s.{0,300}", re.I
)
_QUOTED = compile_late(r"^(?:>\s?)+", re.MULTILINE)
_ADDRESS = compile_late(
    r"\s*(?:\(\s*)?<?https?://[^\s<>]{1,2000}>?\)?|\s*\[\s*(?:image|cid)[^\]\n]{0,200}\]", re.I
)
_DESK = compile_late(
    r"\b(?:news\w*|daily|times|post|press|desk|team|briefing|editors?|newsletter|weekly|morning)\b",
    re.I,
)
_FOOTER = compile_late(
    r"unsubscribe|opt\s+out|abmelden|désabonner|darse\s+de\s+baja|manage\s+(?:your\s+)?preferences|update\s+your\s+preferences"
    r"|you(?:[’']re|\s+are|\s+have|[’']ve)?\s+(?:receiv(?:ed|ing)|getting)\s+this|all\s+rights\s+reserved",
    re.IGNORECASE,
)


def read_mail(raw: bytes, *, outlet: str = "", edition: str = "") -> Article:
    """Read the article in the mail *raw*.

    *outlet* and *edition* are the station's own names. Raises ArticleError when no part of it holds one.
    """
    if raw.count(b"\n--") > MOST_BOUNDARIES:
        raise ArticleError("is a mail of too many parts; save the story's text to a file and give that")
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        facts = _facts(message)
        blocks = _best_part(message)
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError, email.errors.MessageError):
        raise ArticleError("is a damaged mail; save its text to a file and give that") from None
    story, facts = read_story(_without_frame(blocks), facts)
    if all_words(filter(is_prose, story)) < FEWEST_WORDS:
        found = f"a mail of {all_words(story)} words"
        raise ArticleError(f"holds no article, but {found}; save the story's text to a file and give that")
    return make_article(story, facts, outlet=outlet, edition=edition)


def _facts(message: EmailMessage) -> Facts:
    name, _ = email.utils.parseaddr(_header(message, "from"))
    name = even_text(name)
    is_desk = _DESK.search(name) is not None
    link = _header(message, "archived-at").strip("<> ")
    return Facts(
        headline=_SUBJECT_SIGNS.sub("", even_text(_header(message, "subject"))),
        byline="" if is_desk else clean_byline(name),
        outlet=name if is_desk and "@" not in name else "",
        language=_header(message, "content-language"),
        url=link if link.startswith(("https://", "http://")) else "",
        date=read_mail_date(_header(message, "date")),
    )


def _header(message: EmailMessage, name: str) -> str:
    raw = dict(reversed([(key.lower(), value) for key, value in message.raw_items()])).get(name, "")
    if len(raw) > LONGEST_HEADER:
        return ""
    try:
        return str(message.get(name) or "")
    except (
        ValueError,
        IndexError,
        AttributeError,
        TypeError,
        LookupError,
    ):  # what the parser makes of damage
        return ""


def _best_part(message: EmailMessage) -> list[Block]:
    """Read the HTML part and the text part, and keep the HTML unless the text has far more to say."""
    pages: list[Block] = []
    texts: list[Block] = []
    for part in list(message.walk())[:MOST_PARTS]:
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/html" and not pages:
            pages = read_fragment(_content(part))
        elif part.get_content_type() == "text/plain" and not texts:
            texts = _text_blocks(_content(part))
    said = [all_words(filter(is_prose, blocks)) for blocks in (pages, texts)]
    return texts if said[1] > 1.5 * said[0] + 30 else pages or texts


def _content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    return decode_page(raw, (part.get_content_charset() or "").lower())


def _text_blocks(text: str) -> list[Block]:
    """Read the text part, whose lines are mostly broken to a width and whose links stand written out."""
    plain = _without_signature(_QUOTED.sub("", text.replace("\r\n", "\n")))
    lines = [line.text for line in text_lines(_ADDRESS.sub("", html.unescape(plain)))]
    blocks: list[Block] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        item = list_item(line)
        if item and item.kind != "number":
            blocks.append(Block(item.text, "item"))
        else:
            heads = is_subhead(line) and bool(following)
            blocks.append(Block(line.strip("*_# ") or line, "heading" if heads else "paragraph"))
    return blocks


def _without_signature(text: str) -> str:
    """Leave out what follows the sign that mail programs put over a signature, if it is short."""
    before, sign, after = text.rpartition("\n-- \n")
    return before if sign and after.count("\n") <= SIGNATURE_LINES else text


def _without_frame(blocks: list[Block]) -> list[Block]:
    """Leave out the head of a forwarded mail, and all from the footer on, which tells how to get no more."""
    last = len(blocks)
    for index in range(len(blocks) - 1, max(-1, len(blocks) - 25), -1):
        if _FOOTER.search(blocks[index].text) and index * 2 > len(blocks):
            last = index
    kept = [block for block in blocks[:last] if not _FORWARD.fullmatch(block.text)]
    head = 12
    return [block for at, block in enumerate(kept) if at >= head or not _HEADER_LINE.fullmatch(block.text)]
