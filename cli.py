"""The command line ``linkmatch``: each command parses, asks one room, and shows what it answers."""

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import click

from matching import imports, listings, runs, serving, texts
from matching.admin_commands import keys, models
from matching.answers import as_json
from matching.batch_files import Batch, Direction, as_document, as_sheets, read_given
from matching.codes import Kind, Limit, Role
from matching.commands import (
    A_PATH,
    EXISTING,
    command,
    language_of_text,
    open_desk,
    open_store,
    read_numbers,
    read_settings,
    with_all_reasons,
    with_as_of,
    with_weight,
)
from matching.completion import KINDS
from matching.confirmed import confirmed
from matching.desk import Asker, Desk, NotFound, Question
from matching.files import write_rows, write_template
from matching.flat import EXAMPLES, KindOfFile
from matching.notices import TRY, notice
from matching.pathways.desk import drawn, pathways_for
from matching.pathways.planning import show_caseload
from matching.records import DataError, Profile
from matching.rendering import Out, View
from matching.settings import Settings, version
from matching.workers import counting_together
from training.commands import add_to

BY: Final = "command-line"
"""Who asked, in the log of what is shown."""


def _view(desk: Desk, lang: str, all_reasons: bool = False) -> View:
    """Give the view of people's answers, with the names of places."""
    return View(lang, lambda postcode: desk.loaded().matcher.geography.name(postcode, lang), all_reasons)


def _asker(out: Out) -> Asker:
    """Who works at the command line may read the database, so asks as a consultant."""
    return Asker(BY, Role.CONSULTANT, out.lang)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version(), prog_name="linkmatch")
def cli() -> None:
    """LINK Match: vacancies and partner offers for a person, people for a vacancy, with reasons."""


cli.add_command(keys)
cli.add_command(models)


@command(cli, "init")
def init(out: Out) -> None:
    """Create or migrate the database."""
    settings = read_settings()
    open_store(settings).create(datetime.now(UTC))
    where = "LINKMATCH_DATABASE_URL" if settings.database_url else str(settings.data_dir)  # a URL may hold a password
    out.show({"ready": True, "database": where}, listings.one({"database": where}), notice(out.lang, "ready", where))


@cli.group("import")
def import_() -> None:
    """Read files into the database.

    The same file again changes nothing.
    """


@command(import_, "taxonomy")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_taxonomy(out: Out, folder: Path) -> None:
    """Import an ESCO download.

    The official CSV download, v1.1 or v1.2, whatever languages it holds.
    """
    desk = open_desk()
    document = imports.import_taxonomy(desk.store, folder, desk.clock())
    _prepare_linking(desk, out)
    out.show(document, imports.counts_listing(document, out.lang))


@command(import_, "crosswalk")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=A_PATH)
def import_crosswalk(out: Out, files: tuple[Path, ...]) -> None:
    """Import another scheme, such as ROME or Competent.

    Its mapping to ESCO and its name files are given together.
    """
    desk = open_desk()
    document = imports.import_crosswalk(desk.store, files, desk.clock())
    _prepare_linking(desk, out)
    out.show(document, imports.counts_listing(document, out.lang))


def _prepare_linking(desk: Desk, out: Out) -> None:
    """Build what links texts, once, so that no later command waits for it."""
    with out.progress(notice(out.lang, "linkers", "{}")) as progress:
        for done, linker in enumerate(desk.loaded().codes.linkers.values(), 1):
            progress(done if linker.index else 0)


def _import_places(name: str, what: str) -> None:
    """Make the command that imports one kind of reference file."""

    @command(import_, name)
    @click.argument("file", metavar="FILE", type=A_PATH)
    def run(out: Out, file: Path) -> None:
        desk = open_desk()
        document, problems = imports.import_places(desk.store, name, file, desk.clock(), out.lang)
        out.show(document, imports.counts_listing(document, out.lang))
        if problems:
            raise DataError(problems)

    run.help = what


_import_places("postcodes", "Import postcodes with their points.")
_import_places("travel-times", "Import minutes between postcodes.")


def _import_records(kind: KindOfFile, what: str) -> None:
    """Make the command that imports one kind of record."""

    @command(import_, kind)
    @click.argument("files", metavar="FILE...", nargs=-1, type=EXISTING)
    @click.option("--strict", is_flag=True, help="Keep nothing of a file in which anything is wrong.")
    @click.option("--template", metavar="FILE", help="Write a table to fill in (CSV or XLSX), with an example row.")
    def run(out: Out, files: tuple[str, ...], strict: bool, template: str | None, no_extract: bool = False) -> None:
        if bool(files) == (template is not None):
            raise click.UsageError("give either FILE... or --template FILE")
        if template is not None:
            _write_template(out, kind, template)
            return
        desk = open_desk()
        with out.progress(notice(out.lang, "rows", "{}")) as progress:
            report = imports.import_records(desk, kind, files, strict=strict, extract=not no_extract, progress=progress)
        document = imports.records_document(report, files, out.lang)
        out.show(document, imports.records_listing(document, out.lang))
        if report.problems:
            raise DataError(report.problems)

    run.help = what
    if kind == "offers":  # nothing else has a text that is read
        run.params.insert(2, click.Option(["--no-extract"], is_flag=True, help="Read nothing from the texts of offers."))


_import_records("offers", "Import offers (JSON Lines, CSV, XLSX, schema.org JobPosting).")
_import_records("profiles", "Import profiles (JSON Lines, CSV, XLSX).")
_import_records("outcomes", "Import what became of suggestions.")


def _write_template(out: Out, kind: KindOfFile, template: str) -> None:
    if template == "-":
        write_rows(sys.stdout.buffer, list(EXAMPLES[kind]), [list(EXAMPLES[kind].values())], "csv")
        return
    write_template(kind, template)
    out.show({"template": template}, listings.one({"template": template}), notice(out.lang, "template", template))


@command(cli, "link")
@click.argument("kind", type=click.Choice(("occupation", "competence")))
@click.argument("text", required=False)
@click.option("--input", "source", type=EXISTING, metavar="F.tsv", help="Many texts: id<TAB>text on each line.")
@click.option("--top", type=click.IntRange(1, 100), default=10, show_default=True, help="Concepts at most for each text.")
@click.pass_context
def link(context: click.Context, out: Out, kind: str, text: str | None, source: str | None, top: int) -> None:
    """Find the concepts that a text may mean.

    --lang, when given on the command line, is also the language of the text.
    """
    if (text is None) == (source is None):
        raise click.UsageError("give either TEXT or --input")
    asked, problems = imports.read_text(text) if text is not None else imports.read_texts(source or "-")
    desk = open_desk()
    with out.progress(notice(out.lang, "texts", "{}")) as progress:
        found = texts.link_texts(desk, kind, asked, language_of_text(context), top, progress)
    table = listings.links(found, lambda uri: desk.loaded().matcher.taxonomy.label(uri, out.lang))
    lines = "\n".join("\t".join(str(row[name]) for name in ("id", "rank", "concept", "score")) for row in table.records())
    if text is not None:
        table = replace(table, columns=table.columns[1:], rows=tuple(row[1:] for row in table.rows))  # one text needs no id
    out.show({"kind": kind, "text": text, "items": table.records()}, table, None if text is not None else lines)
    if problems:
        raise DataError(problems)


@command(cli, "concepts")
@click.argument("text")
@click.option("--kind", type=click.Choice(KINDS), help="Only these concepts.")
@click.option("--top", type=click.IntRange(1, 100), default=10, show_default=True, help="Concepts at most.")
def concepts(out: Out, text: str, kind: str | None, top: int) -> None:
    """Suggest concepts for the beginning of a name, as one types."""
    answer = texts.concepts_for(open_desk(), text, out.lang, kind, top)
    out.show(as_json(answer), listings.concepts(answer))


@command(cli, "extract")
@click.argument("text", required=False)
@click.option("--input", "source", type=EXISTING, metavar="FILE", help="The text in a file.")
@click.option("--subject", type=click.Choice(("offer", "profile")), help="A vacancy (the default), or a note on a person.")
@click.option("--profile", "profile_id", metavar="ID", help="The person whom the note is about.")
@click.option("--confirm", "numbers", metavar="1,3", callback=read_numbers, help="Write these findings into the profile.")
@click.pass_context
def extract(
    context: click.Context, out: Out, text: str | None, source: str | None, subject: str | None, profile_id: str | None,
    numbers: tuple[int, ...] | None,
) -> None:  # fmt: skip
    """Say what a running text says: a vacancy, or a note on a person.

    With --profile the findings are proposals; --confirm writes the ones named, without their words. The text is not kept.
    """
    of_person = profile_id is not None or subject == "profile"
    if (text is None) == (source is None):
        raise click.UsageError("give either TEXT or --input")
    if (profile_id is not None and subject == "offer") or (numbers is not None and profile_id is None):
        raise click.UsageError("--confirm needs --profile, whose subject is a person")
    given = text if text is not None else texts.read_note(source or "-")
    desk = open_desk()
    before = None if profile_id is None else desk.store.stored_profile(profile_id)
    if profile_id is not None and before is None:
        raise NotFound("profile", profile_id)
    found = texts.read_findings(desk, given, language_of_text(context), of_person, "file")
    if before is None or numbers is None:
        answer = texts.told(desk, given, found, of_person, out.lang)
        out.show(as_json(answer), listings.findings(answer, out.lang, of_person))
        return
    if not set(numbers) <= set(range(1, len(found) + 1)):
        raise click.BadParameter(f"findings are numbered 1-{len(found)}", param_hint="--confirm")
    written, _ = texts.keep_confirmed(desk, before, [confirmed(found[number - 1]) for number in numbers])
    out.show(as_json(written), listings.changes(written))


def _profile(desk: Desk, profile_id: str) -> Profile:
    """Read a profile from the database or, for ``-``, as JSON from standard input."""
    return imports.read_given_profile(desk, sys.stdin.buffer.read()) if profile_id == "-" else desk.profile(profile_id)


@command(cli, "suggest")
@click.argument("profile")
@click.option("--top", type=click.IntRange(1, 100), default=10, show_default=True, help="Vacancies at most.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Only these kinds.")
@click.option("--relax", multiple=True, type=click.Choice([limit.value for limit in Limit]), help="Set a limit aside.")
@click.option("--override-reason", metavar="TEXT", help="Go beyond LINK's dates, for this reason; it is logged.")
@with_weight
@with_as_of
@with_all_reasons
def suggest(
    out: Out, profile: str, top: int, kinds: tuple[str, ...], relax: tuple[str, ...], override_reason: str | None,
    weights: dict[str, float], as_of: date | None, all_reasons: bool,
) -> None:  # fmt: skip
    """Suggest offers for a profile.

    PROFILE is an id, or - for one profile as JSON on standard input.
    """
    desk = open_desk()
    limits = frozenset(Limit(limit) for limit in relax)
    wanted = frozenset(Kind(kind) for kind in kinds or Kind)
    question = Question(as_of, top, wanted, weights, limits, imports.read_override(override_reason, BY))
    _suggest(out, desk, _profile(desk, profile), question, all_reasons)


def _suggest(out: Out, desk: Desk, profile: Profile, question: Question, all_reasons: bool = False) -> None:
    answer = desk.suggest(profile, question, _asker(out))
    out.show(as_json(answer), listings.suggestions(answer), _view(desk, out.lang, all_reasons).suggestions(answer))


@command(cli, "candidates")
@click.argument("offer")
@click.option("--top", type=click.IntRange(1, 100), default=20, show_default=True, help="People at most.")
@with_weight
@with_as_of
@with_all_reasons
def candidates(out: Out, offer: str, top: int, weights: dict[str, float], as_of: date | None, all_reasons: bool) -> None:
    """Find the people for an offer."""
    desk = open_desk()
    answer = desk.candidates(desk.offer(offer), Question(as_of, top, weights=weights), _asker(out))
    out.show(as_json(answer), listings.candidates(answer), _view(desk, out.lang, all_reasons).candidates(answer))


@command(cli, "batch")
@click.argument("direction", type=click.Choice(("profiles", "offers")))
@click.option("--input", "source", type=EXISTING, metavar="FILE", help="Whom it is about: CSV, XLSX, JSON Lines; an id will do.")
@click.option("--top", type=click.IntRange(1, 200), default=20, show_default=True, help="Matches at most in each list.")
@click.option("--spread", is_flag=True, help="Spread the suggestions over open positions.")
@click.option("--per-profile", type=click.IntRange(1, 200), default=10, show_default=True, help="Suggestions of one profile.")
@click.option(
    "--per-position", type=click.FloatRange(0.01, 1000), default=10.0, show_default=True, help="People for one open position."
)
@click.option("--relax", multiple=True, type=click.Choice([limit.value for limit in Limit]), help="Set a limit aside.")
@click.option("--no-extract", is_flag=True, help="Read nothing from the texts of offers in FILE.")
@click.option("--scheduler", metavar="tcp://...", default="", help="A Dask cluster that does the search.")
@with_weight
@with_as_of
def batch(
    out: Out, direction: Direction, source: str | None, top: int, spread: bool, per_profile: int, per_position: float,
    relax: tuple[str, ...], no_extract: bool, scheduler: str, weights: dict[str, float], as_of: date | None,
) -> None:  # fmt: skip
    """Many lists at once: vacancies for each profile, or people for each offer.

    Without --input: everybody in the database, or every open vacancy. Lists of people are as a recruiter may see them. A run
    that was stopped goes on where it was when it is started again.
    """
    if relax and direction == "offers":
        raise click.UsageError("--relax goes with profiles")
    desk = open_desk()
    limits = frozenset(Limit(limit) for limit in relax)
    asked = Batch(direction, top, as_of, weights, limits, spread, per_profile, per_position)
    given = read_given(desk, asked, source, extract=not no_extract)
    role = Role.RECRUITER if direction == "offers" else Role.CONSULTANT
    with out.steps(lambda step: notice(out.lang, step, "{}", "{}")) as progress:
        result = runs.run(desk, asked, given, Asker(BY, role, out.lang), progress, scheduler)
    document, sheets = as_document(result, out.lang), as_sheets(result, out.lang)
    out.show_sheets(document, sheets, desk.today(as_of), lambda: _view(desk, out.lang).batch(next(iter(sheets.values()))))
    if result.problems:
        raise DataError(result.problems)


@command(cli, "explain")
@click.argument("profile")
@click.argument("offer")
@with_weight
@with_as_of
def explain(out: Out, profile: str, offer: str, weights: dict[str, float], as_of: date | None) -> None:
    """Explain one pair, suggested or not."""
    desk = open_desk()
    question = Question(as_of, weights=weights)
    answer = desk.explain(_profile(desk, profile), desk.offer(offer), question, _asker(out))
    out.show(as_json(answer), listings.explanation(answer), _view(desk, out.lang, True).explanation(answer))


@command(cli, "pathways")
@click.argument("profile", required=False)
@click.option("--all", "everybody", is_flag=True, help="Over everybody: what offers of partners would open, and for how many.")
@click.option("--input", "source", type=EXISTING, metavar="FILE", help="With --all: only these people; an id will do.")
@click.option("--offer", "offer_id", metavar="ID", help="The one vacancy for which changes are sought.")
@click.option("--top", type=click.IntRange(1, 20), default=10, show_default=True, help="Vacancies that a list holds.")
@with_as_of
def pathways(
    out: Out, profile: str | None, everybody: bool, source: str | None, offer_id: str | None, top: int, as_of: date | None
) -> None:
    """Say what would open more, for a profile or (--all) for everybody together."""
    if (profile is None) != everybody or (everybody and offer_id) or (source and not everybody):
        raise click.UsageError("give either PROFILE (with --offer) or --all (with --input)")
    desk = open_desk()
    if profile is None:
        show_caseload(out, desk, source, _asker(out), as_of, top)
        return
    answer = pathways_for(desk, _profile(desk, profile), _asker(out), as_of, offer_id, top)
    out.show(as_json(answer), listings.pathways(answer), drawn(answer))


@command(cli, "train")
@click.option("--window", type=click.IntRange(1, 730), default=60, show_default=True, help="Days in which a hire counts.")
@click.option("--lag", type=click.IntRange(0, 365), default=30, show_default=True, help="Days in which a hire gets known.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of what is drawn at random.")
@with_as_of
def train(out: Out, window: int, lag: int, seed: int, as_of: date | None) -> None:
    """Learn a model from what became of suggestions.

    It is kept with its card; "models promote" puts it in use.
    """
    from training.learning.runs import learn

    desk = open_desk()
    with out.progress(notice(out.lang, "learning")):
        version, card = learn(desk, desk.today(as_of), window, lag, seed)
    out.show({"model": version, **card}, listings.measures(card["metrics"]), notice(out.lang, "learned", version))


_host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
_port = click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port; 0 takes a free one.")


@command(cli, "serve")
@_host
@_port
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that answer.")
def serve(out: Out, host: str, port: int, workers: int) -> None:
    """Serve the HTTP interface until Ctrl+C or SIGTERM."""
    settings = read_settings()
    with counting_together(workers):
        _serve(out, open_desk(settings), settings, host, port, lambda address: None, workers)


def _serve(out: Out, desk: Desk, settings: Settings, host: str, port: int, tell: Callable[[str], None], workers: int = 1) -> None:
    """Serve a desk; ``tell`` hears the address once requests are taken."""
    from api import create_app

    def ready(address: str) -> None:
        tell(address)
        click.echo(notice(out.lang, "serving", f"{address}/matching/v1"), err=True)

    click.echo(notice(out.lang, "warming"), err=True)
    serving.serve(create_app(desk, settings), desk, host, port, 2 * settings.concurrent_matches, ready, workers)


@command(cli, "demo")
@click.option("--no-serve", is_flag=True, help="Stop after the list.")
@_host
@_port
@with_as_of
@with_all_reasons
def demo(out: Out, no_serve: bool, host: str, port: int, as_of: date | None, all_reasons: bool) -> None:
    """Show one client's list in a built-in world; then serve it."""
    from training.demo import DEMO_DAY, demo_desk, demo_settings

    settings, day = demo_settings(read_settings()), as_of or DEMO_DAY
    with out.progress(notice(out.lang, "loading")):
        desk = demo_desk(settings)
        desk.loaded()
    _suggest(out, desk, desk.profile("link-demo"), Question(day), all_reasons)
    if no_serve:
        return

    def tell(address: str) -> None:
        secret = desk.store.create_key(Role.CONSULTANT, "demo", desk.clock())
        click.echo(notice(out.lang, "try", secret, TRY.format(address, secret, out.lang, day)), err=True)

    _serve(out, desk, settings, host, port, tell)


add_to(cli)


def main() -> None:
    """Run the command line; a character that the terminal does not know never stops it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    cli(prog_name="linkmatch")


if __name__ == "__main__":
    main()
