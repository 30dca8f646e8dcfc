"""What the service does for people, by group too: how much it suggests, why nothing, and how well it fits what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.codes import Kind, Words
from matching.rules import RULES
from matching.runs import SPREAD_POLICY
from training.history import History, Questions, Rows, Texts
from training.measures.definitions import Settings
from training.measures.groups import HIDDEN, GroupRow, cells_shown, mean_by_group, rate_by_group
from training.measures.intervals import Estimate, wilson
from training.measures.jobs import Jobs
from training.measures.ranking import Judged, by_person, measures

SERVICE_WORDS: Final[Words] = {
    "offers_shown": (
        "offres d'emploi différentes montrées par personne",
        "verschillende vacatures getoond per persoon",
        "different vacancies shown per person",
    ),
    "left_empty": (
        "la dernière demande n'a donné aucune offre d'emploi",
        "de laatste vraag gaf geen enkele vacature",
        "the last question brought no vacancy",
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
CAUSE_WORDS: Final[Words] = {
    **{rule.name: rule.why for rule in RULES},
    "closed": (
        "accompagnement pas ouvert, ou données qui ne peuvent pas être utilisées",
        "begeleiding niet open, of gegevens die niet gebruikt mogen worden",
        "guidance not open, or data that may not be used",
    ),
    "too_little_known": (
        "le dossier en dit trop peu",
        "het dossier zegt te weinig",
        "the file says too little",
    ),
    "nothing_suitable": (
        "des offres respectaient les limites, aucune ne correspondait assez",
        "er waren vacatures binnen de grenzen, geen enkele paste genoeg",
        "some vacancies were within the limits, none suited enough",
    ),
    SPREAD_POLICY: (
        "ce qui convenait est allé à d'autres (répartition)",
        "wat paste, ging naar anderen (spreiding)",
        "what suited went to others (spreading)",
    ),
}
"""Why a person was shown no vacancy: `matching.matcher.Suggestions.cause`, or spreading."""


@dataclass(frozen=True, slots=True)
class WithoutVacancy:
    """People whose last question brought no vacancy: their share of ``people``, and how many for each cause, the first most.

    ``None`` and NaN where a number is not shown (`training.measures.groups.cells_shown`).
    """

    people: int | None
    share: Estimate
    causes: Mapping[str, int | None]


def without_vacancy(questions: Questions, settings: Settings) -> WithoutVacancy:
    """Count whose last question brought no vacancy, by cause."""
    _, cause = _last(questions)
    names, n = np.unique(cause[cause != ""], return_counts=True)
    order = np.argsort(-n, kind="stable")
    cells = np.array([*n[order], np.count_nonzero(cause == "")], dtype=np.int64)  # last: those who had one, which tells nothing
    *shown, rest = cells_shown(cells, settings, telling=len(n)).tolist()
    told = rest and len(cause) >= settings.minimum_for_rate
    return WithoutVacancy(
        people=len(cause) if len(cause) >= settings.minimum_cell else None,
        share=wilson(len(cause) - int(cells[-1]), len(cause), settings.confidence) if told else HIDDEN,
        causes={str(names[row]): int(n[row]) if show else None for row, show in zip(order.tolist(), shown, strict=True)},
    )


def _last(questions: Questions) -> tuple[Rows, Texts]:
    """Give the last question of each person: the person and the cause."""
    person, from_the_end = np.unique(questions.person[::-1], return_index=True)
    return person, questions.cause[::-1][from_the_end]


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
    empty = {}
    if history.questions is not None:
        asked, cause = _last(history.questions)
        empty = {"left_empty": rate_by_group(np.asarray(cause != ""), group[asked], settings)}
    return {
        "offers_shown": mean_by_group(offers, people, group[people], settings, rng),
        **empty,
        "hit@10": rate_by_group(means["hit@10"][told] > 0, group[judged_people[told]], settings),
        "never_shown": rate_by_group(np.isin(hired, never), group[hired], settings),
    }
