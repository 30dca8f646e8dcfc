"""Words about languages in French, Dutch and English: their names, words for levels, and what may stand around them.

All in plain (`matching.cues.plain`). `matching.languages` puts them together.
"""

import re
from collections.abc import Iterable
from typing import Final

from matching.codes import LANGUAGE_WORDS, Level
from matching.cues import plain, spaced

NAMES: Final = {
    **{plain(word): code for code, words in LANGUAGE_WORDS.items() for word in words},
    **{"flamand": "nl", "vlaams": "nl", "flemish": "nl", "mandarin": "zh", "mandarijn": "zh", "farsi": "fa", "perse": "fa"},
    **{"castillan": "es", "pachtou": "ps", "filipino": "tl", "moldave": "ro", "tigrinya": "ti"},
    **{"nederl.": "nl", "neerl.": "nl", "neerl": "nl", "angl.": "en", "engl.": "en"},
}
"""Names of languages in plain, with their codes."""

ABBREVIATIONS: Final = {
    **{code: code for code in ("fr", "nl", "en", "de", "es", "it")},
    **{"eng": "en", "ned": "nl", "nld": "nl", "n": "nl", "f": "fr"},
}
SPEAKERS: Final = {
    **dict(zip("francophone neerlandophone anglophone germanophone".split(), "fr nl en de".split(), strict=True)),
    **dict(zip("arabophone hispanophone lusophone italophone russophone".split(), "ar es pt it ru".split(), strict=True)),
    **dict(zip("franstalig nederlandstalig engelstalig duitstalig".split(), "fr nl en de".split(), strict=True)),
    **dict(zip("arabischtalig spaanstalig turkstalig".split(), "ar es tr".split(), strict=True)),
}
FEMININE: Final = {
    **{name + "e": code for name, code in NAMES.items() if name.endswith(("ais", "and", "ain", "ois", "ol"))},
    **{name + "ne": code for name, code in NAMES.items() if name.endswith("ien")},
    **{"turque": "tr", "grecque": "el", "arabe": "ar", "russe": "ru", "bulgare": "bg"},
}
DUTCH: Final = {plain(words[1]): code for code, words in LANGUAGE_WORDS.items()} | {"vlaams": "nl"}
FRENCH: Final = {plain(words[0]): code for code, words in LANGUAGE_WORDS.items()} | {"flamand": "nl"}
ENGLISH: Final = {plain(words[2]): code for code, words in LANGUAGE_WORDS.items()} | {"flemish": "nl"}
CAPITAL: Final = frozenset({"pools", "fins", "polish", "turks", "thai", "danish"})  # other words when written small


def any_of(words: Iterable[str]) -> str:
    """Write words as alternatives of a pattern, longest first.

    >>> any_of(["en", "eng"])
    'eng|en'
    """
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


NAME: Final = re.compile(
    rf"\b(?:langues? (?P<feminine>{any_of(FEMININE)})|(?P<inflected>{any_of(DUTCH)})e (?=taal\b)"
    rf"|(?P<speaker>{any_of(SPEAKERS)})(?:s|e|en)?"
    rf"|(?P<name>{any_of(NAMES)})|(?P<short>{any_of(ABBREVIATIONS)}))(?![\w'])"
)
CEFR: Final = r"(?P<cefr>\b[abc][12](?: ?(?:/|-|a|ou|of|or|to|tot) ?[abc][12])?\b\+?)"
WORDS: Final = (
    (Level.C2, r"(?:langues? )?maternelles?|moedertaal\w*|mother[- ]?tongue|native(?: speakers?| level)?|natifs?"),
    (
        Level.C1,
        r"courante?s?|couramment|parfaite?s?|parfaitement|perfecte?|perfectly|excellente?s?|excellently|tres bon(?:ne)?s?"
        r"|tres bien|bilingu(?:es?|isme)|tweetaligheid|trilingues?"
        r"|vloeiende?|vlot(?:te|jes)?|uitstekende?|(?:zeer|heel) goede?|(?:twee|drie|vier)talige?|fluent(?:ly)?|fluency"
        r"|very (?:good|well)|bilingual|trilingual"
        r"|multilingual|advanced|avancee?|gevorderde?|grondige?|approfondie|proficient|uitmuntende?|impeccable|onberispelijk"
        r"|foutloze?|foutloos"
        r"|flawless|outstanding",
    ),
    (
        Level.B2,
        r"bon(?:ne)?s?|(?<!aussi )(?<!si )(?<!ou )bien|maitris\w*|goede?|good|(?<!as )well|working knowledge"
        r"|professional(?: working)?|professionnel(?:le)?"
        r"|degelijke?|solides?|solid|strong|beheers\w*|upper[- ]intermediate",
    ),
    (
        Level.B1,
        r"conversations?|conversationnel(?:le)?|converser|moyen(?:ne)?s?|suffisante?s?|voldoende|redelijke?"
        r"|gesprek(?:ken)?(?: \w+){0,2} voeren"
        r"|intermediate|intermediaire|conversational|conversation\w*|conversatie\w*|sufficient|assez bon(?:ne)?s?"
        r"|vrij goede?|gemiddelde?|behoorlijke?|fairly good"
        r"|reasonable|average|adequate|debrouille\w*|behelpen|trekt je plan|fonctionnel(?:le)?|functionele?|functional"
        r"|hold a conversation",
    ),
    (
        Level.A2,
        r"notions?|(?:de )?bases?|elementaires?|basis(?:kennis|niveau|noties?)?|beperkte?|noties?|basic|basics|elementary"
        r"|some|limitee?s?|limited"
        r"|beginselen|un peu|een beetje|a little|(?:quelques|enkele) (?:mots|notions|woorden)|rudimentaires?|sommaire"
        r"|minimale|elementaire|(?:een )?(?:aardig )?(?:mondje|woordje)",
    ),
)
LEVEL: Final = spaced(
    rf"{CEFR}|\b(?:" + "|".join(f"(?P<w{rank}>{WORDS[rank][1]})" for rank in reversed(range(len(WORDS)))) + r")(?![\w'])"
)
ONLY_AFTER: Final = re.compile(r"courant|couramment|fluently|perfectly")
MANY: Final = re.compile(r"(bi|tri|multi)ling|(twee|drie|vier)talig")
WEAK: Final = re.compile(r"maitris|beheers")

SPOKEN: Final = (
    r"(?:orale?s?|oralement|parlee?s?|verbale?|mondelinge?|gesproken|spoken|oral|verbal|actieve?|active|a l'oral|l'oral"
    r"|in woord|ecrite?s?|a l'ecrit"
    r"|l'ecrit|lue?|schriftelijke?|geschreven|geschrift|written|passieve?|passive|lire|ecrire|lezen|schrijven|reading"
    r"|writing|technique|technische|technical"
    r"|commercial|zakelijk|business)"
)
FILLER: Final = (
    rf"(?:{SPOKEN}(?:(?: (?:et|en|and|ou|of|comme|que|als|as well as) (?:en )?| ?[/&+-] ?){SPOKEN})*|connaissances?"
    rf"|maitris\w*|niveau|pratique|comprehension|usage|expression"
    r"|communication|kennis|talenkennis|taalkennis|beheersing|begrip|notie|taal|taalniveau|knowledge|command|understanding"
    r"|level|skills?|proficiency|fluency"
    r"|grasp|de la|du|de|d|la|le|l|les|des|dans|au|aux|a|van|v/h|v\.h\.?|v/d|het|'t|in|of|the|for|both|zowel|aussi bien|tant"
    r"|est|is|sont|zijn|are|votre|ton|ta"
    r"|uw|je|jouw|your|u|vous|you|langues?|taal|talen|languages?|minimum|minimaal|min\.?|au moins|minstens|at least"
    r"|spreek\w*|sprek\w*|parle\w*|speak\w*"
    r"|kan|kunt|kunnen|savez|ook|aussi|egalement|also|moins|bon niveau|voor|pour|uit|drukt|overweg|uitdrukken|exprim\w*|express"
    r"|communiquer|communiceren|te|s|yourself|orally|un|une|een|an|avec|met|with|professional|working|professionnelle)"
)
FORE: Final = {
    lang: spaced(rf"[ ':(«\"-]{{0,3}}(?:(?:{FILLER}{more})[ ':(-]{{1,3}}){{0,9}}")
    for lang, more in (("nl", ""), ("fr", "|en"), ("en", "|en"), (None, "|en"))
}
BACK: Final = spaced(
    rf"[ :(=«\"/-]{{0,3}}(?:(?:{FILLER}|op|at|be|etre|doit|must|should|comme|als|as|dat|die|qui|niv\.?|or higher|souhaite\w*"
    rf"|exige\w*|requis\w*|vereist|gewenst|required)[ ':(=-]{{1,3}}){{0,6}}"
)
BACK_CEFR: Final = re.compile(
    r"(?:[^.;|•\n,]|,(?=[ ]?(?:niveau|level|niv|min|au moins|minstens|at least|op)\b)|\.(?=[ ]?[a-z])){0,50}"
)
LIST: Final = spaced(
    r"(?: ?(?:,|/|-|&|\+|\bet\b|\ben\b|\band\b|\bou\b|\bof\b|\bor\b|\bet/ou\b|\ben/of\b|\bni\b|\bnoch\b|\bnor\b"
    r"|\bainsi que\b|\balsook\b|\bevenals\b|\bas well as\b|\bque\b|\bals\b|\bplus\b))"
    r"{1,2} ?(?:(?:du|de l|de la|de|d|le|la|l|en|au|het|van het|van|in het|in|of|langue|ook|aussi)[ ']{1,2}){0,2}"
)
CHOICE: Final = re.compile(r"\b(?:ou|of|or)\b")
AND_OR: Final = re.compile(r"\b(?:ou|of|or|et|en|and|alsook|ainsi que)\b|&")
KNOWLEDGE: Final = spaced(
    r"\b(?:kennis|connaissances?|knowledge|maitrise|beheersing|command|level|niveau|fluency|notions"
    r"|noties)(?: \w+){0,3}[ ']$"
)
AND: Final = re.compile(r"\b(?:et|en|and|ou|of|or|ainsi que|alsook|als|que)\b|[/&+-]")
STRONG_BREAK: Final = re.compile(r"[.!?;|•](?=\s)|\n")

ABOUT: Final = (
    r"(?:parl\w+|spre(?:ken|ekt|ek|kend)|speak\w*|spoken|kennis|talenkennis|connaissances?|knowledge|maitris\w*|beheers\w*"
    r"|compren\w+|begrijp\w*|understand\w*"
    r"|taal|talen|langues?|languages?|niveau|level|exprime\w*|communiqu\w*|communicat\w*|convers\w*|uitdrukken|communicer\w*"
    r"|machtig|praat|praten|command|proficien\w+"
    r"|a l'aise|aisance|vaardig\w*|skills|repondre|lire et ecrire|ecrivez|lisez|schrijft|leest|write|read|debrouille\w*"
    r"|behelpen|connaissez|ken(?:t|nen)?|know)"
)
LEFT: Final = spaced(
    rf"\b{ABOUT}(?:[ ':(,-]{{1,3}}(?:{FILLER}|en|et|and|and|correct\w*|bien|goed|well|mots|woorden"
    rf"|words)){{0,7}}[ ':(\"«-]{{0,3}}$"
)
RIGHT: Final = spaced(
    r"(?:[ -]speak(?:er|ers|ing)\b| (?:spreken|spreekt|sprekende?|language|languages|skills|taal|kennis|niveau|level"
    r"|proficiency|knowledge|machtig)\b| ?,? ?\(?(?:lu|parle|ecrit|oral|spoken|written|gesproken|geschreven|lezen|schrijven"
    r"|mondeling)\b)"
)
LESSONS: Final = spaced(
    r"\b(?:cours|lecons?|lessen|taalles\w*|les|lesgever|lesgeven|courses?|classes|lessons?|professeurs?|profs?|leerkracht\w*"
    r"|leraar|leraren|enseign\w+|teach\w*|traduct\w+|traduire|vertal\w+"
    r"|translat\w+|interpret\w*|tolk\w*|formations?|ecoles?|departement|departments?|redacti\w+|documents?|versions?"
    r"|clients?|klanten|formulaires?|articles?)"
    r"(?:[ ':(/-]{1,2}(?:de|d|du|en|in|van|het|the|of|l|le|et|and|a|anglais|francais|neerlandais|frans|nederlands|engels"
    r"|dutch|french|english)){0,5}[ ':(/-]{0,2}$"
)
LANGUAGE_HEAD: Final = re.compile(
    r"\b(?:langues?|talen|taal|languages?|talenkennis|taalkennis|connaissances? linguistiques?)\b[^\n:]{0,40}(?::"
    r"|\n)[^\n]{0,300}$"
)
AFTER_ENGLISH: Final = frozenset(
    "and or is are at as a an to in on for with would will can must should if but plus required preferred desirable "
    "desired essential mandatory needed necessary speaker "
    "speakers speaking language languages skills level fluently well proficiency knowledge native mother not nor than when "
    "both also only spoken written orally verbally oral "
    "you we who because advanced upper good excellent very basic intermediate conversational fluent perfect sufficient "
    "limited asset advantage optional ideally preferably too "
    "either considered helps helpful useful appreciated by from of minimum min nice strongly highly has does isn't isnt "
    "compulsory preferable perfectly working professional "
    "is/are expected no welcome counts communication proficient conversation".split()
)
BEFORE_FRENCH: Final = re.compile(
    r"(?:^|[^\w ']|\b(?:l|d|le|du|de|en|au|et|ou|a|un|aussi|egalement|que|notamment|langues?|ni|parl\w+|maitris\w+"
    r"|connais\w+|compren\w+|pratiqu\w+|oral|niveau|surtout"
    r"|soit|bon|parfait|excellent|courant|couramment|bien|correctement|bilingues?|trilingues?|mieux|vlot|kennis|and|or|of"
    r"|plus|notions|of|speak|dont|sauf|connaissance|maitrise"
    r"|[abc][12]|base|requis|exige|souhaite|\w+ment|preference|possible|atout))[ ']{0,3}$"
)
AFTER_DUTCH: Final = re.compile(
    r"[ ](?:\w+e[ ])?(?:bedrijf|team|markt|recht|restaurant|keuken|klant\w*|ontbijt|volk|grondgebied|kantoor|dienst|filiaal"
    r"|paspoort|land|bier|kaas|merk|product\w*|rijbewijs|diploma|platform|theater"
    r"|voetbal|elftal|publiek|onderwijs|leger|staatsburger\w*|accent|bestand|document\w*|versie|toilet|wegennet|net"
    r"|gerecht\w*|brood|gebak)\b"
)
NOT_PEOPLE: Final = re.compile(
    r"(?:e|s)?[ ](?:teams?|omgeving|bedrijf|context\w*|klant\w*|clients?|clientele|customers?|environment|milieu"
    r"|environnement|onderwijs|school|scholen|ecole|departement|afdeling|audience|public|publiek"
    r"|patient\w*|bewoners|dossiers?|markt|market|region|regio|communities|communaute|gemeenschap|documenten|teksten"
    r"|communicatie)"
)
BEING: Final = spaced(
    r"\b(?:etes|es|suis|bent|ben|are|etre|candidate?s?|kandida\w+|profile?|profiel|personne|iemand|medewerkers?"
    r"|collaborat\w+)(?: \w+){0,2} $"
)
ALONE: Final = re.compile(r"[ ]?(?:[,;.)|\n]|$|et |en |and )|[ ](?:kennis|connaissance|niveau|level)[ ]?(?:[,;.)|\n]|$)")
"""What follows a level that ends its part of a list."""
SAME_GRADE: Final = re.compile(rf"[ '(/-]{{0,2}}(?:(?:{FILLER}|et|a|ou|of|tot|to|or)[ '(/-]{{1,2}}){{0,3}}")
"""What stands between two levels that are one ("bonne à très bonne")."""
