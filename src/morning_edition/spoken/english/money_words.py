"""Words behind money: what it describes, and what it is for."""

DEALS = frozenset(
    """
    acquisition allowance apartment backlog bail bailout bill bond bonus boost budget buyout campaign
    cap charge check cheque contract deal deficit donation facility fee fine fund gap grant hole home
    investment jackpot judgement judgment lawsuit loan lottery mansion merger note order package penalty
    plant prize program programme project purse ransom refund salary scheme settlement shortfall stadium
    stake subsidy surplus takeover tariff ticket transfer valuation verdict wage
    """.split()
)
"""What money before it describes though no article stands there: "signed $45m deals"."""

KINDS = frozenset(
    """
    aid annual arms black cash climate defamation defence defense federal infrastructure military new
    rail relief rescue research spending state stimulus support tax weapons
    """.split()
)
"""What may stand between: "a £22bn black hole"."""

PER = {
    "mo": "month",
    "yr": "year",
    "wk": "week",
    "hr": "hour",
    "h": "hour",
    "d": "day",
    "bbl": "barrel",
    "lb": "pound",
    "kg": "kilogram",
    "sq ft": "square foot",
    "gal": "gallon",
    "oz": "ounce",
    "t": "ton",
    "L": "liter",
    "l": "liter",
    "MWh": "megawatt hour",
    "kWh": "kilowatt hour",
    "min": "minute",
}
"""What stands after "/", in full."""
