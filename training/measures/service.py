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
from training.measures.groups import HIDDEN, GroupRow, mean_by_group, rate_by_group, sizes_shown
from training.measures.intervals import Estimate
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
    "none_open": (
        "aucune offre d'emploi n'était ouverte",
        "er stond geen enkele vacature open",
        "no vacancy was open",
    ),
    SPREAD_POLICY: (
        "ce qui convenait est allé à d'autres (répartition)",
        "wat paste, ging naar anderen (spreiding)",
        "what suited went to others (spreading)",
    ),
}
"""Why a person was shown no vacancy: `matching.matcher.Suggestions.cause`, or spreading."""
NO_LIST: Final = ("basis", "guidance")
"""Causes for which nobody may have a list, whatever there is."""


@dataclass(frozen=True, slots=True)
class WithoutVacancy:
    """People whose last question brought no vacancy: their share of ``people``, and how many for each cause, the first most.

    ``not_open`` are others, who only asked when no list was allowed. ``None`` and NaN where a number is not shown, as for groups.
    """

    people: int | None
    share: Estimate
    causes: Mapping[str, int | None]
    not_open: int | None


def without_vacancy(questions: Questions, settings: Settings) -> WithoutVacancy:
    """Count whose last question brought no vacancy, by cause; questions when no list was allowed do not count."""
    person, cause = _last(questions)
    (row,) = rate_by_group(np.asarray(cause != ""), np.full(len(cause), ""), settings) or (GroupRow("", None, None, HIDDEN),)
    names, n = np.unique(cause[cause != ""], return_counts=True)
    order = np.argsort(-n, kind="stable")
    shown = sizes_shown(n, settings) & row.rate.known
    others = len(np.unique(questions.person)) - len(person)
    return WithoutVacancy(
        people=row.n,
        share=row.rate,
        causes={str(names[at]): int(n[at]) if shown[at] else None for at in order.tolist()},
        not_open=others if others == 0 or others >= settings.minimum_cell else None,
    )


def _last(questions: Questions) -> tuple[Rows, Texts]:
    """Give the last question of each person when a list was allowed: the person and the cause."""
    rows = np.flatnonzero(~np.isin(questions.cause, NO_LIST))[::-1]
    person, at = np.unique(questions.person[rows], return_index=True)
    return person, questions.cause[rows[at]]


def service_by_group(
    history: History, jobs: Jobs, judged: Judged, group: Texts, settings: Settings, rng: np.random.Generator
) -> dict[str, tuple[GroupRow, ...]]:
    """Give each of `SERVICE_WORDS` by group: a mean over people, or a share of those who asked or were hired.

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
