"""Words that a newsroom, or whoever sends it mail, may write, and addresses that it may give."""

import unicodedata

HOSTILE = (
    "",
    " ",
    "\x00\x01\x1f",
    "Plain",
    "Markets & mayhem: what’s next?",
    "<script>alert(1)</script>",
    "<b>Bold</b> <i>claims",
    "a < b > c",
    "]]>",
    "]]]]><![CDATA[>",
    "<![CDATA[x]]>",
    "<!-- remark -->",
    "</title></item></channel></rss>",
    "</script></style></audio>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "&amp; &lt; &#60; &nbsp; &unknown;",
    "AT&T, R&D & “Q&A”",
    '"quoted"',
    "'single' and \"double\"",
    '" onload="alert(1)',
    "' onload='alert(1)",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "{# gone? #}",
    "100% \\ back\\slash \\n",
    "سقوط حماة بيد المعارضة",
    "ירושלים — חדשות",
    "evil \u202eesrever\u202c text",
    "👩‍👩‍👧‍👦 Family 🏳️‍🌈 and 🇸🇾",
    "日本の首相が辞任",
    "Zürich, Łódź, Ćevapčići, naïve",
    "e\u0301 decomposed",
    "nul\x00 bell\x07 escape\x1b[31m",
    "delete\x7f next\x85 line\x9f",
    "lone \ud800 and \udfff",
    "not \ufffe a \uffff character \U0001fffe",
    "zero\u200bwidth\ufeffjoiner",
    "line\u2028and\u2029paragraph",
    "-->",
    "00:00:01.000 --> 00:00:02.000",
    "NOTE this",
    "Two: colons: here, at 6:30 or so: yes",
    "http://example.com/?a=1&b=2#c",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x.js",
    "word " * 400,
    "x" * 2000,
)

ADDRESSES = (
    "",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/x",
    "not an address",
    'https://news.example/"onmouseover="alert(1)',
    "https://news.example/'x'><script>alert(1)</script>",
    "https://news.example/a b?c=d e&f=<g>",
    "https://news.example/?a=1&b=2&copy=3#frag&ment",
    "https://user:secret@news.example/",
    "https://news.example/حماة/日本?q=é",
    "https://münchen.example/ü",
    "https://news.example/%zz%",
    "https://news.example:99999/",
    "https://[::1/",
    "https://news.example/]]>",
    "https://news.example/\x00\x07\u202e",
    "https://news.example/" + "x" * 2000,
)
"""What may stand where the address of the article's page belongs."""


def legible(words: str) -> str:
    """Return *words* as a reader may show them: without what HTML forbids, white space as single spaces."""
    kept = (
        sign
        for sign in words
        if sign in "\t\n\r"
        or not (
            unicodedata.category(sign) in ("Cc", "Cs")
            or ord(sign) & 0xFFFE == 0xFFFE
            or 0xFDD0 <= ord(sign) <= 0xFDEF
        )
    )
    return " ".join("".join(kept).split())
