"""How each word that is written alike and said in two ways is told by its neighbours."""

from collections.abc import Callable
from dataclasses import dataclass

from morning_edition.spoken.english.heteronym_words import (
    AUXILIARIES,
    BASS_AFTER,
    BASS_BEFORE,
    BEING,
    CLOSE_BEFORE,
    CLOSE_COMERS,
    CLOSE_THINGS,
    CLOSING_AFTER,
    DETERMINERS,
    DOVE_AFTER,
    DOWN_AND_UP,
    HAVING,
    LEAD_METALS,
    LIVE_THINGS,
    LIVE_VERBS,
    METALS,
    MINUTE_THINGS,
    NO_PLURALS,
    NOUNS_AND_VERBS,
    OBJECTS,
    PREPOSITIONS,
    SUBJECTS,
    TEARS_AFTER,
    TO_NOUNS,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A word among its neighbours, all in small letters; "" beyond a mark or the line's end."""

    before: str
    before_that: str
    after: str
    after_that: str
    written: str
    is_name: bool
    """Whether it is written with a capital inside the line."""
    is_past: bool
    """Whether the line names a time gone by."""


def _is_verb(place: Place) -> bool | None:
    """Tell a verb from a noun or adjective; None where it could be either."""
    before = place.before
    if place.is_name:
        return False
    if before == "to":
        return place.before_that not in TO_NOUNS or place.after in OBJECTS
    if before in AUXILIARIES or before in SUBJECTS:
        return True
    if before == "not":
        return place.before_that in AUXILIARIES
    if before in DETERMINERS or before in PREPOSITIONS or before in BEING or before.endswith("'s"):
        return False
    if before.endswith("s") and not before.endswith(("ss", "us", "is")) and before not in NO_PLURALS:
        return _is_said_of_many(place)
    return place.after in OBJECTS and before not in HAVING


def _is_said_of_many(place: Place) -> bool | None:
    """After a plural there is a verb, and after a verb in -s, or a name, a noun."""
    if place.after in OBJECTS or place.after in ("to", "that"):
        return True
    return True if place.written == "use" and place.after != "of" else None


def _noun_or_verb(word: str) -> Callable[[Place], str | None]:
    return lambda place: _choose(word, _is_verb(place))


def _choose(word: str, verb: bool | None) -> str | None:
    return None if verb is None else NOUNS_AND_VERBS[word][verb]


def _say_record(place: Place) -> str | None:
    high = place.after in ("high", "highs", "low", "lows", "level", "levels", "numbers")
    return _choose("record", False if high else _is_verb(place))


def _say_refuse(place: Place) -> str | None:
    return _choose("refuse", place.after == "to" or _is_verb(place))


def _say_lead(place: Place) -> str | None:
    if place.after in LEAD_METALS or (place.after == "and" and place.after_that in METALS):
        return "lɛd"
    if place.before == "and" and place.before_that in METALS:
        return "lɛd"
    if place.before in ("of", "with") and place.before_that in (
        "levels",
        "traces",
        "made",
        "tons",
        "amounts",
        "contaminated",
        "laced",
    ):
        return "lɛd"
    return "liːd"


def _say_live(place: Place) -> str | None:
    if place.is_name:
        return None
    if place.before in AUXILIARIES or place.before in SUBJECTS or place.before in ("to", "that"):
        return "lɪv"
    live = (
        place.after in LIVE_THINGS
        or place.before in LIVE_VERBS
        or place.before in DETERMINERS
        or place.before_that in LIVE_VERBS
    )
    if place.after == "on" and place.before not in LIVE_VERBS and place.before_that not in LIVE_VERBS:
        live = place.after_that in ("television", "tv", "air", "stage", "state", "radio")
    return (
        "laɪv" if live or (place.before in PREPOSITIONS and place.after) or place.before in BEING else "lɪv"
    )


def _say_lives(place: Place) -> str:
    if place.before in ("who", "he", "she", "it", "that", "which"):
        return "lɪvz"
    if place.before in DETERMINERS or place.before in PREPOSITIONS or place.before.endswith(("'s", "s'")):
        return "laɪvz"
    if (
        place.after in ("in", "on", "with", "alone", "near", "nearby", "there", "here", "at", "under", "by")
        and place.before
    ):
        return "laɪvz" if place.before in ("claimed", "lost", "saved", "human", "cost", "took") else "lɪvz"
    return "laɪvz"


def _say_wound(place: Place) -> str:
    if place.before in DETERMINERS or place.before in AUXILIARIES or place.before == "to":
        return "wuːnd"
    return "waʊnd" if place.after in DOWN_AND_UP else "wuːnd"


def _say_read(place: Place) -> str | None:
    if (
        place.before in AUXILIARIES
        or place.before in ("to", "and")
        or (place.before == "not" and place.before_that in AUXILIARIES)
    ):
        return "riːd" if place.before != "and" else None
    if (
        place.before in HAVING
        or place.before_that in HAVING
        or place.before in ("he", "she", "it", "outside")
    ):
        return "rɛd"
    if place.is_past:
        return "rɛd"
    return "riːd" if place.before in SUBJECTS or place.before.endswith("s") else None


def _say_close(place: Place) -> str:
    if place.before in AUXILIARIES or (place.before == "to" and place.after != "to"):
        return "kloʊz"
    if place.after in CLOSE_THINGS or place.before in CLOSE_BEFORE:
        return "kloʊs"
    if place.before == "the" and place.after in ("of", ""):
        return "kloʊz"
    if place.after in CLOSING_AFTER and place.before.endswith("s") and place.before not in CLOSE_COMERS:
        return "kloʊz"
    return "kloʊz" if place.after in OBJECTS else "kloʊs"


def _say_minute(place: Place) -> str:
    return "maɪˈnuːt" if place.after in MINUTE_THINGS else "ˈmɪnɪt"


def _say_content(place: Place) -> str:
    if place.before in BEING or place.before in ("well", "not", "quite", "more", "perfectly"):
        return "kənˈtɛnt"
    return "ˈkɑːntɛnt"


def _say_polish(place: Place) -> str:
    return (
        "ˈpoʊlɪʃ"
        if place.written[0].isupper() and place.before
        else ("ˈpɑːlɪʃ" if place.written.islower() else "ˈpoʊlɪʃ")
    )


def _say_tear(place: Place) -> str | None:
    if place.after in ("gas", "ducts", "drop"):
        return "tɪr"
    is_drop = place.before in DETERMINERS and place.after not in (*TEARS_AFTER, "in", "of", "between")
    return "tɪr" if is_drop else "tɛr"


def _say_tears(place: Place) -> str:
    return (
        "tɛrz"
        if place.after in TEARS_AFTER and place.before not in ("in", "into", "of", "the", "")
        else "tɪrz"
    )


def _say_bow(place: Place) -> str | None:
    if place.after in ("tie", "ties", "hunting") or (
        place.after == "and" and place.after_that in ("arrow", "arrows")
    ):
        return "boʊ"
    if (
        place.before == "to"
        or place.before in AUXILIARIES
        or place.before == "not"
        or place.after in ("to", "out", "down", "before")
    ):
        return "baʊ"
    return "baʊ" if place.after == "of" and place.before == "the" else "boʊ"


def _say_row(place: Place) -> str:
    return "raʊ" if place.after in ("over", "about", "between", "erupted", "broke") else "roʊ"


def _say_bass(place: Place) -> str:
    return "bæs" if place.before in BASS_BEFORE or place.after in BASS_AFTER else "beɪs"


def _say_dove(place: Place) -> str:
    return "doʊv" if place.after in DOVE_AFTER and place.before not in DETERMINERS else "dʌv"


def _say_invalid(place: Place) -> str:
    if place.before == "an" and place.after in ("", "for", "who", "and", "since", "at", "in"):
        return "ˈɪnvəlɪd"
    return "ɪnˈvælɪd"


DECIDERS: dict[str, Callable[[Place], str | None]] = {
    **{word: _noun_or_verb(word) for word in NOUNS_AND_VERBS},
    "bass": _say_bass,
    "bow": _say_bow,
    "close": _say_close,
    "content": _say_content,
    "dove": _say_dove,
    "invalid": _say_invalid,
    "lead": _say_lead,
    "live": _say_live,
    "lives": _say_lives,
    "minute": _say_minute,
    "polish": _say_polish,
    "read": _say_read,
    "record": _say_record,
    "refuse": _say_refuse,
    "row": _say_row,
    "tear": _say_tear,
    "tears": _say_tears,
    "wound": _say_wound,
}
