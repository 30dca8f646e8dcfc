"""What the service does for each group of people: how much it suggests to them, and how well that fits what became of them."""

from typing import Final

import numpy as np

from matching.codes import Kind, Words
from training.history import History, Texts
from training.measures.definitions import Settings
from training.measures.groups import GroupRow, mean_by_group
from training.measures.jobs import Jobs
from training.measures.ranking import Judged, by_person, measures

SERVICE_WORDS: Final[Words] = {
    "offers_shown": (
        "offres d'emploi différentes montrées par personne",
        "verschillende vacatures getoond per persoon",
        "different vacancies shown per person",
    ),
    "hit@10": (
        "l'emploi trouvé était parmi les 10 premiers",
        "de gevonden job stond bij de eerste 10",
        "the job found was among the first 10",
    ),
    "never_shown": (
        "l'emploi trouvé n'avait jamais été montré",
        "de gevonden job was nooit getoond",
        "the job found had never been shown",
    ),
}
"""Measures by group, in the order in which they are told."""


def service_by_group(
    history: History, jobs: Jobs, judged: Judged, group: Texts, settings: Settings, rng: np.random.Generator
) -> dict[str, tuple[GroupRow, ...]]:
    """Give each of `SERVICE_WORDS` by group, with intervals by drawing people, where there are enough of them.

    Parameters
    ----------
    group
        (n_people,) the group of each person of the history; an empty text is unknown.
    """
    shown = history.suggestions
    rows = np.flatnonzero(shown.of("suggest", "candidates") & (shown.kind == Kind.VACANCY.value))
    pairs = np.unique(np.stack([shown.person[rows], shown.offer[rows]], axis=1), axis=0)
    people, offers = np.unique(pairs[:, 0], return_counts=True)
    judged_people, means = by_person(judged, {"hit@10": measures(judged)["hit@10"]})
    at_offer = np.flatnonzero(jobs.offer >= 0)
    found = {
        "offers_shown": (offers, people),
        "hit@10": (means["hit@10"], judged_people),
        "never_shown": (np.isnat(jobs.suggested[at_offer]).astype(np.float64), jobs.person[at_offer]),
    }
    return {name: mean_by_group(values, who, group[who], settings, rng) for name, (values, who) in found.items()}
