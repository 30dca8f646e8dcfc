"""Words by which a vacancy says how strongly it asks: required, desired, not asked; and words that carry nothing."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from unicodedata import category, combining, normalize

_SAME: Final = {**dict.fromkeys("\u2018\u2019\u00b4`\u02bc", "'"), **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")}


_SPACE: Final = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|\(\?<[=!](?:[^()]|\([^()]*\))*\)| \??(?![{*+])")


def spaced(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a plain space stands for one or more, apart from those in ``[]`` and look-behinds.

    >>> bool(spaced("temps plein").search("temps   plein"))
    True
    """
    some = {" ": " {1,4}", " ?": " {0,4}"}
    return re.compile(_SPACE.sub(lambda found: some.get(found[0], found[0]), pattern))


MUST: Final = (
    # French
    r"exige(?:e?s?|ant|ons)?|requi(?:s|se|ses|ert)|obligatoire(?:s|ment)?|indispensables?|imperati(?:f|fs|ve|ves|vement)"
    r"|necessaires?|necessite(?:nt)?|primordiale?s?|incontournables?|sine qua non|il (?:vous )?faut|vous devez|tu dois"
    r"|doi(?:t|vent)"
    r"|prerequis|besoin|demandee?s?|imposee?s?|obligation|exigence|souhaites obligatoirement|essentiel(?:le)?s?"
    # Dutch
    r"|vereiste?n?|verplicht(?:e|ing)?|noodzakelijke?|onontbeerlijke?|onmisbare?|onmisbaar|nodig|noodzaak|moet(?:en)?"
    r"|dien(?:t|en)"
    r"|hoeft|hoeven|hoef|gevraagd|cruciaal|essentieel|geeist|voorwaarde"
    # English
    r"|required|requires?|requirement|must(?:-haves?| haves?)?|mandatory|essential|necessary|necessity|needed|needs?|compulsory"
    r"|obligatory|prerequisite|have to|obligat(?:ed|ion)|asked|expected|imperative|indispensable"
)
WISH: Final = (
    r"(?:un|une|een|a|an|le|the)(?: \w+){0,2} (?:plus(?:punt)?(?:-value)?|\+(?!\w)|atout|avantage|asset|advantage|troef|pre"
    r"|voordeel|bonus|surplus"
    r"|meerwaarde|extra)|(?<=[=:])plus|(?<=[=:] )plus|(?:is|est|zijn|sont|are) (?:plus|\+)(?!\w)|atouts?|pluspunt(?:en)?"
    r"|troe(?:f|ven)|plusjes?"
    r"|assets?|pluses"
    # French
    r"|souhait(?:e?e?s?|ables?|ons|ait)|apprecie?e?s?|appreciables?|bienvenu(?=e)(?:es?)|valorisee?s?|desire?e?s|privilegie?e?s?"
    r"|serait un|ideal(?:ement)?|de preference|preferablement|preferables?|si possible|optionnel(?:le)?s?|facultati(?:f|ve)s?"
    r"|eventuellement|(?:serait|seraient|sera) (?:utile|bienvenue?|interessante?)s?|constitue(?:nt)? un avantage"
    # Dutch
    r"|gewenste?|wenselijke?|mooi meegenomen|meegenomen|bij voorkeur|liefst|graag met|idealiter|ideaal gezien|indien mogelijk"
    r"|zo mogelijk|eventueel|strek(?:t|ken) tot aanbeveling|genieten? de voorkeur|geniet voorkeur|geapprecieerd|gewaardeerd"
    r"|heeft voorrang|optioneel|op prijs gesteld|(?:wel|altijd) handig|aanbevolen|in je voordeel|is (?:\w+ )?welkom"
    # English
    r"|desirable|desired|preferred|preferably|preferable|nice(?:-| )to(?:-| )haves?|good(?:-| )to(?:-| )haves?|ideally"
    r"|advantageous|beneficial"
    r"|appreciated|valued|optional|if possible|would be (?:\w+ )?(?:useful|helpful|welcome|great|nice|good|ideal)"
    r"|recommended|favou?red|it helps|nous apprecions|we (?:zouden )?waarderen|we appreciate"
)
NOT: Final = (
    r"pas|non|aucune?s?|sans|jamais|ni|hors|sauf|excepte|nul besoin|nullement|inutile|geen|niet|nooit|zonder|noch|evenmin|behalve"
    r"|uitgezonderd|not|no|never|without|nor|neither|none|except|excluding|cannot|don't|doesn't|needn't|isn't|aren't|won't"
)
ONLY: Final = (
    # "Sans permis, s'abstenir": what is denied is the alternative.
    r"s'abstenir|inutile de (?:postuler|candidater|se presenter)|(?:kan|kun|kunt) (?:je|u) niet solliciteren"
    r"|(?:solliciteren )?heeft geen zin"
    r"|gelieve niet te solliciteren|(?:do not|don't|need not|cannot) apply"
    r"|(?:kom je|komt u|komen) niet in aanmerking|(?:ne sera|ne seront) pas (?:prise?s?|retenue?s?)|will not be considered"
)
NEUTRAL: Final = (
    # Negations that deny nothing, and cues that ask nothing.
    r"(?:pas|non) (?:seulement|uniquement|que|moins|plus de)|non(?:-| )stop|niet (?:alleen|enkel|minder|meer dan|te vergeten"
    r"|later)|not (?:only|just|less)"
    r"|no (?:less|more than|later|fewer|problem|worries)|n'hesitez pas|n'hesite pas|aarzel niet|don't hesitate"
    r"|do not hesitate|sans hesiter"
    r"|sans (?:probleme|difficulte|faute|oublier|cesse|delai|tarder|doute)s?|pas (?:un |de )?(?:probleme|soucis?)|pas peur"
    r"|ne craignez pas"
    r"|ne crains pas|pas froid|geen (?:probleem|bezwaar|schrik|nood|9-to-5|nine-to-five)|zonder (?:probleem|problemen|moeite"
    r"|twijfel)"
    r"|niet bang|niet af|not (?:be )?afraid|don't mind|do not mind|vous fait pas|te fait pas|effraie pas|rebute pas"
    r"|derange pas|pas a dos"
    r"|(?:si|indien|if|when|where|as|waar|zo|wanneer|que|au) (?:\w+ )?(?:necessaire|nodig|needed|required|besoin|requis"
    r"|necessary|moeten)"
    r"|ne te manquerez pas|en cas de besoin|au besoin|faire le necessaire|non(?:-| )(?:marchand|profit|food|fumeur)|no(?:-"
    r"| )nonsense|not-for-profit"
    r"|besoins|en avant|non (?:applicable)|qu'exige|le cas echeant|client needs|needs of|des besoins|de plus|en plus"
)
_FILLERS: Final = (
    r"(?:un|une|de|d'|een|a|an|the|strict\w*|strikt\w*|absolu\w*|absoluut|absolutely|per se|forcement|necessairement|necessarily"
    r"|toujours|altijd|always|echt|really|vraiment|is|est|are|zijn|pas|meer|plus|direct|specifiek|be|te|formellement|have"
    r"|you|du tout)"
)
_MARKS: Final = spaced(
    rf"\b(?:(?P<only>{ONLY})|(?P<neutral>{NEUTRAL})|(?P<denied>exclue?s?|uitgesloten|excluded|(?:{NOT}"
    rf"|n't)(?: {_FILLERS}){{0,3}}[ '](?:{MUST}|souhaite?e?s?"
    rf"|gewenst|desired|wenselijk)"
    rf"|(?:hoeft|hoeven|hoef|dient|moet) (?:geen|niet)|(?:hoeft|hoeven|hoef) \w+ niet"
    rf"|(?:pas|non|niet|not) (?:prevue?s?|comprise?s?|incluse?s?|inbegrepen|included|voorzien|planned|applicable"
    rf"|van toepassing|d'application))"
    rf"|(?P<wish>{WISH})|(?P<must>{MUST})|(?P<not>{NOT}))(?!\w)"
)
PREFIX: Final = re.compile(
    r"ideal\w*|de preference|bij voorkeur|liefst|preferably|si possible|if possible|indien mogelijk|zo mogelijk|eventuel\w*"
    r"|idealiter"
    r"|graag met|(?:nice|good).to.*|must.*|il (?:vous )?faut|vous devez|tu dois|doi(?:t|vent)|moet(?:en)?|have to"
    r"|imperativement|obligatoirement"
)
"""Cues that stand before what they govern."""
PLURAL: Final = re.compile(
    r"\b(?:sont|seront|seraient|zijn|are|constituent|worden|doivent|moeten|both|allebei)\b|\w(?:es|is|ts|bles|ires)$"
    r"|(?:punten|troeven|assets|atouts)$"
)
SUBJECT: Final = re.compile(r"(?:^|[^\w'])(?:vous|tu|je|j'|il|elle|nous|on|wij|we|(?<!\d )u|ge|you|they|hij|zij|jij|ik|i)(?!\w)")
STOP: Final = frozenset(
    "a an the is are be it this that which so and or of for to with in at as est sont serait sera c' ce cela ca qui que et "
    "ou d' de du des l' la le les un "
    "une mais toutefois neanmoins constitue constituent considere comme represente meme aussi egalement si pour ici en het "
    "een de dat dit wat er wordt worden zijn "
    "zou zouden wel zeker echter maar ook als gezien beschouwd hier voor op strictement vraiment absolument fortement "
    "vivement tres bien strikt "
    "absoluut absolute sterk zeer erg echt wezenlijk highly strongly definitely really very strictly absolutely clear also "
    "though would will can was "
    "ne n' s t qu' nt pas y au aux cette dans cas vous ons votre notre onze jouw your our you u je wij we toujours altijd "
    "always only enkel uniquement "
    "reel vrai gros grand groot grote big real strong plus fort forte merci svp aub please sinon anders hierbij daarbij "
    "nochtans travaille travailles travaillez travaillons travaillent travailler gewerkt werkt werken work works working".split()
)
"""Words that carry nothing beside a cue."""
HEADINGS: Final = frozenset(
    "profil profiel profile exigences vereisten requirements conditions voorwaarden qualifications kwalificaties "
    "competences competenties "
    "vaardigheden skills connaissances kennis knowledge langues langue talen taal languages language talenkennis "
    "taalkennis fonction "
    "functie functieomschrijving taken taches tasks missions mission description omschrijving offre offrons aanbod bieden "
    "offer offers benefits "
    "avantages voordelen contact interesse interesses interessee postuler solliciteren apply entreprise bedrijf company "
    "about responsibilities "
    "verantwoordelijkheden functievereisten aanwervingsvoorwaarden engagement nous wij profile criteres criteria "
    "preferences points punten "
    "attentes verwachten verwachtingen recherche recherchons zoeken zoek looking candidat kandidaat candidate jobinhoud "
    "takenpakket "
    "pre-requis acquis savoir-faire qualites eigenschappen what who do how sommes zijn over qui demandons vragen krijg "
    "krijgt brengt mee bring "
    "have hebben need needs bon ideaal ideal complementaires bijkomend bijkomende extra additional supplementaires divers "
    "others autres andere".split()
)
"""Words that make a heading."""


@lru_cache(maxsize=4096)
def _letter(sign: str) -> str:
    """One sign as one sign: lower case, without accent, one kind of apostrophe, dash and space."""
    if sign in _SAME:
        return _SAME[sign]
    if sign in "\n\r\u2028\u2029\u0085\v\f":
        return "\n"
    if category(sign)[0] in "ZC":
        return " "
    bare = "".join(part for part in normalize("NFKD", sign) if not combining(part)).lower()
    return bare if len(bare) == 1 else sign


def plain(text: str) -> str:
    """Write a text in lower case without accents, sign by sign, so that every offset stays.

    >>> plain("Très\u00a0bonne « maîtrise »")
    'tres bonne « maitrise »'
    """
    return "".join(map(_letter, text))


@dataclass(frozen=True, slots=True)
class Mark:
    """A cue in a stretch of plain text."""

    start: int
    end: int
    says: Literal["must", "wish", "not"]
    leads: bool = False
    denied: bool = False
    only: bool = False


def marks(stretch: str) -> list[Mark]:
    """Find the cues of a plain stretch, in order.

    >>> [(mark.says, mark.denied) for mark in marks("frans niet vereist, engels een plus")]
    [('not', True), ('wish', False)]
    """
    found = []
    for cue in _MARKS.finditer(stretch):
        kind = cue.lastgroup
        if kind == "denied":
            found.append(Mark(cue.start(), cue.end(), "not", denied=True))
        elif kind == "only":
            found.append(Mark(cue.start(), cue.end(), "must", only=True))
        elif kind == "not":
            found.append(Mark(cue.start(), cue.end(), "not", leads=True))
        elif kind in ("must", "wish"):
            found.append(Mark(cue.start(), cue.end(), "must" if kind == "must" else "wish", leads=bool(PREFIX.fullmatch(cue[0]))))
    return found


def is_plural(stretch: str) -> bool:
    """Whether a stretch ends in a cue about several things ("are required", "exigées")."""
    return PLURAL.search(stretch.rstrip(" .!)")) is not None


def says_who(stretch: str) -> re.Match[str] | None:
    """First subject of a plain stretch ("vous", "je", "we"): it is a sentence of its own, and no part of a list."""
    return SUBJECT.search(stretch)
