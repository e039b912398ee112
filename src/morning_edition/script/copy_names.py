"""Names that the copy says how to say: "Latakia (lah-tah-KEE-ah)" is for the voice, not for reading out."""

from morning_edition.patterns import compile_late

_BRACKETED = compile_late(r"[(\[]([^()\[\]]{3,100})[)\]]")
_SYLLABLED = compile_late(r"[-‐‑·/'’′ʹ ]")


def part_pronouncers(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return *text* without its pronouncers, and what they are: each name with how it is said."""
    if not any(_SYLLABLED.search(inside) for inside in _BRACKETED.findall(text)):
        return text, []  # nothing there can be one, and the module that knows takes time to load
    from morning_edition.pronunciation.pronouncers import find_pronouncers, without_pronouncers

    found = find_pronouncers(text)
    names = [(one.name, one.respelling) for one in found]
    return (without_pronouncers(text), names) if names else (text, [])
