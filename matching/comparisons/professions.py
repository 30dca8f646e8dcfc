"""Comparisons of professions: what the person seeks and has done against the offer's occupation."""

from typing import Any

from matching.comparisons.comparison import FULL, NOT_ASKED, UNKNOWN, UNSTATED, Comparison, Facts, Side, compiled
from matching.taxonomy import AKIN

RELATED = AKIN
"""Least similarity at which two professions are near."""
_AKIN = FULL * 6 // 10  # the same ISCO unit group (4 digits)


@compiled
def sought(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Best similarity between a profession sought and the offer's occupation.

    Below ``RELATED`` it is unknown when the person also seeks something that could not be linked.
    """
    occupation = o.rows[j].occupation
    if occupation < 0:
        return UNSTATED
    if p.rows[i].sought_start == p.rows[i].sought_end:
        return UNKNOWN
    best = 0
    for k in range(p.rows[i].sought_start, p.rows[i].sought_end):
        best = max(best, w.similarity[p.sought[k], occupation])
    if p.rows[i].sought_open and best < RELATED:
        return UNKNOWN
    return best


@compiled
def done(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Best similarity between a profession done and the offer's, times months against months asked.

    Unstated months asked count as none asked. An offer that asks no experience is not answered worse by a person whose
    experience lies elsewhere: that is NOT_ASKED. Below ``RELATED`` it is unknown when a profession with unknown months, or one
    that could not be linked, may be worth more; from there on, what is known stands.
    """
    occupation = o.rows[j].occupation
    n_done = p.rows[i].done_end - p.rows[i].done_start
    if occupation < 0:
        return NOT_ASKED if o.rows[j].experience == 0 else UNSTATED
    if n_done == 0 and not p.rows[i].done_known:
        return NOT_ASKED if o.rows[j].experience == 0 else UNKNOWN
    best = 0
    unsure = 0
    for k in range(p.rows[i].done_start, p.rows[i].done_end):
        similar = int(w.similarity[p.done[k, 0], occupation])
        months = p.done[k, 1]
        if o.rows[j].experience <= 0 or months >= o.rows[j].experience:
            best = max(best, similar)
        elif months >= 0:
            best = max(best, similar * months // o.rows[j].experience)
        else:
            unsure = max(unsure, similar)
    if o.rows[j].experience == 0 and best < _AKIN:
        return NOT_ASKED
    if best < RELATED and (unsure > best or not p.rows[i].done_known):
        return UNKNOWN
    return best


def _occupation(facts: Facts) -> str | None:
    said = facts.offer.occupation
    return None if said is None else facts.name(said.concept, said.text)


def _sought(facts: Facts) -> str | None:
    return facts.names(facts.profile.professions_sought) if facts.profile.professions_sought else None


def _experience(facts: Facts) -> str | None:
    occupation, months = _occupation(facts), facts.offer.experience_months
    if occupation is None:
        return None if months != 0 else ""
    if months == 0:
        return facts.pick(
            f"{occupation}, sans expérience exigée",
            f"{occupation}, zonder vereiste ervaring",
            f"{occupation}, no experience required",
        )
    if months is None:
        return facts.pick(
            f"{occupation}, expérience non précisée",
            f"{occupation}, ervaring niet vermeld",
            f"{occupation}, experience not stated",
        )
    return f"{occupation}, {_months(facts, months)}"


def _months(facts: Facts, months: int | None) -> str:
    if months is None:
        return facts.pick("durée inconnue", "duur onbekend", "duration unknown")
    one = months == 1
    return facts.pick(
        f"{months} mois", f"{months} {'maand' if one else 'maanden'}", f"{months} {'month' if one else 'months'}"
    )


def _done(facts: Facts) -> str | None:
    past = facts.profile.professions_done
    if past is None:
        return None
    if not past:
        return facts.pick("aucune expérience", "geen ervaring", "no experience")
    said = [f"{facts.name(d.concept, d.text)} ({_months(facts, d.months)})" for d in past[:4]]
    return ", ".join([*said, *([facts.more(len(past) - 4)] if len(past) > 4 else [])])


SOUGHT = Comparison(
    name="profession_sought",
    side=Side.PERSON,
    asks=("occupation",),
    tells=("sought", "sought_open"),
    reads=("professions_sought",),
    known=lambda p: p.rows["sought_end"] > p.rows["sought_start"],
    compiled=sought,
    title=("Métier recherché", "Gezocht beroep", "Profession sought"),
    offer_fact=_occupation,
    person_fact=_sought,
)
DONE = Comparison(
    name="profession_done",
    side=Side.EMPLOYER,
    asks=("occupation", "experience"),
    tells=("done", "done_known"),
    reads=("professions_done",),
    known=lambda p: (p.rows["done_end"] > p.rows["done_start"]) | (p.rows["done_known"] == 1),
    compiled=done,
    title=("Expérience", "Ervaring", "Experience"),
    offer_fact=_experience,
    person_fact=_done,
)
