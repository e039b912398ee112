"""Words that are written alike and said in two ways, each with its IPA as Americans say it."""

NOUNS_AND_VERBS = {
    "abuse": ("əˈbjuːs", "əˈbjuːz"),
    "advocate": ("ˈædvəkət", "ˈædvəkeɪt"),
    "conduct": ("ˈkɑːndʌkt", "kənˈdʌkt"),
    "conflict": ("ˈkɑːnflɪkt", "kənˈflɪkt"),
    "contract": ("ˈkɑːntrækt", "kənˈtrækt"),
    "convict": ("ˈkɑːnvɪkt", "kənˈvɪkt"),
    "delegate": ("ˈdɛlɪɡət", "ˈdɛlɪɡeɪt"),
    "desert": ("ˈdɛzɚt", "dɪˈzɜːrt"),
    "estimate": ("ˈɛstɪmət", "ˈɛstɪmeɪt"),
    "export": ("ˈɛkspɔːrt", "ɪkˈspɔːrt"),
    "graduate": ("ˈɡrædʒuət", "ˈɡrædʒueɪt"),
    "house": ("haʊs", "haʊz"),
    "increase": ("ˈɪnkriːs", "ɪnˈkriːs"),
    "moderate": ("ˈmɑːdɚət", "ˈmɑːdəreɪt"),
    "object": ("ˈɑːbdʒɛkt", "əbˈdʒɛkt"),
    "permit": ("ˈpɜːrmɪt", "pɚˈmɪt"),
    "present": ("ˈprɛzənt", "prɪˈzɛnt"),
    "produce": ("ˈproʊduːs", "prəˈduːs"),
    "project": ("ˈprɑːdʒɛkt", "prəˈdʒɛkt"),
    "protest": ("ˈproʊtɛst", "prəˈtɛst"),
    "rebel": ("ˈrɛbəl", "rɪˈbɛl"),
    "record": ("ˈrɛkɚd", "rɪˈkɔːrd"),
    "refuse": ("ˈrɛfjuːs", "rɪˈfjuːz"),
    "separate": ("ˈsɛprət", "ˈsɛpəreɪt"),
    "sow": ("saʊ", "soʊ"),
    "subject": ("ˈsʌbdʒɛkt", "səbˈdʒɛkt"),
    "suspect": ("ˈsʌspɛkt", "səˈspɛkt"),
    "use": ("juːs", "juːz"),
    "wind": ("wɪnd", "waɪnd"),
}
"""As a noun or adjective, and as a verb."""

DETERMINERS = frozenset(
    """
    a an another any both each eight either every few first five four her his its last many my neither
    new next nine no old one other our second seven several six some such ten that the their these third
    this those three two whose your
    """.split()
)
OBJECTS = frozenset(
    """
    a all an any every her him his it its less me more our that the their them these this those us you
    """.split()
)
"""What follows a verb, and no noun."""
PREPOSITIONS = frozenset(
    """
    about after against as at before between by during for from in into of on over per through under
    with without
    """.split()
)
AUXILIARIES = frozenset(
    """
    'd 'll can can't cannot could couldn't did didn't do does doesn't don't he'll help helped i'd i'll
    it'll let's may might must mustn't please shall she'll should shouldn't they'd they'll we'd we'll
    will won't would wouldn't you'd you'll
    """.split()
)
SUBJECTS = frozenset("i you we they who police people men women children some half".split())
BEING = frozenset(
    """
    am are aren't be been being feel felt is isn't seem seemed seems was wasn't were weren't
    """.split()
)
NO_PLURALS = frozenset(
    """
    arms as drugs emissions goods has his is its news sales savings sports texas this us was
    """.split()
)
"""What ends in s and stands before a noun."""
TO_NOUNS = frozenset("according contrary opposed prior addition response access next thanks".split())
"""After these, "to" is before a noun."""

LIVE_THINGS = frozenset(
    """
    ammunition animals audience ball birth births blog broadcast broadcasts bullets cattle concert
    concerts coverage event events feed fire footage from interview music news performance performances
    pictures report reports rounds shot shots show shows stock stream streaming television tv update
    updates video wire
    """.split()
)
LIVE_VERBS = frozenset(
    """
    air aired airing appear appeared broadcast broadcasting carried go goes going gone perform performed
    played reported reporting shown speaking stream streamed televised went
    """.split()
)
LEAD_METALS = frozenset(
    """
    acid ammunition batteries battery bullets contamination exposure levels mine mines oxide paint
    particles pipe pipes poisoning pollution shot smelter solder
    """.split()
)
METALS = frozenset("arsenic cadmium copper gold iron mercury nickel silver steel tin zinc".split())
CLOSE_THINGS = frozenset(
    """
    aide aides allies ally associate associates attention battle by call combat confidant contact
    contest cooperation election encounter enough eye finish friend friends game look match proximity
    quarters race range relations relationship relative relatives second ties to together up vote watch
    """.split()
)
CLOSE_BEFORE = frozenset(
    """
    are as be been fairly how is more quite remain remained remains so stay stayed stays too very was
    were
    """.split()
)
CLOSE_COMERS = frozenset("as comes does draws gets his its keeps moves perhaps pulls sits this us".split())
"""What ends in s before "close", and does not close."""
CLOSING_AFTER = frozenset("at down during early for from late on until".split())
"""When a door closes."""
MINUTE_THINGS = frozenset(
    """
    amount amounts detail details differences dose doses fraction particles pieces quantities quantity
    traces
    """.split()
)
DOWN_AND_UP = frozenset("down up back its his her their through along around".split())
"""Where what is wound goes."""
BASS_BEFORE = frozenset("sea striped largemouth smallmouth black freshwater caught catch".split())
BASS_AFTER = frozenset("boat boats fishing pro population stocks".split())
DOVE_AFTER = frozenset("into in for off to toward towards under down deep headfirst".split())
HAVING = frozenset(
    """
    are been being had has have having he'd i've is she'd they've was we've were you've
    """.split()
)
TEARS_AFTER = frozenset("down apart up through into at open away off the".split())
PAST = frozenset("yesterday ago earlier".split())
