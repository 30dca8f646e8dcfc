"""Matches said in words: ordered reasons that add up to the score, in French, Dutch or English."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from matching import rules
from matching.codes import LANGUAGES_OF_SERVICE, LIMIT_WORDS, Limit, Requirement, Topic, word
from matching.comparisons import COMPARISONS, FULL, NOT_ASKED, UNKNOWN, UNSTATED, Comparison, Facts, Side
from matching.geography import Geography
from matching.matcher import Price, Suggestions
from matching.pairs import Match
from matching.records import RECORD_CONFIG, Offer, Profile
from matching.taxonomy import Taxonomy
from models.match_model import MatchModel

Said = dict[str, str | None]
"""Comparison -> a fact as it was said in one language, of one person or of one offer."""

STATES: Final = {NOT_ASKED: "not_asked", UNSTATED: "unstated", UNKNOWN: "unknown"}

SENTENCES: Final = {
    (Side.EMPLOYER, "known"): (
        "{title} : l'offre demande {offer} ; la personne : {person}.",
        "{title}: het aanbod vraagt {offer}; de persoon: {person}.",
        "{title}: the offer asks {offer}; the person: {person}.",
    ),
    (Side.PERSON, "known"): (
        "{title} : l'offre : {offer} ; la personne : {person}.",
        "{title}: het aanbod: {offer}; de persoon: {person}.",
        "{title}: the offer: {offer}; the person: {person}.",
    ),
    (Side.BOTH, "known"): ("{title} : {offer}.", "{title}: {offer}.", "{title}: {offer}."),
    (None, "not_asked"): (
        "{title} : l'offre ne demande rien ; la personne : {person}.",
        "{title}: het aanbod vraagt niets; de persoon: {person}.",
        "{title}: the offer asks nothing; the person: {person}.",
    ),
    (None, "unstated"): (
        "{title} : l'offre ne le précise pas ; la personne : {person}.",
        "{title}: het aanbod vermeldt dit niet; de persoon: {person}.",
        "{title}: the offer does not say; the person: {person}.",
    ),
    (None, "unlinked"): (
        "{title} : l'offre : {offer}, pas comparable ; la personne : {person}.",
        "{title}: het aanbod: {offer}, niet vergelijkbaar; de persoon: {person}.",
        "{title}: the offer: {offer}, which could not be compared; the person: {person}.",
    ),
    (Side.BOTH, "unstated"): (
        "{title} : l'offre ne le précise pas.",
        "{title}: het aanbod vermeldt dit niet.",
        "{title}: the offer does not say.",
    ),
    (None, "unknown"): (
        "{title} : l'offre : {offer} ; la personne : {person} ; trop peu connu pour comparer.",
        "{title}: het aanbod: {offer}; de persoon: {person}; te weinig bekend om te vergelijken.",
        "{title}: the offer: {offer}; the person: {person}; too little is known to compare.",
    ),
    (None, "nothing_known"): (
        "{title} : l'offre : {offer} ; pas connu pour la personne.",
        "{title}: het aanbod: {offer}; niet bekend voor de persoon.",
        "{title}: the offer: {offer}; not known of the person.",
    ),
}
NOTHING: Final = {
    None: ("pas connu", "niet bekend", "not known"),
    "": ("rien de demandé", "niets gevraagd", "nothing asked"),
}
BANDS: Final = {
    "strong": ("correspondance forte", "sterke match", "strong match"),
    "fair": ("correspondance correcte", "redelijke match", "fair match"),
    "weak": ("correspondance faible", "zwakke match", "weak match"),
    "none": ("pas de correspondance", "geen match", "no match"),
}
STATUSES: Final = {
    "ok": ("", "", ""),
    "nothing_suitable": (
        "Aucune offre d'emploi ne convient aujourd'hui : sur {considered}, {allowed} respectent les limites de la personne "
        "et aucune ne correspond assez.",
        "Vandaag past geen enkele vacature: van de {considered} respecteren er {allowed} de grenzen van de persoon en geen "
        "enkele sluit genoeg aan.",
        "No vacancy is suitable today: of {considered}, {allowed} respect the person's limits and none fits well enough.",
    ),
    "too_little_known": (
        "Le dossier contient trop peu d'informations pour proposer des offres. À compléter : {missing}.",
        "Het dossier bevat te weinig informatie om een aanbod voor te stellen. Aan te vullen: {missing}.",
        "The file holds too little information to suggest offers. To be completed: {missing}.",
    ),
    "closed": ("{gate}",) * 3,
}
PRICES: Final = (
    "{limit} : écarte {removes} offres d'emploi, dont {alone} à elle seule ; parmi ces dernières {suitable} conviendraient.",
    "{limit}: sluit {removes} vacatures uit, waarvan {alone} als enige reden; daarvan zouden er {suitable} passen.",
    "{limit}: removes {removes} vacancies, {alone} of them alone; {suitable} of those would be suitable.",
)
RELAXATION: Final = (
    "Assouplir « {limit} » ouvrirait le plus d'offres adaptées.",
    "« {limit} » versoepelen zou het meeste passende aanbod openen.",
    'Relaxing "{limit}" would open most suitable vacancies.',
)
STATES_LITTLE: Final = (
    "L'offre précise peu de choses : elle se prononce sur {stated} % de ce qui pèse.",
    "Het aanbod vermeldt weinig: het zegt iets over {stated} % van wat meetelt.",
    "The offer states little: it speaks about {stated} % of what weighs.",
)
LITTLE: Final = 0.5
"""Share of the weight below which an offer is said to state little (assumption)."""
READ: Final = (" (lu dans le texte : « {} »)", ' (gelezen in de tekst: "{}")', ' (read in the text: "{}")')
"""Said behind a reason that rests on what was read from the text of the offer."""
MOST_QUOTED: Final = 80
_RULES: Final = {rule.name: rule for rule in rules.RULES}
RESTS_ON: Final = {
    "profession_done": (Topic.EXPERIENCE,),
    "competences_mandatory": (Topic.COMPETENCES,),
    "competences_desired": (Topic.COMPETENCES,),
    "competences_used": (Topic.COMPETENCES,),
    "languages": (Topic.LANGUAGES,),
    "education": (Topic.EDUCATION,),
    "licences": (Topic.DRIVING_LICENCES, Topic.CERTIFICATES),
    "hours": (Topic.HOURS,),
    "shifts": (Topic.SHIFTS, Topic.DAYS),
    "contract": (Topic.CONTRACT,),
}
"""Comparison -> what the offer's text may say of it."""
FIELDS: Final = {
    "professionsSought": ("métiers recherchés", "gezochte beroepen", "professions sought"),
    "professionsDone": ("expérience professionnelle", "beroepservaring", "professions done"),
    "competences": ("compétences", "competenties", "competences"),
    "languages": ("langues et niveaux", "talen en niveaus", "languages and levels"),
    "education": ("niveau d'études", "opleidingsniveau", "education"),
    "drivingLicences": ("permis de conduire", "rijbewijzen", "driving licences"),
    "certificates": ("brevets", "attesten", "certificates"),
    "ownCar": ("voiture personnelle", "eigen wagen", "own car"),
    "postcode": ("code postal", "postcode", "postcode"),
    "hoursMin": ("heures minimum", "minimumaantal uren", "minimum hours"),
    "hoursMax": ("heures maximum", "maximumaantal uren", "maximum hours"),
    "impossibleShifts": ("horaires impossibles", "onmogelijke uurroosters", "impossible shifts"),
    "impossibleDays": ("jours impossibles", "onmogelijke dagen", "impossible days"),
    "contracts": ("contrats souhaités", "gewenste contracten", "contracts wanted"),
    "startFrom": ("date de disponibilité", "beschikbaar vanaf", "available from"),
}
"""Profile fields that a consultant may be asked for, in words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: what a comparison adds (log-odds), and the two facts compared.

    ``value`` is 0-1, ``None`` when not asked, unstated or unknown. ``readInText``: what the offer asks was read from its
    text, whose words end the sentence.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    comparison: str
    side: Side
    state: str
    value: float | None
    contribution: float
    offer_fact: str | None
    person_fact: str | None
    sentence: str
    read_in_text: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """A match in words: ``start`` plus every contribution is the score; the three sides are sums of contributions."""

    start: float
    person_score: float
    employer_score: float
    both_score: float
    reasons: tuple[Reason, ...]
    to_check: tuple[str, ...]
    failed: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says matches in one language."""

    taxonomy: Taxonomy
    geography: Geography
    model: MatchModel
    lang: str
    today: date

    def pick(self, words: tuple[str, str, str]) -> str:
        """Choose the wording of this language."""
        return words[LANGUAGES_OF_SERVICE.index(self.lang)]

    def explain(
        self, match: Match, profile: Profile, offer: Offer, of_person: Said | None = None, of_offer: Said | None = None
    ) -> Explanation:
        """Order the reasons of a match by what they add or take away, largest first.

        ``of_person`` and ``of_offer`` keep what was said of this very person or offer in this language; they are filled.
        """
        about = (match.credit, match.journey, match.proposed)
        facts = Facts(profile, offer, self.taxonomy, self.geography, self.lang, self.today, *about)
        kept = ({} if of_offer is None else of_offer, {} if of_person is None else of_person)
        rows = zip(COMPARISONS, match.values, match.contributions, strict=True)
        reasons = [self._reason(comparison, step, added, facts, *kept) for comparison, step, added in rows]
        by_side = {side: sum(r.contribution for r in reasons if r.side is side) for side in Side}
        weight = [0.0 if c.from_log else w for c, w in zip(COMPARISONS, self.model.weight.tolist(), strict=True)]
        told = sum(w for w, step in zip(weight, match.values, strict=True) if step != UNSTATED) / sum(weight)
        return Explanation(
            start=self.model.intercept,
            person_score=by_side[Side.PERSON],
            employer_score=by_side[Side.EMPLOYER],
            both_score=by_side[Side.BOTH],
            reasons=tuple(sorted(reasons, key=lambda r: -abs(r.contribution))),
            to_check=tuple(_RULES[name].say(self.lang, unchecked=True) for name in match.to_check),
            failed=tuple(_RULES[name].say(self.lang) for name in match.failed),
            note=self.pick(STATES_LITTLE).format(stated=round(100 * told)) if told < LITTLE else "",
        )

    def _reason(
        self, comparison: Comparison, step: int, contribution: float, facts: Facts, of_offer: Said, of_person: Said
    ) -> Reason:
        state = STATES.get(step, "known")
        offer = _said(comparison.name, comparison.offer_fact, facts, None if comparison.offer_varies else of_offer)
        person = _said(comparison.name, comparison.person_fact, facts, None if comparison.person_varies else of_person)
        how = "unlinked" if state == "unstated" and offer else "nothing_known" if state == "unknown" and not person else state
        template = SENTENCES.get((comparison.side, how)) or SENTENCES[(None, how)]
        sentence = self.pick(template).format(
            title=self.pick(comparison.title), offer=self._fact(offer), person=self._fact(person)
        )
        words = quoted(comparison.name, facts.offer) if facts.offer.extracted and how != "unstated" else ""
        if words:
            sentence = sentence.removesuffix(".") + self.pick(READ).format(words) + "."
        return Reason(
            comparison=comparison.name,
            side=comparison.side,
            state=state,
            value=step / FULL if state == "known" else None,
            contribution=contribution,
            offer_fact=offer,
            person_fact=person,
            sentence=sentence,
            read_in_text=bool(words),
        )

    def _fact(self, fact: str | None) -> str:
        return fact or self.pick(NOTHING[fact])

    def status(self, answer: Suggestions, gate: str) -> str:
        """Say why there is no list, or nothing when there is one; ``gate`` is the sentence about LINK's dates."""
        return self.pick(STATUSES[answer.status]).format(
            considered=answer.considered, allowed=answer.allowed, missing=", ".join(self.fields(answer.missing)), gate=gate
        )

    def no_score(self, missing: Sequence[str]) -> str:
        """Say that the file holds too little for a score, and what is needed."""
        return self.pick(STATUSES["too_little_known"]).format(missing=", ".join(self.fields(missing)))

    def fields(self, names: Sequence[str]) -> list[str]:
        """Name profile fields in words."""
        return [self.pick(FIELDS[name]) if name in FIELDS else name for name in names]

    def price(self, price: Price) -> str:
        """Say what one limit costs."""
        return self.pick(PRICES).format(
            limit=word(LIMIT_WORDS, price.limit, self.lang).capitalize(),
            removes=price.removes, alone=price.alone, suitable=price.suitable,
        )  # fmt: skip

    def relaxation(self, limit: Limit | None) -> str:
        """Say which one limit is worth moving, or nothing."""
        return self.pick(RELAXATION).format(limit=word(LIMIT_WORDS, limit, self.lang)) if limit else ""

    def removed(self, removed: Mapping[str, int]) -> list[tuple[str, int, str]]:
        """Say the rules that removed offers: name, count, sentence."""
        return [(rule.name, removed[rule.name], rule.say(self.lang)) for rule in rules.RULES if rule.name in removed]


def _said(name: str, say: Callable[[Facts], str | None], facts: Facts, kept: Said | None) -> str | None:
    """Say a fact of one comparison, unless it was said before and kept."""
    if kept is None:
        return say(facts)
    if name not in kept:
        kept[name] = say(facts)
    return kept[name]


def quoted(comparison: str, offer: Offer) -> str:
    """Quote the words of an offer's text on which a comparison rests, shortened; empty when it rests on none.

    Of competences only those that the comparison is about: the desired ones, or the others.
    """
    text, about = offer.text or "", RESTS_ON.get(comparison, ())
    said = [text[mark.start : mark.end].strip() for mark in offer.extracted if mark.field in about]
    if comparison in {"competences_mandatory", "competences_desired"}:
        desired = comparison == "competences_desired"
        asked = {m.text for m in offer.competences or () if (m.requirement == Requirement.DESIRED) == desired}
        said = [words for words in said if words in asked]
    whole = " … ".join(dict.fromkeys(" ".join(words.split()) for words in said if words))
    return whole if len(whole) <= MOST_QUOTED else f"{whole[: MOST_QUOTED - 1].rstrip()}…"
