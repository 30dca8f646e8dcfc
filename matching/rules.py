"""Hard rules: what may never be shown, and why.

A rule whose data is missing does not fire: it says that it could not be checked, and the offer is shown with "to check".
Rules on a limit that the person may choose to move are negotiable: they have a price and near misses. All others (the
person's exclusions, the law, the basis for data use, LINK's dates, closed offers) have neither.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from matching.codes import LANGUAGES_OF_SERVICE, Limit
from matching.comparisons.availability import journey
from matching.comparisons.comparison import compiled
from matching.vectors import PAID

PASSES, FAILS, UNCHECKED = 0, 1, 2
_VACANCY = 0  # position among the kinds
_MINUTES, _HOURS, _SHIFTS, _DAYS, _CONTRACT, _START = (1 << bit for bit in range(len(Limit)))


@dataclass(frozen=True, slots=True)
class Rule:
    """One hard condition; ``compiled(profiles, i, offers, j, world)`` gives PASSES, FAILS or UNCHECKED.

    ``asks`` are the fields of a row of `Offers` that it reads, and no others.
    """

    name: str
    compiled: Callable[..., Any]
    asks: tuple[str, ...]
    why: tuple[str, str, str]
    """What is said of an offer that it removes."""
    check: tuple[str, str, str]
    """What to check when the data is missing."""
    limit: Limit | None = None

    def say(self, lang: str, *, unchecked: bool = False) -> str:
        """Say why the rule removes an offer, or what to check."""
        return (self.check if unchecked else self.why)[LANGUAGES_OF_SERVICE.index(lang)]


@compiled
def closed(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when the offer was closed or its validity has passed."""
    if 0 <= o.rows[j].closed_on <= w.today or 0 <= o.rows[j].valid_through < w.today:
        return FAILS
    return PASSES


@compiled
def full(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when every position is filled."""
    return FAILS if o.rows[j].left == 0 else PASSES


@compiled
def basis(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when there is no basis for using the person's data."""
    return PASSES if p.rows[i].basis else FAILS


@compiled
def guidance(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail outside LINK's dates."""
    if p.rows[i].gate < 0:
        return UNCHECKED
    return PASSES if p.rows[i].gate else FAILS


@compiled
def employer(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when the person excluded this employer."""
    first, last = p.rows[i].excluded_employer_start, p.rows[i].excluded_employer_end
    for k in range(first, last):
        if o.rows[j].employer == p.excluded_employer[k]:
            return FAILS
    return UNCHECKED if first < last and o.rows[j].employer < 0 else PASSES


@compiled
def profession(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when the person excluded this profession."""
    first, last = p.rows[i].excluded_occupation_start, p.rows[i].excluded_occupation_end
    for k in range(first, last):
        if o.rows[j].occupation == p.excluded_occupation[k]:
            return FAILS
    return UNCHECKED if p.rows[i].excluded_open or (first < last and o.rows[j].occupation < 0) else PASSES


@compiled
def sector(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when the person excluded this sector; a sector that is only partly excluded is to be checked."""
    unsure = False
    first, last = p.rows[i].excluded_sector_start, p.rows[i].excluded_sector_end
    for k in range(first, last):
        low, high = p.excluded_sector[k, 0], p.excluded_sector[k, 1]
        if low <= o.rows[j].sector and o.rows[j].sector_end <= high and o.rows[j].sector >= 0:
            return FAILS
        if o.rows[j].sector < 0 or (o.rows[j].sector <= high and low <= o.rows[j].sector_end):
            unsure = True
    return UNCHECKED if unsure else PASSES


@compiled
def licence(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when the law requires a licence or certificate that the person is known not to have."""
    missing = o.rows[j].legal & ~p.rows[i].licences
    if missing == 0:
        return PASSES
    return FAILS if missing & p.rows[i].licences_known else UNCHECKED


@compiled
def audience(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when a partner offer is for other target groups; a vacancy is for everyone."""
    if o.rows[j].audience == 0 or o.rows[j].kind == _VACANCY:
        return PASSES
    if p.rows[i].group == 0:
        return UNCHECKED
    return PASSES if o.rows[j].audience & p.rows[i].group else FAILS


@compiled
def minutes(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail beyond a maximum marked as hard, when the minutes are known; a model or an upper bound leaves it to check."""
    if not p.rows[i].hard & _MINUTES or p.rows[i].max_minutes < 0:
        return PASSES
    shortest, _, imported = journey(p, i, o, j, w)
    if shortest < 0:
        return UNCHECKED
    if shortest <= p.rows[i].max_minutes:
        return PASSES
    return FAILS if imported else UNCHECKED


@compiled
def hours(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when hours are marked as hard and the two ranges do not overlap; too few hours count for paid work only."""
    low, high = p.rows[i].hours_min, p.rows[i].hours_max
    if not p.rows[i].hard & _HOURS or (low != low and high != high):
        return PASSES
    if o.rows[j].hours_min != o.rows[j].hours_min:
        return UNCHECKED
    paid = PAID >> o.rows[j].kind & 1
    return FAILS if o.rows[j].hours_min > high or (paid and o.rows[j].hours_max < low) else PASSES


@compiled
def shifts(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when the offer has a shift that is impossible for the person and not marked solvable."""
    if p.rows[i].impossible_shifts == 0 or p.rows[i].solvable & _SHIFTS:
        return PASSES
    if o.rows[j].shifts == 0:
        return UNCHECKED
    return FAILS if o.rows[j].shifts & p.rows[i].impossible_shifts else PASSES


@compiled
def days(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when the offer has a day that is impossible for the person and not marked solvable."""
    if p.rows[i].impossible_days == 0 or p.rows[i].solvable & _DAYS:
        return PASSES
    if o.rows[j].days == 0:
        return UNCHECKED
    return FAILS if o.rows[j].days & p.rows[i].impossible_days else PASSES


@compiled
def contract(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when contracts are marked as hard and that of paid work is not one of them."""
    if not p.rows[i].hard & _CONTRACT or p.rows[i].contracts == 0 or not PAID >> o.rows[j].kind & 1:
        return PASSES
    if o.rows[j].contract == 0:
        return UNCHECKED
    return PASSES if o.rows[j].contract & p.rows[i].contracts else FAILS


@compiled
def start(p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Fail when the start is marked as hard and the offer starts before the person can."""
    if not p.rows[i].hard & _START or p.rows[i].start < 0:
        return PASSES
    if o.rows[j].start < 0:
        return UNCHECKED
    return FAILS if max(o.rows[j].start, w.today) < p.rows[i].start else PASSES


RULES: Final[tuple[Rule, ...]] = (
    Rule("closed", closed, ("closed_on", "valid_through"),
         ("offre clôturée ou expirée", "aanbod gesloten of verlopen", "offer closed or expired"),
         ("offre encore ouverte ?", "aanbod nog open?", "offer still open?")),
    Rule("full", full, ("left",),
         ("toutes les places sont prises", "alle plaatsen zijn ingenomen", "every position is filled"),
         ("places encore libres ?", "nog plaatsen vrij?", "positions left?")),
    Rule("basis", basis, (),
         ("pas de base pour utiliser les données", "geen grondslag om de gegevens te gebruiken",
          "no basis for using the data"),
         ("base d'utilisation des données", "grondslag voor het gebruik van de gegevens", "basis for using the data")),
    Rule("guidance", guidance, (),
         ("en dehors des dates de l'accompagnement LINK", "buiten de data van de LINK-begeleiding",
          "outside the dates of LINK guidance"),
         ("dates d'accompagnement inconnues", "begeleidingsdata onbekend", "guidance dates unknown")),
    Rule("employer", employer, ("employer",),
         ("employeur exclu par la personne", "werkgever uitgesloten door de persoon",
          "employer excluded by the person"),
         ("employeur non mentionné", "werkgever niet vermeld", "employer not stated")),
    Rule("profession", profession, ("occupation",),
         ("métier exclu par la personne", "beroep uitgesloten door de persoon",
          "profession excluded by the person"),
         ("métier de l'offre inconnu", "beroep van het aanbod onbekend", "profession of the offer unknown")),
    Rule("sector", sector, ("sector", "sector_end"),
         ("secteur exclu par la personne", "sector uitgesloten door de persoon",
          "sector excluded by the person"),
         ("secteur non mentionné", "sector niet vermeld", "sector not stated")),
    Rule("licence", licence, ("legal",),
         ("permis ou brevet exigé par la loi manquant", "wettelijk vereist rijbewijs of attest ontbreekt",
          "licence or certificate required by law is missing"),
         ("permis ou brevet exigé par la loi", "wettelijk vereist rijbewijs of attest",
          "licence or certificate required by law")),
    Rule("audience", audience, ("audience", "kind"),
         ("réservé à un autre public", "voorbehouden voor een andere doelgroep",
          "reserved for another group"),
         ("public de l'offre", "doelgroep van het aanbod", "group the offer is for")),
    Rule("minutes", minutes, ("place", "shifts", "remote"),
         ("trajet plus long que le maximum", "reistijd langer dan het maximum",
          "travel longer than the maximum"),
         ("durée du trajet à vérifier", "reistijd na te gaan", "travel time to check"), Limit.MINUTES),
    Rule("hours", hours, ("hours_min", "hours_max", "kind"),
         ("heures par semaine hors limites", "uren per week buiten de grenzen",
          "hours per week outside the limits"),
         ("heures par semaine non précisées", "uren per week niet vermeld", "hours per week not stated"), Limit.HOURS),
    Rule("shifts", shifts, ("shifts",),
         ("horaire impossible pour la personne", "uurrooster onmogelijk voor de persoon",
          "shift impossible for the person"),
         ("horaire non précisé", "uurrooster niet vermeld", "shifts not stated"), Limit.SHIFTS),
    Rule("days", days, ("days",),
         ("jour impossible pour la personne", "dag onmogelijk voor de persoon",
          "day impossible for the person"),
         ("jours de travail non précisés", "werkdagen niet vermeld", "working days not stated"), Limit.DAYS),
    Rule("contract", contract, ("contract", "kind"),
         ("type de contrat non souhaité", "soort contract niet gewenst", "kind of contract not wanted"),
         ("type de contrat non précisé", "soort contract niet vermeld", "kind of contract not stated"), Limit.CONTRACT),
    Rule("start", start, ("start",),
         ("commence avant que la personne soit disponible", "begint voor de persoon beschikbaar is",
          "starts before the person is available"),
         ("date de début non précisée", "startdatum niet vermeld", "start date not stated"), Limit.START),
)  # fmt: skip
N_RULES: Final = len(RULES)
NEGOTIABLE: Final = sum(1 << bit for bit, rule in enumerate(RULES) if rule.limit is not None)
"""Bits of the rules on a limit that the person may choose to move."""


@compiled
def result(r: int, p: Any, i: int, o: Any, j: int, w: Any) -> int:
    """Give the result of one rule, by its position in ``RULES``."""
    if r == 0:
        return closed(p, i, o, j, w)
    if r == 1:
        return full(p, i, o, j, w)
    if r == 2:
        return basis(p, i, o, j, w)
    if r == 3:
        return guidance(p, i, o, j, w)
    if r == 4:
        return employer(p, i, o, j, w)
    if r == 5:
        return profession(p, i, o, j, w)
    if r == 6:
        return sector(p, i, o, j, w)
    if r == 7:
        return licence(p, i, o, j, w)
    if r == 8:
        return audience(p, i, o, j, w)
    if r == 9:
        return minutes(p, i, o, j, w)
    if r == 10:
        return hours(p, i, o, j, w)
    if r == 11:
        return shifts(p, i, o, j, w)
    if r == 12:
        return days(p, i, o, j, w)
    if r == 13:
        return contract(p, i, o, j, w)
    return start(p, i, o, j, w)


@compiled
def check(p: Any, i: int, o: Any, j: int, w: Any) -> tuple[int, int]:
    """Give the bits (order of ``RULES``) of the rules that fail and of those that could not be checked."""
    failed = 0
    unchecked = 0
    for r in range(N_RULES):
        found = result(r, p, i, o, j, w)
        failed |= (found & 1) << r
        unchecked |= (found >> 1) << r
    return failed, unchecked


def named(bits: int) -> list[Rule]:
    """Give the rules of a bit mask, in order."""
    return [rule for bit, rule in enumerate(RULES) if bits >> bit & 1]


def bits_of(limits: Any) -> int:
    """Give the bit mask of the rules on some limits."""
    wanted = set(limits)
    return sum(1 << bit for bit, rule in enumerate(RULES) if rule.limit in wanted)
