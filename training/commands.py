"""The commands of evaluators: they read the log, measure, and write a table, a document for programs, and a page (click)."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from matching import reports
from matching.commands import A_DAY, command, open_desk, read_day, with_as_of
from matching.desk import Desk
from matching.rendering import Out, drawn_listing
from models import registry

SEED: Final = 1
"""Draws of a bootstrap are the same whenever the same log is measured again."""


_html = click.option("--html", "page", metavar="FILE", help="Write the report as a page, with pictures, to this file too.")
_since = click.option("--since", type=A_DAY, callback=read_day, metavar="DATE", help="Only what began on this day or later.")


def add_to(cli: click.Group) -> None:
    """Add the commands to the command line."""
    report = click.Group("report", help="Reports for evaluators.")
    cli.add_command(report)
    command(report, "match-to-hire")(_match_to_hire)
    command(cli, "evaluate")(_evaluate)


@click.option("--definition", metavar="NAME", help="The definition to judge by; without one there is no headline.")
@click.option("--target", type=click.FloatRange(0, 1), help="Another target than the registered one (0-1).")
@_since
@click.option("--until", type=A_DAY, callback=read_day, metavar="DATE", help="Only people registered until this day.")
@_html
@with_as_of
def _match_to_hire(
    out: Out, definition: str | None, target: float | None, since: date | None, until: date | None, page: str | None,
    as_of: date | None,
) -> None:  # fmt: skip
    """Report how many people find work, under every registered definition.

    A count that does not agree with the log stops the report.
    """
    from training.history import read_history
    from training.measures.definitions import read_definitions
    from training.pages import match_to_hire_page, match_to_hire_summary
    from training.report import match_to_hire_document, match_to_hire_listing

    desk, definitions = open_desk(), read_definitions()
    history = read_history(desk.store, desk.today(as_of), desk.groups)
    document = match_to_hire_document(history, definitions, since, until, definition, target)
    _write(page, match_to_hire_page(document, definitions, out.lang, _groups(desk, out.lang)))
    reports.keep(desk.folder / reports.REPORTS, document, desk.clock())
    summary = drawn_listing(match_to_hire_summary(document, definitions, out.lang))
    out.show(document, match_to_hire_listing(document), summary)


@click.option("--compare", "compared", nargs=2, metavar="NAME NAME", help="Two policies of which chance gave each person one.")
@click.option("--models", "by_model", is_flag=True, help="Compare two models instead of two policies.")
@click.option("--by-week", is_flag=True, help="Chance gave each week a policy, not each person.")
@_since
@_html
@with_as_of
def _evaluate(
    out: Out, compared: tuple[str, str] | None, by_model: bool, by_week: bool, since: date | None, page: str | None,
    as_of: date | None,
) -> None:  # fmt: skip
    """Measure the suggestions: how high they put what led to a hire, and how evenly they are spread."""
    if compared is None and (by_model or by_week):
        raise click.UsageError("--models and --by-week go with --compare")
    import numpy as np

    from training.evaluation_page import evaluation_page
    from training.evaluation_report import evaluation_document, evaluation_listing
    from training.history import read_history
    from training.learning.in_use import chances_of
    from training.measures.comparison import By
    from training.measures.definitions import read_definitions

    desk, definitions = open_desk(), read_definitions()
    history = read_history(desk.store, desk.today(as_of), desk.groups)
    rng = np.random.default_rng(SEED)
    models = desk.folder / registry.MODELS
    calibrated = chances_of(history, registry.known(models), registry.current(models), rng)
    by: By = "model" if by_model else "policy"
    document: dict[str, Any] = evaluation_document(history, definitions, rng, compared or (), since, by_week, calibrated, by)
    _write(page, evaluation_page(document, definitions, out.lang, _groups(desk, out.lang)))
    reports.keep(desk.folder / reports.REPORTS, document, desk.clock())
    out.show(document, evaluation_listing(document))


def _groups(desk: Desk, lang: str) -> dict[str, str]:
    """Give the words of the target groups."""
    return {name: getattr(rules, f"label_{lang}") for name, rules in desk.groups.items()}


def _write(path: str | None, text: str) -> None:
    """Write a page whole, or not at all."""
    if path is not None:
        fresh = Path(f"{path}.part")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
