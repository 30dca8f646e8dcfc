"""Comparisons of competences: what the offer asks against what the person can do."""

from collections.abc import Sequence
from typing import Any

from matching.codes import Requirement
from matching.comparisons.comparison import FULL, NOT_ASKED, UNKNOWN, UNSTATED, Comparison, Facts, Side, compiled
from matching.records import AskedCompetence


@compiled
def _coverage(p: Any, i: int, o: Any, j: int, credit: Any, lowest: int, highest: int, unlinked: int) -> int:
    """Weighted share of credit over the asked competences of some requirements, rounded up.

    A mandatory competence weighs 3, a strong one 2, a desired one 1. Rounding up keeps any credit apart from none.
    ``unlinked``: how many of these the offer asks in words that could not be linked.
    """
    got = 0
    weight = 0
    for k in range(o.rows[j].asked_start, o.rows[j].asked_end):
        requirement = o.asked[k, 1]
        if lowest <= requirement <= highest:
            weight += requirement + 1
            got += (requirement + 1) * credit[o.asked[k, 0]]
    if weight == 0:
        return NOT_ASKED if unlinked == 0 and o.rows[j].competences_stated else UNSTATED
    if p.rows[i].held_start == p.rows[i].held_end:
        return UNKNOWN
    return (got + weight - 1) // weight


@compiled
def mandatory(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Share of the mandatory and strongly wanted competences that the person covers."""
    return _coverage(p, i, o, j, credit, 1, 2, o.rows[j].required_unlinked)


@compiled
def desired(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Share of the desired competences that the person covers."""
    return _coverage(p, i, o, j, credit, 0, 0, o.rows[j].desired_unlinked)


@compiled
def used(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Competences of the person that the offer asks for, over the most that could be: the shorter of the two lists."""
    n_held = p.rows[i].held_end - p.rows[i].held_start
    n_asked = o.rows[j].asked_end - o.rows[j].asked_start
    if n_asked == 0:
        unlinked = o.rows[j].required_unlinked + o.rows[j].desired_unlinked
        return NOT_ASKED if o.rows[j].competences_stated and unlinked == 0 else UNSTATED
    if n_held == 0:
        return UNKNOWN
    both = 0
    for k in range(o.rows[j].asked_start, o.rows[j].asked_end):
        if credit[o.asked[k, 0]] == FULL:
            both += 1
    most: int = min(n_held, n_asked)
    return FULL * both // most


def _asked(facts: Facts, desired_ones: bool) -> list[AskedCompetence] | None:
    if facts.offer.competences is None:
        return None
    return [a for a in facts.offer.competences if (a.requirement == Requirement.DESIRED) == desired_ones]


def _found(facts: Facts, asked: Sequence[AskedCompetence]) -> str | None:
    """Say which asked competences the person has, has in part, does not name, and which could not be compared.

    When none can be compared, name those of the person.
    """
    if not facts.profile.competences:
        return None
    if not any(one.concept in facts.credit for one in asked):
        return facts.names(facts.profile.competences)
    parts: dict[str, list[AskedCompetence]] = {"full": [], "part": [], "none": [], "unlinked": []}
    for one in asked:
        step = facts.credit.get(one.concept or "")
        parts["unlinked" if step is None else "full" if step == FULL else "part" if step else "none"].append(one)
    words = {
        "full": facts.pick("trouvé", "gevonden", "found"),
        "part": facts.pick("en partie", "gedeeltelijk", "partly"),
        "none": facts.pick("pas trouvé", "niet gevonden", "not found"),
        "unlinked": facts.pick("pas comparé (non relié)", "niet vergeleken (niet gekoppeld)", "not compared (not linked)"),
    }
    said = [f"{words[key]} : {facts.names(some)}" if facts.lang == "fr" else f"{words[key]}: {facts.names(some)}"
            for key, some in parts.items() if some]  # fmt: skip
    return " ; ".join(said) if facts.lang == "fr" else "; ".join(said)


def _used(facts: Facts) -> str | None:
    n = len({h.concept or h.text for h in facts.profile.competences or ()})
    if n == 0:
        return None
    if not facts.credit:
        return facts.names(facts.profile.competences or ())
    both = sum(step == FULL for step in facts.credit.values())
    return facts.pick(
        f"{both} de ses {n} compétences connues", f"{both} van de {n} gekende competenties", f"{both} of {n} known competences"
    )


def _wants(facts: Facts, desired_ones: bool) -> str | None:
    asked = _asked(facts, desired_ones)
    return None if asked is None else facts.names(asked)


MANDATORY = Comparison(
    name="competences_mandatory",
    side=Side.EMPLOYER,
    asks=("asked", "competences_stated", "required_unlinked", "desired_unlinked"),
    tells=("held",),
    reads=("competences",),
    known=lambda p: p.rows["held_end"] > p.rows["held_start"],
    compiled=mandatory,
    title=("Compétences exigées", "Vereiste competenties", "Competences required"),
    offer_fact=lambda facts: _wants(facts, desired_ones=False),
    person_fact=lambda facts: _found(facts, _asked(facts, desired_ones=False) or ()),
    person_varies=True,
    open_list=True,
)
DESIRED = Comparison(
    name="competences_desired",
    side=Side.EMPLOYER,
    asks=("asked", "competences_stated", "required_unlinked", "desired_unlinked"),
    tells=("held",),
    reads=("competences",),
    known=lambda p: p.rows["held_end"] > p.rows["held_start"],
    compiled=desired,
    title=("Compétences souhaitées", "Gewenste competenties", "Competences desired"),
    offer_fact=lambda facts: _wants(facts, desired_ones=True),
    person_fact=lambda facts: _found(facts, _asked(facts, desired_ones=True) or ()),
    person_varies=True,
    open_list=True,
)
USED = Comparison(
    name="competences_used",
    side=Side.PERSON,
    asks=("asked", "competences_stated", "required_unlinked", "desired_unlinked"),
    tells=("held",),
    reads=("competences",),
    known=lambda p: p.rows["held_end"] > p.rows["held_start"],
    compiled=used,
    title=("Compétences utilisées", "Gebruikte competenties", "Competences used"),
    offer_fact=lambda facts: None if facts.offer.competences is None else facts.names(facts.offer.competences),
    person_fact=_used,
    person_varies=True,
    open_list=True,
)
