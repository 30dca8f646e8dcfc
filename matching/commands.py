"""How a command of the command line is made: the options that all have, readers of values, errors said in words (click)."""

import functools
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click
from pydantic import ValidationError

from matching.codes import LANGUAGES_OF_SERVICE
from matching.desk import Desk
from matching.notices import EXPECTED, Unable, sentences
from matching.rendering import Out
from matching.settings import Settings
from matching.store import Store
from matching.validation import YEARS

FORMATS: Final = ("table", "json", "csv", "xlsx")
A_DAY: Final = click.DateTime(["%Y-%m-%d"])


def _fail(sentences: Sequence[str]) -> None:
    """Tell what is wrong with the data on standard error, and end with 1."""
    for sentence in sentences:
        click.echo(sentence, err=True)
    raise SystemExit(1)


def _form(form: str | None, output: str) -> str:
    """Form of an answer: as asked, else by the ending of the file, else a table."""
    ending = Path(output).suffix.lower().removeprefix(".")
    chosen = form or (ending if ending in FORMATS[1:] else FORMATS[0])
    if chosen == "xlsx" and output == "-" and sys.stdout.isatty():
        raise click.UsageError("xlsx is not for a terminal: give --output FILE.xlsx")
    return chosen


def command(group: click.Group, name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of a function: the options that all have, and errors said in the chosen language."""

    def made(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def run(form: str | None, output: str, lang: str, **given: Any) -> None:
            out = Out(_form(form, output), lang, output)
            try:
                function(out, **given)
            except EXPECTED as error:
                _fail(sentences(error, lang))

        options = (
            click.option("--format", "form", type=click.Choice(FORMATS), help="Form; by default that of --output, or a table."),
            click.option("--output", default="-", metavar="FILE", help="Where to write; - is standard output."),
            click.option(
                "--lang", type=click.Choice(LANGUAGES_OF_SERVICE), envvar="LINKMATCH_LANG", default="fr", show_default=True,
                help="Language of what people read (LINKMATCH_LANG).",
            ),
        )  # fmt: skip
        own = vars(run).pop("__click_params__", [])
        for option in reversed(options):
            option(run)
        vars(run)["__click_params__"] += own  # click reads them from the last: those of the command come first
        return group.command(name)(run)

    return made


def read_day(_context: object, _parameter: object, value: datetime | None) -> date | None:
    """Read a day; as in records, one of the years `YEARS`, so that what lies some months before or after it is a day too."""
    if value is not None and not YEARS[0] <= value.year <= YEARS[1]:
        raise click.BadParameter(f"give a day {YEARS[0]}-01-01 - {YEARS[1]}-12-31")
    return value.date() if value else None


def _weights(_context: object, _parameter: object, given: Sequence[str]) -> dict[str, float]:
    """Read ``NAME=X``."""
    try:
        return {name.strip(): float(value) for name, value in (text.split("=") for text in given)}
    except ValueError:
        raise click.BadParameter("expected NAME=NUMBER") from None


def read_numbers(_context: object, _parameter: object, given: str | None) -> tuple[int, ...] | None:
    """Read ``1,3``."""
    try:
        return None if given is None else tuple(dict.fromkeys(int(number) for number in given.split(",")))
    except ValueError:
        raise click.BadParameter("expected numbers: 1,3") from None


def language_of_text(context: click.Context) -> str | None:
    """Give the language of a text: that of --lang, when it was given on the command line."""
    lang: str = context.params["lang"]
    return lang if context.get_parameter_source("lang") is click.core.ParameterSource.COMMANDLINE else None


with_as_of = click.option(
    "--as-of", type=A_DAY, callback=read_day, metavar="DATE", help="Day to answer for (default: today; in the demo, its own day)."
)
with_weight = click.option(
    "--weight", "weights", multiple=True, callback=_weights, metavar="NAME=X", help="Weight a comparison."
)
with_all_reasons = click.option("--all-reasons", is_flag=True, help="Every reason, not only the strongest.")
EXISTING = click.Path(exists=True, dir_okay=False, allow_dash=True)
A_PATH = click.Path(exists=True, dir_okay=False, path_type=Path)


def read_settings() -> Settings:
    """Read the settings of the environment; wrong ones are wrong usage."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"LINKMATCH_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        raise click.UsageError(names) from None


def open_store(settings: Settings) -> Store:
    """Prepare the store that the settings name, or say why it cannot be used."""
    try:
        return Store.open(settings.url())
    except ModuleNotFoundError as error:  # the driver of another kind of database
        raise Unable("unusable", "LINKMATCH_DATABASE_URL", error) from None


def open_desk(settings: Settings | None = None) -> Desk:
    """Give a desk over the database, or say that there is none."""
    settings = settings or read_settings()
    store = open_store(settings)
    if not store.check():
        raise Unable("no_database")
    return Desk(store, settings)
