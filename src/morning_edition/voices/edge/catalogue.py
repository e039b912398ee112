"""The voices that Microsoft Edge reads web pages aloud with: all English ones, a few of other languages.

The service itself tells of all of them (`edge-tts --list-voices`). Within a language the ones that it calls
fit for news come first. A voice that is called multilingual says foreign names as they are said where they
come from, and may take an English line for one of another language.
"""

import re

from morning_edition.voices import VoiceNote

LICENCE = "unofficial, Microsoft's terms"
FORM = re.compile(r"[a-z]{2,3}-[A-Z]{2}(-[a-z]+)?-[A-Z]\w*Neural")
"""Language and place, dialect, and the voice's own name."""
NAMES = """
en-US Aria Christopher Guy Michelle Eric Roger Steffan Ava Andrew Emma Brian Jenny Ana
en-US AvaMultilingual AndrewMultilingual EmmaMultilingual BrianMultilingual
en-GB Sonia Ryan Libby Thomas Maisie
en-AU Natasha WilliamMultilingual
en-CA Clara Liam
en-IE Emily Connor
en-IN Neerja Prabhat NeerjaExpressive
en-NZ Molly Mitchell
en-ZA Leah Luke
en-HK Yan Sam
en-KE Asilia Chilemba
en-NG Ezinne Abeo
en-PH Rosa James
en-SG Luna Wayne
en-TZ Imani Elimu
ar-SA Zariyah Hamed
ar-EG Salma Shakir
ar-SY Amany Laith
bg-BG Kalina Borislav
bn-IN Tanishaa Bashkar
ca-ES Joana Enric
cs-CZ Vlasta Antonin
cy-GB Nia Aled
da-DK Christel Jeppe
de-DE Katja Conrad Amala Killian SeraphinaMultilingual FlorianMultilingual
de-AT Ingrid Jonas
de-CH Leni Jan
el-GR Athina Nestoras
es-ES Elvira Alvaro Ximena
es-MX Dalia Jorge
es-US Paloma Alonso
es-AR Elena Tomas
et-EE Anu Kert
fa-IR Dilara Farid
fi-FI Noora Harri
fil-PH Blessica Angelo
fr-FR Denise Henri Eloise VivienneMultilingual RemyMultilingual
fr-CA Sylvie Antoine Jean Thierry
fr-BE Charline Gerard
fr-CH Ariane Fabrice
ga-IE Orla Colm
he-IL Hila Avri
hi-IN Swara Madhur
hr-HR Gabrijela Srecko
hu-HU Noemi Tamas
id-ID Gadis Ardi
is-IS Gudrun Gunnar
it-IT Elsa Diego Isabella GiuseppeMultilingual
ja-JP Nanami Keita
ko-KR SunHi InJoon HyunsuMultilingual
lt-LT Ona Leonas
lv-LV Everita Nils
ms-MY Yasmin Osman
nb-NO Pernille Finn
nl-NL Colette Maarten Fenna
nl-BE Dena Arnaud
pl-PL Zofia Marek
pt-BR Francisca Antonio ThalitaMultilingual
pt-PT Raquel Duarte
ro-RO Alina Emil
ru-RU Svetlana Dmitry
sk-SK Viktoria Lukas
sl-SI Petra Rok
sr-RS Sophie Nicholas
sv-SE Sofie Mattias
sw-KE Zuri Rafiki
ta-IN Pallavi Valluvar
th-TH Premwadee Niwat
tr-TR Emel Ahmet
uk-UA Polina Ostap
ur-PK Uzma Asad
vi-VN HoaiMy NamMinh
zh-CN Xiaoxiao Yunyang Yunxi Yunjian Xiaoyi Yunxia
zh-HK HiuMaan WanLung HiuGaai
zh-TW HsiaoChen YunJhe HsiaoYu
"""
OTHER_TAGS = {"no": "nb", "nn": "nb", "tl": "fil", "iw": "he", "in": "id"}
"""Other names of some of these languages, and a neighbour where there is no better."""


def list_voices(*, installed: bool) -> tuple[VoiceNote, ...]:
    """Return a note for each voice that is known here."""
    lacking = "" if installed else "; lacks a package: pip install 'morning-edition[edge]'"
    return tuple(
        VoiceNote(
            f"{language}-{name}Neural",
            language,
            f"{name.removesuffix('Multilingual')}, of Microsoft Edge's reading aloud{_note(name)}; an "
            f"unofficial way to it, which may end any day; needs the network{lacking}",
            "neural",
            LICENCE,
            installed=installed,
        )
        for language, *names in map(str.split, NAMES.strip().splitlines())
        for name in names
    )


def find_voice(language: str) -> str:
    """Return the voice for a language tag: its own, or its language's; empty where none is known."""
    primary, *rest = language.casefold().split("-")
    primary = OTHER_TAGS.get(primary, primary)
    names = [note.name for note in list_voices(installed=True)]
    wanted = ["-".join([primary, part]) for part in rest[::-1]] + [primary]
    return next((name for tag in wanted for name in names if name.casefold().startswith(f"{tag}-")), "")


def _note(name: str) -> str:
    return ", multilingual" if name.endswith("Multilingual") else ""
