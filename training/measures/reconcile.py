"""Do the counts of a report equal the log, to the last row? If not, there is no report."""

from collections.abc import Mapping
from typing import Final

from matching.records import DataError, Problem
from training.history import History
from training.measures.funnel import Account, Funnel, accounts

COLUMNS: Final[Mapping[str, str]] = {
    "shown": "shown",
    "proposed": "proposed",
    "applied": "applied",
    "interviewed": "interviewed",
    "hired": "hired",
    "in_work_6m": "kept",
}
"""Kind of a row of the log -> column of the funnel."""


def reconcile(history: History, counted: Funnel) -> Mapping[str, Account]:
    """Hold the counts of a report against the log, and the log against what was ever recorded.

    Returns
    -------
    Where the rows of each kind went.

    Raises
    ------
    DataError
        ``unexplained``: a row vanished from the log, or came into it, and no erasure explains it; or a count of the report
        is not that of the log.
    """
    problems = [
        Problem("unexplained", f"log {month}", kind, f"{missing:+d}", "0")
        for (kind, month), missing in (history.unexplained or {}).items()
    ]
    found = accounts(history)
    for kind, column in COLUMNS.items():
        account, total = found[kind], counted.total(column)
        parts = (
            account.corrected
            + account.without_offer
            + account.repeated
            + account.unproposed
            + account.explained
            + account.counted
        )
        if total != account.counted or parts != account.logged:
            problems.append(Problem("unexplained", "report", kind, f"{account.counted - total:+d}", "0"))
    if problems:
        raise DataError(problems)
    return found
