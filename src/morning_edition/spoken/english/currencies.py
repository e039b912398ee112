"""Currencies: how each sign and code is said."""

from typing import NamedTuple


class Currency(NamedTuple):
    """The names of one money, singular and plural."""

    one: str
    many: str
    cent: str = ""
    """Its hundredth; empty where nobody says it."""
    cents: str = ""


def _dollar(country: str = "") -> Currency:
    return Currency(f"{country} dollar".strip(), f"{country} dollars".strip(), "cent", "cents")


DOLLAR = _dollar()
POUND = Currency("pound", "pounds", "penny", "pence")
EURO = Currency("euro", "euros", "cent", "cents")
YEN = Currency("yen", "yen")
YUAN = Currency("yuan", "yuan")
RUPEE = Currency("rupee", "rupees", "paisa", "paise")
KRONE = Currency("krone", "kroner")
REAL = Currency("real", "reais", "centavo", "centavos")
PESO = Currency("peso", "pesos", "centavo", "centavos")

DOLLARS = {
    "US": _dollar("US"),
    "U.S.": _dollar("US"),
    "U.S": _dollar("US"),
    "C": _dollar("Canadian"),
    "CA": _dollar("Canadian"),
    "CAN": _dollar("Canadian"),
    "Can": _dollar("Canadian"),
    "CDN": _dollar("Canadian"),
    "A": _dollar("Australian"),
    "AU": _dollar("Australian"),
    "AUS": _dollar("Australian"),
    "NZ": _dollar("New Zealand"),
    "HK": _dollar("Hong Kong"),
    "S": _dollar("Singapore"),
    "SG": _dollar("Singapore"),
    "NT": _dollar("Taiwan"),
    "TT": _dollar("Trinidad"),
    "J": _dollar("Jamaican"),
    "B": _dollar("Bahamian"),
    "Bds": _dollar("Barbadian"),
    "BZ": _dollar("Belize"),
    "FJ": _dollar("Fiji"),
    "G": _dollar("Guyanese"),
    "EC": _dollar("East Caribbean"),
    "N": _dollar("Namibian"),
    "Z": _dollar("Zimbabwe"),
    "R": REAL,
    "MX": Currency("Mexican peso", "Mexican pesos", "centavo", "centavos"),
    "Mex": Currency("Mexican peso", "Mexican pesos", "centavo", "centavos"),
}
"""What the letters before "$" make of it."""

SIGNS = {
    "$": DOLLAR,
    "£": POUND,
    "€": EURO,
    "¥": YEN,
    "￥": YEN,
    "₹": RUPEE,
    "₨": RUPEE,
    "₽": Currency("ruble", "rubles", "kopeck", "kopecks"),
    "₩": Currency("won", "won"),
    "₪": Currency("shekel", "shekels"),
    "₺": Currency("lira", "lira"),
    "₤": Currency("lira", "lire"),
    "₫": Currency("dong", "dong"),
    "₱": PESO,
    "₦": Currency("naira", "naira", "kobo", "kobo"),
    "₴": Currency("hryvnia", "hryvnias"),
    "₵": Currency("cedi", "cedis"),
    "₡": Currency("colon", "colones"),
    "₲": Currency("guarani", "guaranis"),
    "₭": Currency("kip", "kip"),
    "₮": Currency("tugrik", "tugriks"),
    "₸": Currency("tenge", "tenge"),
    "₼": Currency("manat", "manat"),
    "₾": Currency("lari", "lari"),
    "฿": Currency("baht", "baht"),
    "₿": Currency("bitcoin", "bitcoins"),
}

CODES = {
    "USD": DOLLARS["US"],
    "CAD": DOLLARS["C"],
    "AUD": DOLLARS["A"],
    "NZD": DOLLARS["NZ"],
    "HKD": DOLLARS["HK"],
    "SGD": DOLLARS["S"],
    "GBP": POUND,
    "EUR": EURO,
    "JPY": YEN,
    "CNY": YUAN,
    "RMB": YUAN,
    "CHF": Currency("Swiss franc", "Swiss francs", "centime", "centimes"),
    "INR": Currency("Indian rupee", "Indian rupees", "paisa", "paise"),
    "PKR": Currency("Pakistani rupee", "Pakistani rupees"),
    "SEK": Currency("Swedish krona", "Swedish kronor"),
    "NOK": Currency("Norwegian krone", "Norwegian kroner"),
    "DKK": Currency("Danish krone", "Danish kroner"),
    "ISK": Currency("Icelandic krona", "Icelandic kronur"),
    "PLN": Currency("Polish zloty", "Polish zlotys"),
    "CZK": Currency("Czech koruna", "Czech korunas"),
    "HUF": Currency("Hungarian forint", "Hungarian forints"),
    "HRK": Currency("Croatian kuna", "Croatian kunas"),
    "RUB": Currency("ruble", "rubles"),
    "UAH": Currency("hryvnia", "hryvnias"),
    "TRY": Currency("Turkish lira", "Turkish lira"),
    "ILS": Currency("shekel", "shekels"),
    "NIS": Currency("shekel", "shekels"),
    "KRW": Currency("won", "won"),
    "TWD": DOLLARS["NT"],
    "THB": Currency("baht", "baht"),
    "IDR": Currency("rupiah", "rupiah"),
    "MYR": Currency("ringgit", "ringgit"),
    "PHP": Currency("Philippine peso", "Philippine pesos"),
    "VND": Currency("dong", "dong"),
    "BRL": REAL,
    "MXN": DOLLARS["MX"],
    "ARS": Currency("Argentine peso", "Argentine pesos"),
    "CLP": Currency("Chilean peso", "Chilean pesos"),
    "COP": Currency("Colombian peso", "Colombian pesos"),
    "ZAR": Currency("rand", "rand"),
    "NGN": Currency("naira", "naira"),
    "KES": Currency("Kenyan shilling", "Kenyan shillings"),
    "GHS": Currency("cedi", "cedis"),
    "EGP": Currency("Egyptian pound", "Egyptian pounds"),
    "SAR": Currency("Saudi riyal", "Saudi riyals"),
    "AED": Currency("dirham", "dirhams"),
    "QAR": Currency("Qatari riyal", "Qatari riyals"),
    "KWD": Currency("Kuwaiti dinar", "Kuwaiti dinars"),
    "IQD": Currency("Iraqi dinar", "Iraqi dinars"),
    "IRR": Currency("rial", "rials"),
    "DEM": Currency("Deutschmark", "Deutschmarks"),
    "BTC": Currency("bitcoin", "bitcoins"),
}
"""ISO 4217, and the few that the trade writes besides."""

LETTERS = {
    "Rs": RUPEE,
    "Rs.": RUPEE,
    "Re": RUPEE,
    "kr": KRONE,
    "kr.": KRONE,
    "zł": Currency("zloty", "zlotys"),
    "Kč": Currency("koruna", "korunas"),
    "Rp": Currency("rupiah", "rupiah"),
    "Rp.": Currency("rupiah", "rupiah"),
    "RM": Currency("ringgit", "ringgit"),
    "Fr.": Currency("franc", "francs"),
    "DM": Currency("mark", "marks"),
}
"""Abbreviations of names, not codes."""
