"""What Roman numerals stand behind: names ("Henry VIII"), and things that are counted ("World War II")."""

KINGS = frozenset(
    """
    Abdullah Adolf Adolphus Adrian Albert Alexander Alexandra Alexios Alexius Alfonso Amadeus Amenhotep
    Andrew Anne Antiochus Artaxerxes August Augustus Baldwin Baudouin Bela Benedict Boniface Boris
    Callixtus Canute Carl Carlos Casimir Caterina Catherine Celestine Charles Christian Clement
    Cleopatra Conrad Constans Constantine Cyrus Darius David Edmund Edward Elizabeth Emanuel Emmanuel
    Eric Erik Ernest Eugene Eugenius Farouk Ferdinand Francis Franz Frederick Frederik Friedrich Fuad
    Gaius George Gregory Gustaf Gustav Gustavus Guy Haakon Hadrian Hakon Harald Harold Hassan Henri
    Henry Honorius Hussein Innocent Isabel Isabella Ivan James Joan John Joseph Juan Julius Justin
    Justinian Karl Katharine Lambert Leo Leon Leopold Lothair Louis Ludwig Magnus Mahmud Malcolm Manuel
    Margaret Margrethe Maria Martin Mary Matilda Maximilian Mehmed Menelik Michael Mohammed Murad
    Napoleon Nero Nicholas Nikolaus Norodom Olaf Olav Oscar Oskar Othman Otto Paul Pedro Peter Philip
    Philippe Pius Ptolemy Rainier Rama Rameses Ramesses Ramses Ranavalona Richard Robert Roger Rudolf
    Rudolph Rupert Salman Sancho Selassie Seleucus Selim Sergius Seti Sigismund Simeon Sixtus Solomon
    Stanislaus Stanislaw Stanisław Stephen Suleiman Sverre Sylvester Theodore Theodoret Theodosius
    Thutmose Tupou Umberto Urban Valdemar Valentinian Victor Victoria Vittorio Vladimir Wenceslas
    Wenceslaus Wilhelm Wilhelmina Willem William Xavier Xerxes Yaroslav Zog
    """.split()
)
"""Kings, queens, emperors and popes of whom there were several."""

NOT_KINGS_TEN = frozenset("Malcolm".split())
"""Whose X is a letter."""

CROWNS = frozenset(
    """
    Archbishop Archduke Bishop Caliph Catholicos Count Countess Czar Dalai Duke Earl Elector Emir
    Emperor Empress Grand-Duke Kaiser Khan King Landgrave Margrave Marquess Marquis Patriarch Pharaoh
    Pope Prince Princess Queen Shah Sultan Tsar Tsarina Viscount
    """.split()
)
"""What stands before a name that is counted, whatever the name."""

GIVEN_NAMES = frozenset(
    """
    Aaron Adam Alan Albert Alex Alexander Alfred Allen Alvin Andre Andrew Anthony Antonio Arthur Austin
    Barry Ben Benjamin Bernard Bill Billy Bob Bobby Brad Bradley Brandon Brian Bruce Bryan Byron Cal
    Calvin Cameron Carl Carlos Charles Chester Chris Christian Christopher Clarence Claude Clay Clayton
    Clifford Cornelius Craig Curtis Dale Dan Daniel Darrell Darren David Dean Dennis Derek Don Donald
    Douglas Duane Dwight Earl Edgar Edmund Edward Edwin Eli Elijah Elliott Eric Ernest Eugene Everett
    Floyd Francis Frank Franklin Fred Frederick Gabriel Garrett Gary Gene George Gerald Gilbert Glenn
    Gordon Grant Greg Gregory Harold Harry Harvey Henry Herbert Herman Homer Horace Howard Hugh Ian
    Isaac Isaiah Ivan Jack Jackson Jacob James Jared Jason Jay Jeff Jefferson Jeffrey Jeremiah Jeremy
    Jerome Jerry Jesse Jim Jimmy Joe Joel John Johnny Jonathan Jordan Jose Joseph Joshua Juan Julian
    Julius Justin Keith Kelvin Ken Kenneth Kevin Kurt Kyle Larry Lawrence Lee Leo Leon Leonard Leroy
    Lewis Lloyd Logan Louis Lucas Luke Luther Malcolm Manuel Marcus Mario Mark Marshall Martin Marvin
    Mason Matt Matthew Maurice Max Melvin Micah Michael Miguel Mike Milton Mitchell Morgan Morris Murray
    Nathan Nathaniel Neil Nelson Nicholas Noah Norman Oliver Oscar Otis Owen Patrick Paul Perry Peter
    Phil Philip Phillip Pierre Preston Ralph Randall Randolph Randy Ray Raymond Reginald Richard Rick
    Robert Roberto Rodney Roger Roland Ron Ronald Ross Roy Rudolph Rufus Russell Ryan Sam Samuel Scott
    Sean Seth Shane Shawn Sidney Simon Spencer Stanley Stephen Steve Steven Stuart Sylvester Ted
    Terrence Terry Theodore Thomas Thurston Tim Timothy Todd Tom Tommy Tony Travis Trevor Troy Tyler
    Tyrone Vernon Victor Vincent Walter Warren Wayne Wesley Will Willard William Willie Winston Xavier
    Zachary
    """.split()
)
"""Given names of men whose grandsons bear them again: "Robert Griffin III"."""

COUNTED = frozenset(
    """
    act acts album apollo appendices appendix area army article articles book books bowl canto cantos
    cap category chap chapter chapters class conference corollary corps council crisis cycle dimension
    division episode episodes factor fantasy fig figure figures form game gemini generation grade group
    head intifada lecture lemma letter level mark mk model movement no note num number olympiad opus
    part parts phase phases plan plate plates prop proposition protocol psalm region rocky round salt
    saturn scene schedule season sec sect section sections sequence series sonata song sonnet sphere
    stage stages start state step super symphony table tables theorem tier title titles tract trident
    type types unit vatican vol vols volume volumes war wars wrestlemania zone
    """.split()
)
"""What is counted in Roman numerals, in lower case."""

DIVISIONS = frozenset(
    """
    act appendix article articles book books bowl canto cap chap chapter chapters factor lecture letter
    part parts psalm scene sect section sonnet title vol volume war
    """.split()
)
"""Those of them whose I, V and X are numbers, and no letters."""

LONG_DIVISIONS = frozenset("canto chap chapter chapters letter psalm sonnet lecture".split())
"""Those of which there may be fifty: their L and C are numbers."""

CENTURIES = frozenset(
    """
    assembly centuries century congress corps dynasty edition legion olympiad olympic olympics
    paralympic
    """.split()
)
"""What a number in the order stands before."""
