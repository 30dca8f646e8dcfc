"""The command line: ``linkmatch``. Each command parses, asks one room, and shows what it answers."""

import functools
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import click
from pydantic import ValidationError
from rich.console import RenderableType

from matching import imports, listings
from matching.answers import as_json
from matching.codes import LANGUAGES_OF_SERVICE, Kind, Limit, Role, Words, word
from matching.desk import Asker, Desk, NotFound, Question
from matching.files import load_json, write_rows, write_template
from matching.flat import KindOfFile
from matching.ingest import link_profile, read_profile
from matching.listings import Listing
from matching.problems import say
from matching.records import DataError, Override, Problem, Profile
from matching.rendering import View, console, drawn_listing
from matching.settings import Settings
from matching.store import Conflict, Store, StoreError
from matching.validation import read_record

BY: Final = "command-line"
"""Who asked, in the log of what is shown."""

SAID: Final[Words] = {
    "no_database": (
        "La base de données n'est pas prête : lancez « linkmatch init », ou vérifiez LINKMATCH_DATABASE_URL et LINKMATCH_DATA_DIR.",
        "De databank is niet klaar: voer 'linkmatch init' uit, of kijk LINKMATCH_DATABASE_URL en LINKMATCH_DATA_DIR na.",
        "The database is not ready: run 'linkmatch init', or check LINKMATCH_DATABASE_URL and LINKMATCH_DATA_DIR.",
    ),
    "database": (
        "La base de données ne répond pas comme il faut ({}) ; rien n'a été changé. Vérifiez-la, puis recommencez.",
        "De databank antwoordt niet zoals het hoort ({}); er werd niets gewijzigd. Kijk ze na en probeer opnieuw.",
        "The database does not answer as it should ({}); nothing was changed. Check it, then try again.",
    ),
    "file": (
        "{} : le fichier ou l'adresse ne peut pas servir ({}).",
        "{}: dit bestand of adres kan niet gebruikt worden ({}).",
        "{}: this file or address cannot be used ({}).",
    ),
    "conflict": (
        "Enregistré autrement entre-temps : {} ; relisez, puis recommencez.",
        "Intussen anders bewaard: {}; lees opnieuw en probeer dan nog eens.",
        "Stored otherwise in the meantime: {}; read again, then retry.",
    ),
    "ready": ("Base de données prête : {}", "Databank klaar: {}", "Database ready: {}"),
    "template": ("Modèle écrit : {}", "Sjabloon geschreven: {}", "Template written: {}"),
    "key": (
        "Cette clé n'est montrée qu'une fois :",
        "Deze sleutel wordt maar één keer getoond:",
        "This key is shown only once:",
    ),
    "revoked": ("Clé retirée : {}", "Sleutel ingetrokken: {}", "Key revoked: {}"),
    "no_key": ("Pas de clé valable : {}", "Geen geldige sleutel: {}", "No valid key: {}"),
    "rows": ("{} lignes lues", "{} rijen gelezen", "{} rows read"),
    "loading": ("Préparation du monde de démonstration ...", "De demowereld wordt klaargezet ...", "Preparing the demo world ..."),
    "warming": ("Préparation du moteur ...", "De motor wordt voorbereid ...", "Preparing the engine ..."),
    "serving": (
        "LINK Match répond sur {} (arrêter : Ctrl+C)",
        "LINK Match antwoordt op {} (stoppen: Ctrl+C)",
        "LINK Match answers at {} (stop: Ctrl+C)",
    ),
    "try": (
        "Clé de consultant pour l'essayer :",
        "Sleutel van een consulent om het te proberen:",
        "Key of a consultant to try it:",
    ),
}


@dataclass(frozen=True, slots=True)
class Out:
    """How an answer leaves: its form, its language, and where to (``-``: standard output)."""

    form: str
    lang: str
    file: str

    @property
    def asker(self) -> Asker:
        """Who works at the command line: somebody who may read the database, so as a consultant."""
        return Asker(BY, Role.CONSULTANT, self.lang)

    def say(self, name: str, *values: object) -> str:
        """Say something of this room in the chosen language."""
        return word(SAID, name, self.lang).format(*values)

    def show(self, document: Any, table: Listing, drawn: RenderableType | None = None) -> None:
        """Show an answer in the form asked for."""
        if self.form in {"csv", "xlsx"}:
            if self.file != "-":
                write_rows(self.file, table.columns, table.rows, "xlsx" if self.form == "xlsx" else "csv")
                return
            stream = click.get_binary_stream("stdout")
            if self.form == "xlsx" and stream.isatty():
                raise click.UsageError("xlsx goes to a file: --output FILE.xlsx")
            write_rows(stream, table.columns, table.rows, "xlsx" if self.form == "xlsx" else "csv")
            stream.flush()
            return
        with click.open_file(self.file, "w", encoding="utf-8") as file:
            if self.form == "json":
                file.write(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n")
            else:
                piped = self.file != "-" or not sys.stdout.isatty()
                width = 100 if piped and "COLUMNS" not in os.environ else None
                console(file, width).print(drawn if drawn is not None else drawn_listing(table))

    def done(self, name: str, document: Mapping[str, Any], *values: object) -> None:
        """Say that something is done, in one sentence."""
        row = Listing(tuple(document), (tuple(document.values()),))
        self.show(document, row, console_text(self.say(name, *values)))

    @contextmanager
    def progress(self, name: str) -> Iterator[Callable[[int], None]]:
        """Tell progress on standard error, if that is a terminal."""
        screen = console(sys.stderr)
        if not screen.is_terminal:
            yield lambda count: None
            return
        with screen.status(self.say(name, 0)) as status:
            yield lambda count: status.update(self.say(name, count)) if count % 50 == 0 else None


def console_text(text: str) -> RenderableType:
    """Give a text to draw as it is."""
    from rich.text import Text

    return Text(text)
