"""What would open more, said in French, Dutch and English; every number in a sentence is one that was computed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from matching.codes import (
    CERTIFICATE_WORDS,
    CONTRACT_WORDS,
    DAY_WORDS,
    DRIVING_LICENCE_WORDS,
    LANGUAGE_WORDS,
    LANGUAGES_OF_SERVICE,
    LEVEL_WORDS,
    LIMIT_WORDS,
    MODE_WORDS,
    SHIFT_WORDS,
    Words,
    join,
    word,
)
from matching.explanation import BANDS, FIELDS, Speaker
from matching.explanation import NOTHING as UNHEARD
from matching.guidance import say_date
from matching.matcher import Price
from matching.pathways.asking import Ask
from matching.pathways.changing import Change, Lift, What
from matching.pathways.pricing import Gap, Relaxation
from matching.pathways.unlocking import Unlock
from matching.records import Mention, camel

QUESTIONS: Final[Words] = {
    "languages": ("Quel est le niveau en {} ?", "Wat is het niveau van {}?", "What is the level of {}?"),
    "professions_sought": (
        "Quel métier la personne cherche-t-elle ?",
        "Welk beroep zoekt de persoon?",
        "Which profession is sought?",
    ),
    "professions_done": (
        "Quels métiers la personne a-t-elle exercés, et combien de mois ?",
        "Welke beroepen heeft de persoon uitgeoefend, en hoeveel maanden?",
        "Which professions has the person practised, and for how many months?",
    ),
    "competences": ("Que sait faire la personne ?", "Wat kan de persoon?", "What can the person do?"),
    "max_minutes": (
        "Combien de minutes de trajet au maximum, de porte à porte ?",
        "Hoeveel minuten reistijd ten hoogste, van deur tot deur?",
        "How many minutes of travel at most, door to door?",
    ),
    "postcode": (
        "Quel est le code postal du domicile ?",
        "Wat is de postcode van de woonplaats?",
        "What is the postcode of the home?",
    ),
    "modes": ("Comment la personne se déplace-t-elle ?", "Hoe verplaatst de persoon zich?", "How does the person travel?"),
    "impossible_shifts": (
        "Quels horaires sont impossibles ?",
        "Welke uurroosters zijn onmogelijk?",
        "Which shifts are impossible?",
    ),
    "impossible_days": ("Quels jours sont impossibles ?", "Welke dagen zijn onmogelijk?", "Which days are impossible?"),
    "contracts": (
        "Quels contrats la personne souhaite-t-elle ?",
        "Welke contracten wil de persoon?",
        "Which contracts are wanted?",
    ),
    "education": ("Quel est le niveau d'études ?", "Wat is het opleidingsniveau?", "What is the level of education?"),
    "driving_licences": ("Quels permis de conduire ?", "Welke rijbewijzen?", "Which driving licences?"),
    "certificates": ("Quels brevets et attestations ?", "Welke attesten?", "Which certificates?"),
    "own_car": ("La personne a-t-elle une voiture ?", "Heeft de persoon een wagen?", "Does the person have a car?"),
    "start_from": ("À partir de quand ?", "Vanaf wanneer?", "Available from when?"),
    "hours": (
        "Combien d'heures par semaine, de … à … ?",
        "Hoeveel uren per week, van … tot …?",
        "How many hours a week, from … to …?",
    ),
}
ASKED: Final = (
    "La réponse changerait en moyenne {mean} et au plus {largest} des {top} meilleures offres d'emploi. "
    "Valeurs essayées : {values}.",
    "Het antwoord zou gemiddeld {mean} en ten hoogste {largest} van de {top} beste vacatures veranderen. "
    "Geprobeerde waarden: {values}.",
    "The answer would change {mean} on average and {largest} at most of the {top} best vacancies. Values tried: {values}.",
)
CHANGES: Final[Words] = {
    What.MINUTES: (
        "{after} minutes de trajet au lieu de {before}",
        "{after} minuten reistijd in plaats van {before}",
        "{after} minutes of travel instead of {before}",
    ),
    What.LIMIT: ("une solution pour « {name} »", "een oplossing voor « {name} »", 'a solution for "{name}"'),
    What.COMPETENCE: ("la compétence « {name} »", "de competentie « {name} »", 'the competence "{name}"'),
    What.CERTIFICATE: ("{name}",) * 3,
    What.LICENCE: ("le {name}", "{name}", "{name}"),
    What.EXPERIENCE: (
        "{after} mois d'expérience comme {name} au lieu de {before}",
        "{after} maanden ervaring als {name} in plaats van {before}",
        "{after} months of experience as {name} instead of {before}",
    ),
    What.LANGUAGE: (
        "le niveau {after} en {name} (aujourd'hui : {before})",
        "{name} {after} (nu: {before})",
        "{name} {after} (now: {before})",
    ),
}
LIFTED: Final = (
    "Avec {changes} : « {title} », {place} ; {bands} (score : {before} → {score}).",
    "Met {changes}: « {title} », {place}; {bands} (score: {before} → {score}).",
    'With {changes}: "{title}", {place}; {bands} (score: {before} → {score}).',
)
BETTER: Final = ("{band} au lieu de {before}", "{band} in plaats van {before}", "{band} instead of {before}")
"""Said of a band that is another; of the same one only its name."""
OPENED: Final = (
    "Avec {changes} : « {title} » n'est plus écartée, {place} ; {band} (score : {score}).",
    "Met {changes}: « {title} » is niet meer uitgesloten, {place}; {band} (score: {score}).",
    'With {changes}: "{title}" is no longer removed, {place}; {band} (score: {score}).',
)
"""Said where a rule removed the vacancy until then."""
PLACES: Final[Words] = {
    "in": ("place {rank} de la liste", "plaats {rank} van de lijst", "place {rank} of the list"),
    "out": ("hors des {top} premières", "buiten de eerste {top}", "outside the first {top}"),
}
UNLOCKED: Final = (
    "Ensuite, nouvelles parmi les {top} meilleures offres d'emploi : {entering}{opened} ; gain de la liste : {gain}.",
    "Daarna nieuw bij de {top} beste vacatures: {entering}{opened}; winst van de lijst: {gain}.",
    "Then new among the {top} best vacancies: {entering}{opened}; gain of the list: {gain}.",
)
COSTS: Final = (
    "Dont bonnes : {good}. Sans cette limite, nouvelles parmi les {top} meilleures : {entering} ; gain : {gain}.",
    "Waarvan goed: {good}. Zonder deze grens, nieuw bij de {top} beste: {entering}; winst: {gain}.",
    "Good among these: {good}. Without this limit, new among the {top} best: {entering}; gain: {gain}.",
)
"""Said behind `matching.explanation.Speaker.price`."""
COST_TOGETHER: Final = (
    "{limits}, ensemble : offres d'emploi qui reviennent : {opens} ; adaptées : {suitable} ; bonnes : {good}. "
    "Nouvelles parmi les {top} meilleures : {entering} ; gain : {gain}.",
    "{limits}, samen: vacatures die terugkomen: {opens}; passend: {suitable}; goed: {good}. "
    "Nieuw bij de {top} beste: {entering}; winst: {gain}.",
    "{limits}, together: vacancies that come back: {opens}; suitable: {suitable}; good: {good}. "
    "New among the {top} best: {entering}; gain: {gain}.",
)
RELAX: Final[Words] = {
    "best": (
        "Assouplir « {limits} » améliorerait le plus la liste (gain : {gain}).",
        "« {limits} » versoepelen zou de lijst het meest verbeteren (winst: {gain}).",
        'Relaxing "{limits}" would improve the list most (gain: {gain}).',
    ),
    "pair": (
        "Assouplir ensemble « {limits} » ferait nettement mieux (gain : {gain} au lieu de {single}).",
        "« {limits} » samen versoepelen zou duidelijk meer opbrengen (winst: {gain} in plaats van {single}).",
        'Relaxing "{limits}" together would do clearly more (gain: {gain} instead of {single}).',
    ),
    "none": (
        "Assouplir une seule limite n'améliorerait pas la liste.",
        "Eén enkele grens versoepelen zou de lijst niet verbeteren.",
        "Relaxing a single limit would not improve the list.",
    ),
}
LANGUAGE_PRICE: Final = (
    "{language} : {after} (maintenant : {before}) fait partie de ce qui améliorerait le plus la liste "
    "(nouvelles parmi les {top} meilleures : {entering} ; gain : {gain}).",
    "{language}: {after} (nu: {before}) hoort bij wat de lijst het meest zou verbeteren "
    "(nieuw bij de {top} beste: {entering}; winst: {gain}).",
    "{language}: {after} (now: {before}) is among what would improve the list most "
    "(new among the {top} best: {entering}; gain: {gain}).",
)
COURSES: Final[Words] = {
    "some": ("Cours possibles : {}", "Mogelijke cursussen: {}", "Possible courses: {}"),
    "none": (
        "Aucun cours n'est ouvert à la personne.",
        "Geen cursus staat open voor de persoon.",
        "No course is open to the person.",
    ),
}
NO_LONGER_REMOVED: Final = (
    " ; qu'aucune règle n'écarte plus : {}",
    "; niet meer door een regel uitgesloten: {}",
    "; no longer removed by a rule: {}",
)
"""Said when there are any."""
ASSUMED: Final = (
    "Pas connu, compté comme « rien » : {}. À demander d'abord.",
    "Niet bekend, geteld als « niets »: {}. Eerst te vragen.",
    'Not known, counted as "none": {}. To be asked first.',
)
NOTHING: Final[Words] = {
    "asks": (
        "Aucune réponse ne changerait la liste.",
        "Geen enkel antwoord zou de lijst veranderen.",
        "No answer would change the list.",
    ),
    "lifts": (
        "Aucun petit changement ne fait monter une offre d'emploi.",
        "Geen enkele kleine verandering brengt een vacature hoger.",
        "No small change lifts a vacancy.",
    ),
    "prices": (
        "Aucune limite de la personne n'écarte d'offre d'emploi.",
        "Geen enkele grens van de persoon sluit een vacature uit.",
        "No limit of the person removes a vacancy.",
    ),
    "unlocks": (
        "Aucune offre de partenaire n'ouvre davantage ({n} sans effet).",
        "Geen aanbod van partners opent meer ({n} zonder effect).",
        "No offer of a partner opens more ({n} without effect).",
    ),
}
HEADINGS: Final[Words] = {
    "asks": ("À demander ensuite", "Hierna te vragen", "To ask next"),
    "lifts": ("Ce qui changerait quelque chose", "Wat iets zou veranderen", "What would change it"),
    "prices": ("Ce que coûtent les limites", "Wat de grenzen kosten", "What the limits cost"),
    "unlocks": ("Ce qu'ouvrent les offres de partenaires", "Wat aanbod van partners opent", "What offers of partners open"),
}
ENTRY: Final[Words] = {
    "failed": ("Pas possible tel quel : {}", "Zo niet mogelijk: {}", "Not possible as it is: {}"),
    "to_check": ("À vérifier : {}", "Na te gaan: {}", "To check: {}"),
    "noted": (
        "Une compétence est peut-être déjà là, sans être notée : à demander d'abord.",
        "Een competentie is er misschien al, maar niet genoteerd: eerst te vragen.",
        "A competence may be there already, only not noted: to be asked first.",
    ),
    "best": ("Mieux placées ensuite : {}", "Dan beter geplaatst: {}", "Better placed then: {}"),
    "more": ("… et {} de plus", "… en nog {}", "… and {} more"),
    "gain": (
        "Gain : ce que la liste des {} meilleures offres d'emploi contiendrait de plus ; chacune y compte de 0 à 1, davantage si "
        "elle convient mieux.",
        "Winst: hoeveel de lijst van de {} beste vacatures meer zou bevatten; elk telt er van 0 tot 1, meer als ze beter past.",
        "Gain: how much more the list of the {} best vacancies would hold; each counts from 0 to 1, more if it suits better.",
    ),
}
NONE: Final = ("aucun", "geen", "none")
YES_NO: Final = (("oui", "non"), ("ja", "nee"), ("yes", "no"))
_VALUES: Final[Mapping[str, Words]] = {
    "languages": LEVEL_WORDS,
    "modes": MODE_WORDS,
    "impossible_shifts": SHIFT_WORDS,
    "impossible_days": DAY_WORDS,
    "contracts": CONTRACT_WORDS,
    "driving_licences": DRIVING_LICENCE_WORDS,
    "certificates": CERTIFICATE_WORDS,
}
_NAMES: Final[Mapping[str, Words]] = {
    What.LIMIT: LIMIT_WORDS,
    What.CERTIFICATE: CERTIFICATE_WORDS,
    What.LICENCE: DRIVING_LICENCE_WORDS,
    What.LANGUAGE: LANGUAGE_WORDS,
}


def number(value: float, lang: str, places: int = 2) -> str:
    """Write a number with the decimal sign of the language and a true minus.

    >>> number(-1.5, "nl"), number(0.25, "en", 1)
    ('−1,50', '0.2')
    """
    text = f"{abs(value):.{places}f}"
    shown = text if lang == "en" else text.replace(".", ",")
    return f"−{shown}" if value < 0 and float(text) else shown


def question(say: Speaker, ask: Ask) -> str:
    """Say what to ask."""
    return say.pick(QUESTIONS[ask.field]).format(word(LANGUAGE_WORDS, ask.code, say.lang))


def asked(say: Speaker, ask: Ask, top: int) -> str:
    """Say what an answer would change, and what was tried."""
    values = " / ".join(_value(say, ask.field, value) for value in ask.values)
    return say.pick(ASKED).format(mean=number(ask.mean, say.lang, 1), largest=ask.largest, top=top, values=values)


def changed(say: Speaker, change: Change) -> str:
    """Say one change."""
    named = _NAMES.get(change.what)
    name = word(named, change.code, say.lang) if named else say.taxonomy.label(change.code, say.lang) if change.code else ""
    before, after = (word(LEVEL_WORDS, str(value), say.lang) for value in (change.before, change.after))
    return say.pick(CHANGES[change.what]).format(name=name, before=before, after=after)


def lifted(say: Speaker, lift: Lift, title: str, top: int) -> str:
    """Say what some changes do for a vacancy."""
    place = PLACES["out" if lift.rank is None else "in"]
    band, before = say.pick(BANDS[lift.band]), say.pick(BANDS[lift.band_before])
    return say.pick(OPENED if lift.opened else LIFTED).format(
        changes=join([changed(say, change) for change in lift.changes], say.lang),
        title=title,
        before=number(lift.score_before, say.lang),
        score=number(lift.score, say.lang),
        bands=band if band == before else say.pick(BETTER).format(band=band, before=before),
        band=band,
        place=say.pick(place).format(rank=lift.rank, top=top),
    )


def unlocked(say: Speaker, one: Unlock, top: int) -> str:
    """Say what an offer of a partner opens, and what was assumed."""
    opened = say.pick(NO_LONGER_REMOVED).format(one.opens) if one.opens else ""
    said = say.pick(UNLOCKED).format(top=top, entering=one.entering, opened=opened, gain=number(one.gain, say.lang))
    return " ".join(filter(None, [said, assumed(say, one.assumed)]))


def assumed(say: Speaker, fields: Sequence[str]) -> str:
    """Say which fields are not known and were taken as none; nothing when there is none."""
    return say.pick(ASSUMED).format(join([say.pick(FIELDS[camel(name)]) for name in fields], say.lang)) if fields else ""


def limits(say: Speaker, one: Relaxation) -> str:
    """Name the limits that are set aside."""
    return join([word(LIMIT_WORDS, limit, say.lang) for limit in one.limits], say.lang)


def priced(say: Speaker, price: Price, one: Relaxation, top: int) -> str:
    """Say what one limit costs."""
    more = say.pick(COSTS).format(good=one.good, entering=one.entering, gain=number(one.gain, say.lang), top=top)
    return f"{say.price(price)} {more}"


def priced_together(say: Speaker, one: Relaxation, top: int) -> str:
    """Say what two limits cost together."""
    return say.pick(COST_TOGETHER).format(
        limits=limits(say, one).capitalize(), opens=one.opens, suitable=one.suitable, good=one.good, top=top,
        entering=one.entering, gain=number(one.gain, say.lang),
    )  # fmt: skip


def worth_relaxing(say: Speaker, best: Relaxation | None, pair: Relaxation | None) -> tuple[str, str]:
    """Say which limit is worth moving, or that none is; and which two are worth clearly more, or nothing."""
    single, gain = "best" if best else "none", number(best.gain if best else 0.0, say.lang)
    first = say.pick(RELAX[single]).format(limits=limits(say, best) if best else "", gain=gain)
    if pair is None:
        return first, ""
    return first, say.pick(RELAX["pair"]).format(limits=limits(say, pair), gain=number(pair.gain, say.lang), single=gain)


def language_price(say: Speaker, gap: Gap, top: int) -> str:
    """Say why courses of a language are shown, and what was assumed."""
    language = word(LANGUAGE_WORDS, gap.language, say.lang)
    before = say.pick(UNHEARD[None]) if gap.assumed else word(LEVEL_WORDS, gap.before, say.lang)
    said = say.pick(LANGUAGE_PRICE).format(
        language=language.capitalize(), before=before, after=gap.after.value, top=top, entering=gap.entering,
        gain=number(gap.gain, say.lang),
    )  # fmt: skip
    none = say.pick(ASSUMED).format(language) if gap.assumed else ""
    return " ".join(filter(None, [said, none, "" if gap.courses else say.pick(COURSES["none"])]))


def nothing(say: Speaker, part: str, n: int = 0) -> str:
    """Say that a part of the answer is empty."""
    return say.pick(NOTHING[part]).format(n=n)


def _value(say: Speaker, field: str, value: Any) -> str:
    """Say one value that was tried."""
    if isinstance(value, bool):
        return YES_NO[LANGUAGES_OF_SERVICE.index(say.lang)][not value]
    if isinstance(value, date):
        return say_date(value, say.lang)
    if field == "hours":
        return f"{value[0]:g}-{value[1]:g}"
    if isinstance(value, tuple):
        return ", ".join(_part(say, field, part) for part in value) or say.pick(NONE)
    return word(_VALUES.get(field, {}), str(value), say.lang)


def _part(say: Speaker, field: str, part: Any) -> str:
    if isinstance(part, Mention):
        months = getattr(part, "months", None)
        label = say.taxonomy.label(part.concept or "", say.lang)
        return label if months is None else f"{label} ({months})"
    return word(_VALUES.get(field, {}), part, say.lang)


def texts(parts: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Write parts, each with its heading, as plain text."""
    return "\n\n".join("\n".join([heading, *(f"  • {line}" for line in lines)]) for heading, lines in parts)
