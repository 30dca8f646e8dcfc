"""Answers as people read them at a terminal: lists with their reasons, in French, Dutch or English."""

import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Final, Literal

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from matching.answers import CandidatesAnswer, ExplanationAnswer, MatchAnswer, RuleAnswer, SuggestionsAnswer
from matching.codes import Kind, Words, word
from matching.explanation import BANDS, FIELDS, Reason
from matching.guidance import say_date
from matching.listings import Listing
from matching.sheets import Cell, write_book, write_rows

REASONS_SHOWN: Final = 5
PLACES_SHOWN: Final = 2
PIPED_WIDTH: Final = 100
MOST_WIDTH: Final = 140
TOLD_EVERY: Final = 50

HEADINGS: Final[Words] = {
    "suggestions": ("Offres d'emploi", "Vacatures", "Vacancies"),
    "near": (
        "Presque : une seule limite les écarte",
        "Bijna: één grens sluit ze uit",
        "Near misses: a single limit removes them",
    ),
    "prices": ("Ce que coûtent les limites", "Wat de grenzen kosten", "What the limits cost"),
    "removed": ("Pourquoi d'autres offres sont écartées", "Waarom ander aanbod wegvalt", "Why other offers are removed"),
    "partner": ("Offres de partenaires", "Aanbod van partners", "Partner offers"),
    "dutch": ("Cours de néerlandais", "Nederlandse lessen", "Dutch courses"),
    "candidates": ("Personnes", "Personen", "People"),
    "explanation": ("Explication", "Uitleg", "Explanation"),
}
LABELS: Final[Words] = {
    "guidance": ("Accompagnement", "Begeleiding", "Guidance"),
    "intake": ("Premier entretien", "Eerste gesprek", "First interview"),
    "contact": ("Contact", "Contact", "Contact"),
    "result": ("Résultat", "Resultaat", "Result"),
    "file": ("Dossier", "Dossier", "File"),
    "withheld": ("Non utilisé", "Niet gebruikt", "Not used"),
    "weights": ("Poids", "Gewichten", "Weights"),
    "based_on": ("Repose sur", "Steunt op", "Based on"),
    "to_check": ("À vérifier", "Na te gaan", "To check"),
    "gaps": ("Lacunes", "Tekorten", "Gaps"),
    "failed": ("Écarté", "Uitgesloten", "Removed"),
    "start": ("départ, le même pour tous", "start, voor iedereen gelijk", "start, the same for all"),
    "others": ("{} autres éléments, plus petits", "{} andere, kleinere elementen", "{} other, smaller elements"),
    "sum": ("score", "score", "score"),
    "coverage": ("données connues : {} %", "bekende gegevens: {} %", "known data: {} %"),
    "chance": ("{} % de chances d'embauche", "{} % kans op aanwerving", "{} % chance of a hire"),
    "known": (
        "{} % du poids repose sur des données connues ; à compléter : {}",
        "{} % van het gewicht steunt op bekende gegevens; aan te vullen: {}",
        "{} % of the weight rests on known data; to be completed: {}",
    ),
    "nothing": ("rien", "niets", "nothing"),
    "counts": (
        "{considered} offres d'emploi examinées, {allowed} dans les limites, {suitable} adaptées, dont {good} bonnes",
        "{considered} vacatures onderzocht, {allowed} binnen de grenzen, {suitable} passend, waarvan {good} goed",
        "{considered} vacancies considered, {allowed} within the limits, {suitable} suitable, of which {good} good",
    ),
    "people": (
        "{considered} personnes examinées, {allowed} dans les limites, {unscored} avec trop peu de données",
        "{considered} personen onderzocht, {allowed} binnen de grenzen, {unscored} met te weinig gegevens",
        "{considered} people considered, {allowed} within the limits, {unscored} with too little data",
    ),
    "jointly": (
        "Sans autre raison, ces limites écartent {} offres d'emploi, une à une ou ensemble.",
        "Zonder andere reden sluiten deze grenzen {} vacatures uit, apart of samen.",
        "With no other reason these limits remove {} vacancies, one by one or together.",
    ),
}
CONTACTS: Final[Words] = {
    "contact": ("{} (contact fixe)", "{} (vast contact)", "{} (fixed contact)"),
    "backup": ("{} (remplace le contact fixe)", "{} (vervangt het vaste contact)", "{} (stands in for the fixed contact)"),
    "contact_absent": ("{} (absent)", "{} (afwezig)", "{} (absent)"),
    "unknown": ("pas encore désigné", "nog niet aangewezen", "not yet named"),
}
BAND_STYLES: Final = {"strong": "bold green", "fair": "cyan", "weak": "yellow", "none": "red"}
EVERYTHING: Final = {"all": ("tout le dossier", "het hele dossier", "the whole file"), **FIELDS}

Places = Callable[[str], str]


def shares(parts: Sequence[float], total: float) -> list[int]:
    """Round parts to hundredths so that they add up to the rounded total (largest remainders).

    >>> shares([0.333, 0.333, 0.334], 1.0), sum(shares([0.333, 0.333, 0.334], 1.0))
    ([33, 33, 34], 100)
    """
    whole = [math.floor(100 * part) for part in parts]
    left = round(100 * total) - sum(whole)
    order = sorted(range(len(parts)), key=lambda at: whole[at] - 100 * parts[at])
    for at in order[: max(left, 0)]:
        whole[at] += 1
    return whole


@dataclass(frozen=True, slots=True)
class View:
    """Draws answers in one language; ``place`` names a postcode; ``all_reasons`` leaves no reason out."""

    lang: str
    place: Places = str
    all_reasons: bool = False

    def suggestions(self, answer: SuggestionsAnswer) -> RenderableType:
        """Draw the list for one profile."""
        parts: list[RenderableType] = [self._title(f"{answer.profile_id} · {say_date(answer.as_of, self.lang)}")]
        parts.append(self._facts(self._file(answer)))
        if answer.suggestions:
            parts += self._section("suggestions", [self._match(match) for match in answer.suggestions])
        if answer.near_misses:
            parts += self._section("near", [self._match(match, self.all_reasons) for match in answer.near_misses])
        if answer.prices:
            sentences = [price.sentence for price in answer.prices]
            sentences += [self._label("jointly").format(answer.jointly)] if len(sentences) > 1 else []
            parts += self._section("prices", [_bullets([*sentences, answer.relaxation_text])])
        if answer.removed and not answer.suggestions:
            parts += self._section("removed", [_bullets(f"{r.count} × {r.sentence}" for r in answer.removed)])
        if answer.dutch_courses:
            parts += self._section("dutch", [self._short(answer.dutch_courses)])
        for group in answer.partner_offers:
            name = f"{self._heading('partner')} · {group.text}"
            parts += _under(name, [self._short(group.matches)])
        return Group(*parts, self._versions(answer.versions.model, answer.versions.taxonomy, answer.versions.data, answer.id))

    def _file(self, answer: SuggestionsAnswer) -> Iterator[tuple[str, str]]:
        """Name and text of what is said of the profile as a whole."""
        counts = self._label("counts").format(
            considered=answer.considered, allowed=answer.allowed, suitable=answer.suitable, good=answer.good
        )
        missing = ", ".join(field.text for field in answer.missing_fields) or self._label("nothing")
        guidance = answer.guidance
        if answer.status != "closed":
            yield "guidance", guidance.sentence
        yield "intake", guidance.intake_sentence
        yield "contact", word(CONTACTS, guidance.contact_role, self.lang).format(guidance.contact_id)
        yield "result", answer.message if answer.status != "ok" else counts
        yield "file", self._label("known").format(round(100 * answer.profile_coverage), missing)
        yield "withheld", ", ".join(word(EVERYTHING, name, self.lang) for name in answer.withheld_fields)
        yield "weights", self._weights(answer.weights, answer.applied_weights)

    def candidates(self, answer: CandidatesAnswer) -> RenderableType:
        """Draw the list of people for one offer."""
        counts = self._label("people").format(
            considered=answer.considered, allowed=answer.allowed, unscored=answer.unscored
        )
        parts: list[RenderableType] = [
            self._title(f"{answer.title} · {answer.offer_id} · {say_date(answer.as_of, self.lang)}"),
            self._facts(
                [("result", answer.message or counts), ("weights", self._weights(answer.weights, answer.applied_weights))]
            ),
        ]
        if answer.candidates:
            parts += self._section("candidates", [self._match(match, person=True) for match in answer.candidates])
        return Group(*parts, self._versions(answer.versions.model, answer.versions.taxonomy, answer.versions.data, answer.id))

    def batch(self, table: Listing) -> RenderableType:
        """Draw the lists of a batch: whom or what each is for, then a line for each match, or why there is none."""
        lines, records = list[RenderableType](), table.records()
        of_people = any(row["list"] == "profiles" for row in records[:1])
        for subject, rows in groupby(records, lambda row: row["profileId" if of_people else "offerId"]):
            some, grid = list[Mapping[str, Any]](rows), Table.grid(padding=(0, 2))
            for row in some if some[0]["rank"] is not None else []:
                where = self._places(tuple(str(row["postcodes"]).split(", "))) if row["postcodes"] else None
                told = [row["title"], row["employer"], where, row["offerId"]] if of_people else [row["profileId"]]
                doubts = (("to_check", row["toCheck"]), ("failed", row["failed"]))
                told += [f"{self._label(name)} ({doubt.count(' | ') + 1})" for name, doubt in doubts if doubt]
                band, score = word(BANDS, row["band"], self.lang), self._number(round(100 * row["score"]))
                grid.add_row(f"{row['rank']:>3}.", score, Text(band, BAND_STYLES[row["band"]]), " · ".join(filter(None, told)))
            lines.append(Text(str(subject) if of_people else f"{some[0]['title']} · {subject}", "bold"))
            lines.append(grid if grid.row_count else Padding(Text(str(some[0]["note"] or "")), (0, 0, 0, 2)))
        return Group(*lines)

    def explanation(self, answer: ExplanationAnswer) -> RenderableType:
        """Draw one pair, with every reason."""
        missing = ", ".join(field.text for field in answer.missing_fields)
        profile = f"{answer.match.profile_id} · " if answer.match else ""
        parts: list[RenderableType] = [
            self._title(f"{self._heading('explanation')} · {profile}{say_date(answer.as_of, self.lang)}"),
            self._facts([("result", answer.message or missing)] if answer.match is None else []),
        ]
        if answer.match is not None:
            parts.append(Padding(View(self.lang, self.place, True)._match(answer.match), (1, 0, 0, 0)))
        return Group(*parts, self._versions(answer.versions.model, answer.versions.taxonomy, answer.versions.data))

    def _match(self, match: MatchAnswer, reasons: bool = True, person: bool = False) -> RenderableType:
        """Draw one match: its heading, its reasons with what they add, and what to check."""
        lines = Table.grid(padding=(0, 1), expand=True)
        lines.add_column(width=9, justify="right", no_wrap=True)
        lines.add_column(ratio=1)
        if match.failed:
            lines.add_row(Text("✗", "red"), self._said("failed", match.failed, "red"))
        told: Sequence[Reason] = ()
        if reasons:
            told = match.reasons if self.all_reasons else match.reasons[:REASONS_SHOWN]
            for number, text, style in self._sum(match, told):
                lines.add_row(Text(number, style), text)
        lacking = [r for r in match.reasons if r.side == "employer" and r.state == "known" and r.contribution < 0]
        gaps = [reason for reason in lacking if reason not in told]
        if gaps and not match.failed:
            said = " ".join(reason.sentence for reason in gaps)
            lines.add_row(Text("−", "red"), Text.assemble((f"{self._label('gaps')} · ", "bold"), said))
        if match.to_check:
            lines.add_row(Text("?", "yellow"), self._said("to_check", match.to_check, "yellow"))
        if match.note:
            lines.add_row(Text("!", "yellow"), Text(match.note, "yellow"))
        if match.exploration:
            lines.add_row(Text("≈", "cyan"), Text(match.exploration_text, "cyan"))
        return Padding(Group(self._head(match, person), lines), (0, 0, 1, 0))

    def _head(self, match: MatchAnswer, person: bool = False, note: str = "") -> RenderableType:
        """Rank, title, employer, place, score, band and coverage."""
        head = Table.grid(padding=(0, 1), expand=True)
        head.add_column(width=3, justify="right")
        head.add_column(ratio=1)
        head.add_column(justify="right", no_wrap=True)
        # Partner offers state less than vacancies, for which the bands are: a low score does not say that nothing matches.
        band = match.band_text if match.band != "none" or match.kind == Kind.VACANCY else ""
        number = self._number(round(100 * match.score))
        score = Text.assemble((number, "bold"), "  " if band else "", (band, BAND_STYLES.get(match.band, "")))
        rank = Text(f"{match.rank}." if match.suggestion_id else "", "bold")
        head.add_row(rank, Text(match.profile_id if person else match.title, "bold"), score)
        about = [] if person else [match.employer or "", self._places(match.postcodes), match.offer_id]
        if match.probability is not None:
            chance = f"{100 * match.probability:.1f}".replace(".", "." if self.lang == "en" else ",")
            about.append(self._label("chance").format(chance))
        meta = " · ".join(part for part in [*about, note] if part)
        head.add_row("", Text(meta, "dim"), Text(self._label("coverage").format(round(100 * match.coverage)), "dim"))
        return head

    def _sum(self, match: MatchAnswer, told: Sequence[Reason]) -> Iterator[tuple[str, Text, str]]:
        """Yield the start, the reasons told, the others together, and their sum: (number, text, style)."""
        others = len(match.reasons) - len(told)
        rest = match.score - match.start - sum(reason.contribution for reason in told)
        parts = [match.start, *(reason.contribution for reason in told), *([rest] if others else [])]
        start, *numbers = shares(parts, match.score)
        yield self._signed(start), Text(self._label("start"), "dim"), "dim"
        for reason, number in zip(told, numbers, strict=False):
            style = "green" if number > 0 else "red" if number < 0 else "dim"
            yield self._signed(number), _told(reason), style
        if others:
            yield self._signed(numbers[-1]), Text(self._label("others").format(others), "dim"), "dim"
        yield f"= {self._number(round(100 * match.score))}", Text(self._label("sum"), "bold"), "bold"

    def _short(self, matches: Iterable[MatchAnswer]) -> RenderableType:
        """Draw matches in two lines each, with the strongest thing that speaks for them."""
        lines: list[RenderableType] = []
        for match in matches:
            best = max(match.reasons, key=lambda reason: reason.contribution, default=None)
            lines.append(self._head(match))
            if best is not None and best.contribution > 0:
                number = self._signed(round(100 * best.contribution))
                lines.append(Padding(Text.assemble((f"{number} ", "green"), best.sentence), (0, 0, 0, 4)))
            lines += [Padding(self._said("to_check", match.to_check, "yellow"), (0, 0, 0, 4))] if match.to_check else []
        return Padding(Group(*lines), (0, 0, 1, 0))

    def _said(self, label: str, told: Iterable[RuleAnswer], style: str) -> Text:
        """Sentences of rules after their label."""
        return Text.assemble((f"{self._label(label)} · ", f"bold {style}"), "; ".join(rule.sentence for rule in told))

    def _weights(self, asked: Mapping[str, float], applied: Mapping[str, float]) -> str:
        return ", ".join(f"{name} × {applied.get(name, weight):g}" for name, weight in asked.items())

    def _places(self, postcodes: tuple[str, ...] | None) -> str:
        shown = [self.place(postcode) for postcode in (postcodes or ())[:PLACES_SHOWN]]
        more = len(postcodes or ()) - len(shown)
        return ", ".join(shown) + (f" (+{more})" if more > 0 else "")

    def _versions(self, *parts: str) -> RenderableType:
        return Text(f"{self._label('based_on')} {' · '.join(parts)}", "dim")

    def _facts(self, facts: Iterable[tuple[str, str]]) -> RenderableType:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column()
        for label, text in facts:
            if text:
                grid.add_row(self._label(label), Text(text))
        return grid

    def _title(self, text: str) -> RenderableType:
        return Rule(Text(f"LINK Match · {text}", "bold"), align="left", style="dim")

    def _section(self, heading: str, parts: Iterable[RenderableType]) -> list[RenderableType]:
        return _under(self._heading(heading), parts)

    def _heading(self, name: str) -> str:
        return word(HEADINGS, name, self.lang)

    def _label(self, name: str) -> str:
        return word(LABELS, name, self.lang)

    def _number(self, hundredths: int) -> str:
        """Write hundredths with the decimal sign of the language and a true minus."""
        text = f"{abs(hundredths) / 100:.2f}".replace(".", "." if self.lang == "en" else ",")
        return f"−{text}" if hundredths < 0 else text

    def _signed(self, hundredths: int) -> str:
        return f"+{self._number(hundredths)}" if hundredths > 0 else self._number(hundredths)


def _under(heading: str, parts: Iterable[RenderableType]) -> list[RenderableType]:
    """Put parts under a heading."""
    return [Text(), Rule(Text(heading, "bold"), align="left", style="dim", characters="╌"), *parts]


def _told(reason: Reason) -> Text:
    """Sentence of a reason with the name of its comparison in bold; dim when nothing was compared."""
    text = Text(reason.sentence, "" if reason.state == "known" else "dim")
    text.stylize("bold", 0, max(0, reason.sentence.find(":")))
    return text


def _bullets(sentences: Iterable[str]) -> RenderableType:
    """Draw sentences one under the other, empty ones left out."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column()
    grid.add_column()
    for sentence in sentences:
        if sentence:
            grid.add_row("  •", Text(sentence))
    return grid


def drawn_listing(table: Listing) -> RenderableType:
    """Draw a plain table; numbers to the right."""
    drawn = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in table.rows if row[at] is not None]
        numeric = bool(cells) and all(isinstance(cell, int | float) and cell is not True for cell in cells)
        drawn.add_column(Text(column), justify="right" if numeric else "left", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(_cell(cell)) for cell in row))
    return drawn


def _cell(cell: Cell) -> str:
    """Write a cell for reading: four decimals are enough; programs get all of them."""
    if cell is None or isinstance(cell, bool):
        return "✓" if cell else ""
    return str(round(cell, 4)) if isinstance(cell, float) else str(cell)


def _console(file: IO[str], width: int | None = None) -> Console:
    """Make a console that takes text as it is: no markup, no colours guessed from the text."""
    return Console(file=file, width=width, markup=False, highlight=False, emoji=False)


@dataclass(frozen=True, slots=True)
class Out:
    """How an answer leaves: its form (``table``, ``json``, ``csv``, ``xlsx``), its language, and where to.

    ``file`` is a path, or ``-`` for standard output.
    """

    form: str
    lang: str
    file: str = "-"

    def show(self, document: Any, table: Listing, drawn: RenderableType | None = None) -> None:
        """Show an answer in its form.

        Parameters
        ----------
        document
            What programs read (JSON-able).
        table
            The same as columns and rows.
        drawn
            The same for people; a text is written as it is, without one the table is drawn.

        Raises
        ------
        OSError
            The file cannot be written.
        """
        if self.form in {"csv", "xlsx"}:
            form: Literal["csv", "xlsx"] = "xlsx" if self.form == "xlsx" else "csv"
            target = sys.stdout.buffer if self.file == "-" else self.file
            write_rows(target, table.columns, table.rows, form)
            sys.stdout.flush()
            return
        with nullcontext(sys.stdout) if self.file == "-" else Path(self.file).open("w", encoding="utf-8") as file:
            if self.form == "json":
                file.write(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n")
            elif isinstance(drawn, str):
                file.write(drawn + "\n")
            else:
                known = file.isatty() or "COLUMNS" in os.environ
                screen = _console(file, None if known else PIPED_WIDTH)
                screen.print(drawn or drawn_listing(table), width=min(screen.width, MOST_WIDTH))

    def show_sheets(self, document: Any, sheets: Mapping[str, Listing], day: date, draw: Callable[[], RenderableType]) -> None:
        """Show an answer of several tables: all of them in XLSX (made on ``day``), the first one as CSV, drawn for people.

        A file appears whole, or not at all.
        """
        first, drawn = next(iter(sheets.values())), draw() if self.form == "table" else None
        if self.file == "-":
            if self.form == "xlsx":
                write_book(sys.stdout.buffer, {name: (table.columns, table.rows) for name, table in sheets.items()}, day)
                sys.stdout.flush()
            else:
                self.show(document, first, drawn)
            return
        fresh = Path(f"{self.file}.part")
        try:
            if self.form == "xlsx":
                write_book(fresh, {name: (table.columns, table.rows) for name, table in sheets.items()}, day)
            else:
                replace(self, file=str(fresh)).show(document, first, drawn)
            fresh.replace(self.file)
        finally:
            fresh.unlink(missing_ok=True)

    @contextmanager
    def steps(self, said: Callable[[str], str]) -> Iterator[Callable[[str, int, int], None]]:
        """Tell on standard error which step is how far, if that is a terminal; ``said`` gives the words of a step."""
        screen = _console(sys.stderr)
        if not screen.is_terminal:
            yield lambda step, done, total: None
            return
        with screen.status("") as status:
            yield lambda step, done, total: status.update(said(step).format(done, total))

    @contextmanager
    def progress(self, template: str) -> Iterator[Callable[[int], None]]:
        """Tell on standard error how many rows were read (``{}`` in the template), if that is a terminal."""
        screen = _console(sys.stderr)
        if not screen.is_terminal:
            yield lambda count: None
            return
        with screen.status(template.format(0)) as status:
            yield lambda count: status.update(template.format(count)) if count % TOLD_EVERY == 0 else None
