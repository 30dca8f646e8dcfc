"""Comparisons that speak for both sides: how the offer stands, whoever the person is."""

from typing import Any

from matching.comparisons.comparison import FULL, UNSTATED, Comparison, Facts, Side, compiled


@compiled
def freshness(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Half for every 30 days since the offer was published or last verified (``World.freshness``)."""
    if o.rows[j].checked < 0:
        return UNSTATED
    age = max(0, w.today - o.rows[j].checked)
    return int(w.freshness[min(age, len(w.freshness) - 1)])


@compiled
def exposure(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Open positions over these and the people proposed already; 1 when nobody was, unstated with unstated positions."""
    if o.proposed[j] == 0:
        return FULL
    if o.rows[j].left < 0:
        return UNSTATED
    return int(FULL * o.rows[j].left // (o.rows[j].left + o.proposed[j]))


def _checked(facts: Facts) -> str | None:
    dates = [day for day in (facts.offer.published, facts.offer.verified) if day]
    if not dates:
        return None
    days = max(0, (facts.today - max(dates)).days)
    return facts.pick(
        f"publiée ou vérifiée il y a {days} {'jour' if days < 2 else 'jours'}",
        f"{days} {'dag' if days == 1 else 'dagen'} geleden gepubliceerd of gecontroleerd",
        f"published or verified {days} {'day' if days == 1 else 'days'} ago",
    )


FRESHNESS = Comparison(
    name="freshness",
    side=Side.BOTH,
    asks=("checked",),
    tells=(),
    reads=(),
    known=None,
    compiled=freshness,
    title=("Fraîcheur de l'offre", "Hoe recent het aanbod is", "Freshness of the offer"),
    offer_fact=_checked,
    person_fact=lambda facts: None,
    offer_varies=True,
)


def _exposed(facts: Facts) -> str | None:
    n = facts.proposed
    if n == 0:
        return facts.pick("encore proposée à personne", "nog aan niemand voorgesteld", "not proposed to anybody yet")
    said = facts.pick(
        f"déjà proposée à {n} {'personne' if n < 2 else 'personnes'}",
        f"al aan {n} {'persoon' if n == 1 else 'personen'} voorgesteld",
        f"proposed to {n} {'person' if n == 1 else 'people'} already",
    )
    if facts.offer.positions is None:
        return said
    left = max(0, facts.offer.positions - facts.offer.filled)
    return facts.pick(
        f"{said}, {left} {'place libre' if left < 2 else 'places libres'}",
        f"{said}, {left} {'vrije plaats' if left == 1 else 'vrije plaatsen'}",
        f"{said}, {left} {'position' if left == 1 else 'positions'} left",
    )


EXPOSURE = Comparison(
    name="exposure",
    side=Side.BOTH,
    asks=("left", "proposed"),
    tells=(),
    reads=(),
    known=None,
    compiled=exposure,
    title=("Propositions déjà faites", "Voorstellen al gedaan", "Proposals already made"),
    offer_fact=_exposed,
    person_fact=lambda facts: None,
    offer_varies=True,
    from_log=True,
)
