"""What the report counts by year: how the search of those who came ended, and what the European Social Fund asks."""

from typing import Any, Final

import numpy as np

from matching.records import camel
from training.history import History
from training.measures.definitions import Definitions, Settings
from training.measures.esf import LATER, ON_LEAVING, Year, entries, exits
from training.measures.groups import cells_shown, sizes_shown
from training.measures.hires import State, cohort
from training.measures.jobs import Jobs

ENDS: Final = (State.JOB, State.HANDED_OVER, State.WITHDRAWN, State.GUIDANCE_END, State.OPEN)


def years(history: History, definitions: Definitions, settings: Settings, jobs: Jobs) -> list[dict[str, Any]]:
    """Count people by year of registration: how many came, from which group, and how their search ended so far.

    Ends are those of the first definition. A number too small to be shown is ``None``, and so is one that would give it away.
    """
    first = next(iter(definitions.definitions.values()))
    found = cohort(history, first, settings, jobs=jobs)
    registered = history.people.registered
    year_of = registered.astype("datetime64[Y]")
    told = []
    for year in np.unique(year_of[~np.isnat(registered)]):
        came, own = year_of == year, found.entered.astype("datetime64[Y]") == year
        n = int(np.count_nonzero(came))
        ends = [int(np.count_nonzero(own & (found.state == state))) for state in ENDS]
        ends.append(n - int(np.count_nonzero(own)))
        names = [*(state.name.lower() for state in ENDS), "tooRecent"]
        shown = cells_shown(np.array(ends), settings, telling=ENDS.index(State.OPEN))
        groups, counts = np.unique(history.people.target_group[came], return_counts=True)
        told.append(
            {
                "year": str(year),
                "registered": n if n >= settings.minimum_cell else None,
                **{name: end if show else None for name, end, show in zip(names, ends, shown, strict=True)},
                "groups": {
                    group: size if show else None
                    for group, size, show in zip(groups.tolist(), counts.tolist(), sizes_shown(counts, settings), strict=True)
                },
            }
        )
    return told


def social_fund(history: History, settings: Settings, jobs: Jobs) -> dict[str, Any]:
    """Give the yearly counts of `training.measures.esf`; a number that is not shown is ``None``."""
    on_leaving, later = exits(history, settings, jobs)
    return {
        "onLeavingDays": int(ON_LEAVING.astype(int)),
        "laterDays": int(LATER.astype(int)),
        "entries": [_year(year) for year in entries(history, settings)],
        "onLeaving": [_year(year) for year in on_leaving],
        "later": [_year(year) for year in later],
    }


def _year(found: Year) -> dict[str, Any]:
    return {"year": found.year, "people": found.people, **{camel(name): n for name, n in found.cells.items()}}
