"""Words whose full stop need not end a sentence, and words that only a new sentence begins with.

Each set holds what stands before the stop, in the case it is written in; `sentences` decides with them.
"""

TITLES = frozenset(
    """
    Adm Admin Ald Amb Atty Bp Brig Capt Cdr Cmdr Cmdt Col Comdr Comm Cpl Cpt Det Dr Fr Gen Gens Gov Govs
    Hon Insp Lt Ltjg Maj Messrs Mgr Mlle Mme Mmes Mr Mrs Ms Msgr Pfc Pres Prof Profs Pvt Rep Reps Rev
    Revs Sen Sens Sgt Sgts Spc Supt Treas dr mr mrs ms
    """.split()
)
"""What stands before a name: never the end of a sentence."""

LINKS = frozenset("Ph a.k.a ca cf e.g eg esp f.k.a i.e ie incl v viz vs VS".split())
"""What joins two things: never the end of a sentence."""

NUMBER_SIGNS = frozenset(
    """
    Apt Art Arts Ch Ext Fig Figs No Nos Nr N° Op Para Pt Rm Sec Sect Vol Vols approx c ch ext fig figs
    ft hr hrs lb lbs min no nos nr n° oz p para paras pp sec sect vol vols
    """.split()
)
"""What stands before a number: no end of a sentence when a number follows."""

FIRM_ENDS = frozenset("Bhd Bros Co Corp Cos Inc LLC LLP Ltd Pte Pty co inc ltd".split())
"""What ends the name of a company."""

NAME_PARTS = frozenset(
    """
    Ala Alta Apr Ariz Ark Assn Aug Ave Bldg Blvd Calif Colo Conn Ct Dec Del Dept Dist Div Esq Expy Feb
    Fla Fri Ft Fwy Ga Hwy Ill Ind Intl Jan Jr Jul Jun Kan Kans Kas Ky La Ln Mar Mass Md Mich Minn Miss
    Mo Mon Mont Mt Mts Natl Neb Nebr Nev Nov Oct Okla Ont Ore Pa Penn Pkwy Pl Pt Que Rd Sask Sep Sept Sq
    Sr St Sta Ste Tenn Tex Thu Thur Thurs Tue Tues Univ Va Vt Wash Wed Wis Wisc Wyo al ave blvd esq jr
    rd sr st
    """.split()
)
"""Parts of names, places and dates: the end of a sentence only where a new one plainly begins."""

TIMES = frozenset("am a.m AM A.M pm p.m PM P.M".split())
"""Halves of the day."""

AFTER_TIMES = frozenset(
    """
    AEDT AEST AM Atlantic BST CDT CEST CET CST Central EDT EEST EET EST ET Eastern GMT HKT IST JST
    Jakarta Local MDT MST MT Mountain PDT PM PST PT Pacific SAST Tokyo UTC WAT January February March
    April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sept Sep
    Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tues Tue Wed Thurs Thu Fri
    Sat Sun
    """.split()
)
"""What goes on after an hour: zones and days."""

LETTERED = frozenset(
    """
    Act Appendix Block Book Building Category Chapter Class Company Division Exhibit Gate Grade Group
    Hepatitis Influenza Letter Level Line Model Part Phase Plan Platform Point Route Schedule Section
    Series Stage Team Terminal Type Unit Vitamin War Ward Zone act appendix block category class
    exhibit gate grade group hepatitis influenza letter level line part phase plan platform section
    series stage terminal type unit vitamin ward zone
    """.split()
)
"""What a single letter comes after when it is no initial: Plan B, World War I."""

STARTERS = frozenset(
    """
    A About Above According Accordingly Across Actually Additionally After Afterward Afterwards Again
    Against All Almost Along Already Also Although Altogether Amid Among An Analysts And Another Any
    Anyone Anything Apparently Are Around As Aside At Authorities Based Because Before Behind Below
    Besides Between Beyond Both But By Can Certainly Citing Clearly Compared Consequently Could Critics
    Currently Despite Did Do Does Doing During Each Earlier Economists Either Elsewhere Even Eventually
    Ever Every Everybody Everyone Everything Experts Few Fewer Finally Firstly Following For Formerly
    Fortunately From Further Furthermore Generally Given Had Has Have He Hence Her Here Hers Him His How
    However I I'd I'll I'm I've I’d I’ll I’m I’ve If In Included Including Increasingly Indeed Initially
    Inside Instead Investigators Investors Is It It'd It'll It's It’d It’ll It’s Its Just Last Lastly
    Lately Later Let Let's Let’s Likewise Many Maybe Meanwhile Moreover Most Mostly Mr Mrs Ms Much My
    Nearly Neither Never Nevertheless Next No Nobody None Nonetheless Nor Not Nothing Now Of Officials
    Often On Once One Only Opponents Or Originally Other Others Otherwise Our Out Outside Over Overall
    Perhaps Previously Prices Privately Prosecutors Publicly Rather Recently Reportedly Researchers
    Residents Sales Scientists Secondly Separately Several Shares She Should Similarly Since So Some
    Somebody Someone Something Sometimes Soon Spokesmen Still Subsequently Such Supporters Surely Terms
    Than Thankfully That That's That’s The Their Them Then There There's There’s Thereafter Therefore
    These They They'd They'll They're They've They’d They’ll They’re They’ve This Those Though Through
    Throughout Thus To Today Together Tomorrow Tonight Too Toward Towards Traders Traditionally Two
    Typically Ultimately Under Unfortunately Unless Unlike Until Unusually Upon Usually Very Was We We'd
    We'll We're We've We’d We’ll We’re We’ve Were What What's What’s Whatever When Whenever Where
    Whereas Wherever Whether Which While Who Who's Who’s Whoever Whose Why Will With Within Without
    Would Yes Yesterday Yet You You'd You'll You're You've You’d You’ll You’re You’ve Your
    """.split()
)
"""Words with a capital that a sentence begins with, and that have none inside one."""

SURNAMES = frozenset("An Do Few Just Much So Still To Will".split())
"""Those of them that are surnames too, and so may follow an initial."""

OFFICES = frozenset(
    """
    Chair Chairman Chairwoman Chief Class Co-Chairman Deputy Director Executive Founder General Managing
    President Senior Series Treasurer Vice
    """.split()
)
"""What may follow a company's name in the same sentence with a capital."""

SAYING = frozenset(
    """
    added admitted announced answered argued asked asks began called complained continued cried declared
    demanded exclaimed explained insisted joked laughed muttered noted recalled replied responded says
    said shouted shrugged thought told tweeted warned wondered wrote yelled
    """.split()
)
"""What tells who spoke, after a quotation that ends in a question or an exclamation mark."""
