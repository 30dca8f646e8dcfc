"""Comparison that speaks for both sides: the chance that the offer is still open."""

from typing import Any

from matching.comparisons.comparison import UNSTATED, Comparison, Facts, Side, compiled


@compiled
def freshness(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Half for every 30 days since the offer was published or last verified (``World.freshness``)."""
    if o.rows[j].checked < 0:
        return UNSTATED
    age = max(0, w.today - o.rows[j].checked)
    return int(w.freshness[min(age, len(w.freshness) - 1)])


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
    reads=(),
    known=None,
    compiled=freshness,
    title=("Fraîcheur de l'offre", "Hoe recent het aanbod is", "Freshness of the offer"),
    offer_fact=_checked,
    person_fact=lambda facts: None,
)
