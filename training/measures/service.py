"""What the service does for each group of people: how much it suggests to them, and how well that fits what became of them."""

from typing import Final

import numpy as np

from matching.codes import Kind, Words
from training.history import History, Texts
from training.measures.definitions import Settings
from training.measures.groups import GroupRow, mean_by_group, rate_by_group
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
    """Give each of `SERVICE_WORDS` by group: a mean over people, or the share of those hired of whom it is true of a job.

    What rests on too few people is hidden as `training.measures.groups` says.

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
    told = np.isfinite(means["hit@10"])
    at_offer = np.flatnonzero(jobs.offer >= 0)
    hired = np.unique(jobs.person[at_offer])
    never = np.unique(jobs.person[at_offer[np.isnat(jobs.suggested[at_offer])]])
    return {
        "offers_shown": mean_by_group(offers, people, group[people], settings, rng),
        "hit@10": rate_by_group(means["hit@10"][told] > 0, group[judged_people[told]], settings),
        "never_shown": rate_by_group(np.isin(hired, never), group[hired], settings),
    }
