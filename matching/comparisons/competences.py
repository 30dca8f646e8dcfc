"""Comparisons of competences: what the offer asks against what the person can do."""

from collections.abc import Sequence
from typing import Any

from matching.codes import Requirement
from matching.comparisons.comparison import FULL, NOT_ASKED, UNKNOWN, UNSTATED, Comparison, Facts, Side, compiled
from matching.records import AskedCompetence


@compiled
def covered(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> tuple[int, int, int]:
    """Compute `mandatory`, `desired` and `used` in one go over what the offer asks."""
    n_held = p.rows[i].held_end - p.rows[i].held_start
    n_asked = o.rows[j].asked_end - o.rows[j].asked_start
    required_got = 0
    required = 0
    desired_got = 0
    desired = 0
    both = 0
    for k in range(o.rows[j].asked_start, o.rows[j].asked_end):
        has = int(credit[o.asked[k, 0]])
        weight = o.asked[k, 1] + 1
        both += has == FULL
        if weight > 1:
            required += weight
            required_got += weight * has
        else:
            desired += 1
            desired_got += has
    stated = o.rows[j].competences_stated
    if n_asked == 0:
        use = NOT_ASKED if stated and o.rows[j].required_unlinked + o.rows[j].desired_unlinked == 0 else UNSTATED
    elif n_held == 0:
        use = UNKNOWN
    else:
        use = FULL * both // min(n_held, n_asked)
    return (
        _share(required_got, required, n_held, stated and o.rows[j].required_unlinked == 0),
        _share(desired_got, desired, n_held, stated and o.rows[j].desired_unlinked == 0),
        use,
    )


@compiled
def _share(got: int, weight: int, n_held: int, none: bool) -> int:
    """Weighted share of credit over the asked competences of some requirements, rounded up.

    A mandatory competence weighs 3, a strong one 2, a desired one 1. Rounding up keeps any credit apart from none.
    ``none``: the offer says all that it asks, in words that could be linked.
    """
    if weight == 0:
        return NOT_ASKED if none else UNSTATED
    return UNKNOWN if n_held == 0 else (got + weight - 1) // weight


@compiled
def mandatory(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Share of the mandatory and strongly wanted competences that the person covers."""
    return covered(p, i, o, j, w, credit)[0]


@compiled
def desired(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Share of the desired competences that the person covers."""
    return covered(p, i, o, j, w, credit)[1]


@compiled
def used(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Competences of the person that the offer asks for, over the most that could be: the shorter of the two lists."""
    return covered(p, i, o, j, w, credit)[2]


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
