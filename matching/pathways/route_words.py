"""How one begins an offer of a partner, routes of two of them, and what they would open for a caseload: the words."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from matching import rules
from matching.codes import LANGUAGE_WORDS, LEVEL_WORDS, Requirement, Words, join, word
from matching.explanation import Speaker
from matching.guidance import say_date
from matching.pathways.entering import Entry
from matching.pathways.routing import Route
from matching.pathways.words import NO_LONGER_REMOVED, assumed, number
from matching.records import Offer

NEEDS: Final[Words] = {
    "languages": ("demandé : {}", "gevraagd: {}", "asked: {}"),
    "profession_done": (
        "expérience demandée : {} mois dans le métier",
        "gevraagde ervaring: {} maanden in het beroep",
        "experience asked: {} months in the profession",
    ),
    "education": ("diplôme demandé : niveau CEC {}", "gevraagd diploma: EKK-niveau {}", "diploma asked: EQF level {}"),
}
"""What an offer asks of who begins, by `matching.pathways.entering.NEEDS`."""
FACTS: Final[Words] = {
    "start": ("début : {}", "begin: {}", "starts: {}"),
    "no_start": ("début inconnu", "begin onbekend", "start unknown"),
    "months": ("{} mois", "{} maanden", "{} months"),
    "no_months": ("durée inconnue", "duur onbekend", "duration unknown"),
    "minutes": ("trajet de {} minutes", "{} minuten reistijd", "{} minutes of travel"),
    "no_minutes": ("trajet inconnu", "reistijd onbekend", "travel time unknown"),
    "True": ("accessible dès maintenant", "nu toegankelijk", "may be entered now"),
    "False": ("pas accessible maintenant", "nu niet toegankelijk", "may not be entered now"),
    "None": ("accès à vérifier", "toegang na te gaan", "entry to check"),
}
OTHERS: Final[Words] = {
    "1": ("1 autre offre apporte la même chose.", "1 ander aanbod geeft hetzelfde.", "1 other offer grants the same."),
    "n": (
        "{} autres offres apportent la même chose.",
        "{} andere aanbiedingen geven hetzelfde.",
        "{} other offers grant the same.",
    ),
}
HEADINGS: Final[Words] = {
    "routes": ("Parcours en deux étapes", "Trajecten in twee stappen", "Routes of two steps"),
    "caseload": (
        "Ce qu'ouvriraient les offres de partenaires",
        "Wat aanbod van partners zou openen",
        "What offers of partners would open",
    ),
}
NO_ROUTE: Final = (
    "Aucun parcours en deux étapes n'apporte nettement plus qu'une seule.",
    "Geen traject in twee stappen levert duidelijk meer op dan één stap.",
    "No route of two steps gains clearly more than one step.",
)
ROUTED: Final = (
    "« {first} », puis « {second} » ({months} en tout) : nouvelles parmi les {top} meilleures offres d'emploi : "
    "{entering}{opened} ; gain de la liste : {gain}, contre {alone} pour une seule étape possible maintenant.",
    "« {first} », dan « {second} » ({months} samen): nieuw bij de {top} beste vacatures: {entering}{opened}; "
    "winst van de lijst: {gain}, tegen {alone} voor één stap die nu kan.",
    '"{first}", then "{second}" ({months} together): new among the {top} best vacancies: {entering}{opened}; '
    "gain of the list: {gain}, against {alone} for one step that is possible now.",
)
OPENS_ENTRY: Final = (
    "La première étape rend la seconde possible.",
    "De eerste stap maakt de tweede mogelijk.",
    "The first step makes the second possible.",
)
NO_ORDER: Final = (
    "Dates incomplètes : vérifier que la seconde commence après la première.",
    "Data onvolledig: nagaan of de tweede na de eerste begint.",
    "Dates incomplete: check that the second starts after the first.",
)
CASELOAD: Final = (
    "{scored} personnes sur {people} peuvent avoir une liste. Réparties au mieux selon les places, chacune avec une offre au "
    "plus, {assigned} obtiennent une place : gain total {gain}.",
    "{scored} van {people} personen kunnen een lijst hebben. Zo goed mogelijk verdeeld over de plaatsen, elk met hoogstens één "
    "aanbod, krijgen er {assigned} een plaats: totale winst {gain}.",
    "{scored} of {people} people may have a list. Shared out over the places as well as possible, each in one offer at most, "
    "{assigned} get a place: total gain {gain}.",
)
HELPS: Final = (
    "{title} ({id}) : aide {helped} personnes (dont {to_check} à vérifier d'abord), gain {gain} ; {places} ; "
    "placées : {placed}, gain {placed_gain}",
    "{title} ({id}): helpt {helped} personen (van wie {to_check} eerst na te gaan), winst {gain}; {places}; "
    "geplaatst: {placed}, winst {placed_gain}",
    "{title} ({id}): helps {helped} people ({to_check} of them to check first), gain {gain}; {places}; "
    "placed: {placed}, gain {placed_gain}",
)
PLACES: Final[Words] = {
    "known": ("places : {}", "plaatsen: {}", "places: {}"),
    "unknown": (
        "places non connues, comptées pour une",
        "plaatsen niet bekend, geteld als één",
        "places not known, counted as one",
    ),
}
PLACES_UNKNOWN: Final = (
    "Offres dont les places ne sont pas connues, comptées pour une place : {}.",
    "Aanbod waarvan de plaatsen niet bekend zijn, geteld als één plaats: {}.",
    "Offers whose places are not known, counted as one place: {}.",
)
NO_HELP: Final = (
    "Aucune offre de partenaire n'ouvre davantage à quelqu'un ({n} sans effet).",
    "Geen aanbod van partners opent meer voor iemand ({n} zonder effect).",
    "No offer of a partner opens more for anybody ({n} without effect).",
)


def entry(say: Speaker, one: Entry, offer: Offer) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Say what stands between a person and an offer, and what is to check: names of rules or `NEEDS`, each with its sentence."""
    by_name = {rule.name: rule for rule in rules.RULES}
    failed = [(name, by_name[name].say(say.lang)) for name in one.failed]
    to_check = [(name, by_name[name].say(say.lang, unchecked=True)) for name in one.to_check]
    failed += [(name, _need(say, name, offer)) for name in one.lacks]
    to_check += [(name, _need(say, name, offer)) for name in one.unsure]
    return failed, to_check


def _need(say: Speaker, name: str, offer: Offer) -> str:
    asked: object = offer.education if name == "education" else offer.experience_months
    if name == "languages":
        wanted = [
            f"{word(LANGUAGE_WORDS, one.code, say.lang)} {word(LEVEL_WORDS, one.level, say.lang) if one.level else ''}".strip()
            for one in offer.languages or ()
            if one.requirement != Requirement.DESIRED
        ]
        asked = join(wanted, say.lang)
    return say.pick(NEEDS[name]).format(asked)


def facts(
    lang: str, start: date | None, months: float | None, minutes: int | None, may_enter: object = Ellipsis
) -> str:
    """Say when an offer starts, how long it takes, how far it is and, when given, whether it may be entered; unknown is said."""
    told = [
        word(FACTS, "no_start", lang) if start is None else word(FACTS, "start", lang).format(say_date(start, lang)),
        duration(lang, months),
        word(FACTS, "no_minutes", lang) if minutes is None else word(FACTS, "minutes", lang).format(minutes),
    ]
    told += [] if may_enter is Ellipsis else [word(FACTS, str(may_enter), lang)]
    return " · ".join(told)


def duration(lang: str, months: float | None) -> str:
    """Say a duration."""
    if months is None:
        return word(FACTS, "no_months", lang)
    return word(FACTS, "months", lang).format(number(months, lang, 0 if months == int(months) else 1))


def others(lang: str, n: int) -> str:
    """Say how many other offers grant the same; nothing when there is none."""
    return "" if n == 0 else word(OTHERS, "1" if n == 1 else "n", lang).format(n)


def routed(say: Speaker, route: Route, offers: Sequence[Offer], top: int) -> str:
    """Say what a route opens, what was assumed, and what its dates do not say."""
    told = [
        say.pick(ROUTED).format(
            first=offers[0].title,
            second=offers[1].title,
            months=duration(say.lang, route.months),
            top=top,
            entering=route.entering,
            opened=say.pick(NO_LONGER_REMOVED).format(route.opens) if route.opens else "",
            gain=number(route.gain, say.lang),
            alone=number(route.alone, say.lang),
        )
    ]
    told += [say.pick(OPENS_ENTRY)] if route.opens_entry else []
    told += [say.pick(NO_ORDER)] if route.in_order is None else []
    return " ".join(filter(None, [*told, assumed(say, route.assumed)]))
