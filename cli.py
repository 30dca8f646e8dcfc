"""The command line ``linkmatch``: each command parses, asks one room, and shows what it answers."""

import functools
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import click
from pydantic import ValidationError

from matching import imports, listings, serving
from matching.answers import as_json
from matching.codes import LANGUAGES_OF_SERVICE, Kind, Limit, Role
from matching.desk import Asker, Desk, Question
from matching.files import write_rows, write_template
from matching.flat import EXAMPLES, KindOfFile
from matching.fusion import Link
from matching.listings import Listing
from matching.notices import EXPECTED, TRY, Unable, notice, sentences
from matching.records import DataError, Profile
from matching.rendering import Out, View
from matching.settings import Settings
from matching.store import Store

BY: Final = "command-line"
"""Who asked, in the log of what is shown."""
FORMATS: Final = ("table", "json", "csv", "xlsx")

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


def _command(group: click.Group, name: str) -> Callable[[Callable[..., None]], click.Command]:
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


def _day(_context: object, _parameter: object, value: datetime | None) -> date | None:
    return value.date() if value else None


def _weights(_context: object, _parameter: object, given: Sequence[str]) -> dict[str, float]:
    """Read ``NAME=X``."""
    try:
        return {name.strip(): float(value) for name, value in (text.split("=") for text in given)}
    except ValueError:
        raise click.BadParameter("expected NAME=NUMBER") from None


_as_of = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), callback=_day, metavar="DATE", help="Day to answer for (default: today)."
)
_weight = click.option("--weight", "weights", multiple=True, callback=_weights, metavar="NAME=X", help="Weight a comparison.")
_all_reasons = click.option("--all-reasons", is_flag=True, help="Every reason, not only the strongest.")
_existing = click.Path(exists=True, dir_okay=False, allow_dash=True)
_a_path = click.Path(exists=True, dir_okay=False, path_type=Path)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"LINKMATCH_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        raise click.UsageError(names) from None


def _store(settings: Settings) -> Store:
    try:
        return Store.open(settings.url())
    except ModuleNotFoundError as error:  # the driver of another kind of database
        raise Unable("unusable", "LINKMATCH_DATABASE_URL", error) from None


def _desk(settings: Settings | None = None) -> Desk:
    """Give a desk over the database, or say that there is none."""
    settings = settings or _settings()
    store = _store(settings)
    if not store.check():
        raise Unable("no_database")
    return Desk(store, settings)


def _view(desk: Desk, lang: str, all_reasons: bool) -> View:
    """Give the view of people's answers, with the names of places."""
    geography = desk.loaded().matcher.geography

    def place(postcode: str) -> str:
        at = geography.index.get(postcode)
        found = None if at is None else geography.places[at]
        return postcode if found is None else f"{postcode} {found.name_nl if lang == 'nl' else found.name_fr}"

    return View(lang, place, all_reasons)


def _asker(out: Out) -> Asker:
    """Who works at the command line may read the database, so asks as a consultant."""
    return Asker(BY, Role.CONSULTANT, out.lang)


def _row(document: Mapping[str, Any]) -> Listing:
    return Listing(tuple(document), (tuple(document.values()),))


def _version() -> str:
    try:
        return metadata.version("link-match")
    except metadata.PackageNotFoundError:  # run from a checkout
        return "0"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(_version(), prog_name="linkmatch")
def cli() -> None:
    """LINK Match: vacancies and partner offers for a person, people for a vacancy, with reasons."""


@_command(cli, "init")
def init(out: Out) -> None:
    """Create or migrate the database."""
    settings = _settings()
    _store(settings).create(datetime.now(UTC))
    where = "LINKMATCH_DATABASE_URL" if settings.database_url else str(settings.data_dir)  # a URL may hold a password
    out.show({"ready": True, "database": where}, _row({"database": where}), notice(out.lang, "ready", where))


@cli.group()
def keys() -> None:
    """Keys of those who may call the HTTP interface."""


@_command(keys, "create")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What the key may read and do.")
@click.option("--label", default="", help="Whose key it is.")
def keys_create(out: Out, role: str, label: str) -> None:
    """Make a key and show its secret, once."""
    desk = _desk()
    secret = desk.store.create_key(Role(role), label, desk.clock())
    made = {"id": secret.split("_")[1], "role": role, "label": label, "secret": secret}
    out.show(made, _row(made), notice(out.lang, "key", made["id"], role, secret))


@_command(keys, "list")
def keys_list(out: Out) -> None:
    """List the keys, without their secrets."""
    rows = tuple((k.id, k.role.value, k.label, k.created_at, k.revoked_at) for k in _desk().store.keys())  # noqa: SIM118 - not a dict
    columns = ("id", "role", "label", "createdAt", "revokedAt")
    items = [dict(zip(columns, [v.isoformat() if isinstance(v, datetime) else v for v in row], strict=True)) for row in rows]
    out.show({"items": items}, Listing(columns, rows))


@_command(keys, "revoke")
@click.argument("key_id", metavar="ID")
def keys_revoke(out: Out, key_id: str) -> None:
    """Revoke a key for good."""
    desk = _desk()
    if not desk.store.revoke_key(key_id, desk.clock()):
        raise Unable("no_key", key_id)
    out.show({"id": key_id, "revoked": True}, _row({"id": key_id, "revoked": True}), notice(out.lang, "revoked", key_id))


@cli.group("import")
def import_() -> None:
    """Read files into the database.

    The same file again changes nothing.
    """


@_command(import_, "taxonomy")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_taxonomy(out: Out, folder: Path) -> None:
    """Import an ESCO download.

    The official CSV download, v1.1 or v1.2, whatever languages it holds.
    """
    desk = _desk()
    document = imports.import_taxonomy(desk.store, folder, desk.clock())
    out.show(document, imports.counts_listing(document, out.lang))


@_command(import_, "crosswalk")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_a_path)
def import_crosswalk(out: Out, files: tuple[Path, ...]) -> None:
    """Import another scheme, such as ROME or Competent.

    Its mapping to ESCO and its name files are given together.
    """
    desk = _desk()
    document = imports.import_crosswalk(desk.store, files, desk.clock())
    out.show(document, imports.counts_listing(document, out.lang))


def _import_places(name: str, what: str) -> None:
    """Make the command that imports one kind of reference file."""

    @_command(import_, name)
    @click.argument("file", metavar="FILE", type=_a_path)
    def run(out: Out, file: Path) -> None:
        desk = _desk()
        document, problems = imports.import_places(desk.store, name, file, desk.clock(), out.lang)
        out.show(document, imports.counts_listing(document, out.lang))
        if problems:
            raise DataError(problems)

    run.help = what


_import_places("postcodes", "Import postcodes with their points.")
_import_places("travel-times", "Import minutes between postcodes.")


def _import_records(kind: KindOfFile, what: str) -> None:
    """Make the command that imports one kind of record."""

    @_command(import_, kind)
    @click.argument("files", metavar="FILE...", nargs=-1, type=_existing)
    @click.option("--strict", is_flag=True, help="Keep nothing of a file in which anything is wrong.")
    @click.option("--template", metavar="FILE", help="Write a table to fill in (CSV or XLSX), with an example row.")
    def run(out: Out, files: tuple[str, ...], strict: bool, template: str | None) -> None:
        if bool(files) == (template is not None):
            raise click.UsageError("give either FILE... or --template FILE")
        if template is not None:
            _write_template(out, kind, template)
            return
        desk = _desk()
        with out.progress(notice(out.lang, "rows", "{}")) as progress:
            report = imports.import_records(desk, kind, files, strict=strict, progress=progress)
        document = imports.records_document(report, files, out.lang)
        out.show(document, imports.records_listing(document, out.lang))
        if report.problems:
            raise DataError(report.problems)

    run.help = what


_import_records("offers", "Import offers (JSON Lines, CSV, XLSX, schema.org JobPosting).")
_import_records("profiles", "Import profiles (JSON Lines, CSV, XLSX).")
_import_records("outcomes", "Import what became of suggestions.")


def _write_template(out: Out, kind: KindOfFile, template: str) -> None:
    if template == "-":
        write_rows(sys.stdout.buffer, list(EXAMPLES[kind]), [list(EXAMPLES[kind].values())], "csv")
        return
    write_template(kind, template)
    out.show({"template": template}, _row({"template": template}), notice(out.lang, "template", template))


@_command(cli, "link")
@click.argument("kind", type=click.Choice(("occupation", "competence")))
@click.argument("text", required=False)
@click.option("--input", "source", type=_existing, metavar="F.tsv", help="Many texts: id<TAB>text on each line.")
@click.option("--top", type=click.IntRange(1, 100), default=10, show_default=True, help="Concepts at most for each text.")
@click.pass_context
def link(context: click.Context, out: Out, kind: str, text: str | None, source: str | None, top: int) -> None:
    """Find the concepts that a text may mean.

    --lang, when given on the command line, is also the language of the text.
    """
    if (text is None) == (source is None):
        raise click.UsageError("give either TEXT or --input")
    given = context.get_parameter_source("lang") is click.core.ParameterSource.COMMANDLINE
    texts, problems = ({"": text}, []) if text is not None else imports.read_texts(source or "-")
    codes = _desk().loaded().codes
    ranked = codes.linkers[kind].rank_many(list(texts.values()), out.lang if given else None, top)
    found: dict[str, list[Link]] = dict(zip(texts, ranked, strict=True))
    table = listings.links(found, lambda uri: codes.taxonomy.label(uri, out.lang))
    lines = "\n".join("\t".join(str(row[name]) for name in ("id", "rank", "concept", "score")) for row in table.records())
    if text is not None:
        table = Listing(table.columns[1:], tuple(row[1:] for row in table.rows))  # one text needs no id
    out.show({"kind": kind, "text": text, "items": table.records()}, table, None if text is not None else lines)
    if problems:
        raise DataError(problems)


def _profile(desk: Desk, profile_id: str) -> Profile:
    """Read a profile from the database or, for ``-``, as JSON from standard input."""
    return imports.read_given_profile(desk, sys.stdin.buffer.read()) if profile_id == "-" else desk.profile(profile_id)


@_command(cli, "suggest")
@click.argument("profile")
@click.option("--top", type=click.IntRange(1, 100), default=10, show_default=True, help="Vacancies at most.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Only these kinds.")
@click.option("--relax", multiple=True, type=click.Choice([limit.value for limit in Limit]), help="Set a limit aside.")
@click.option("--override-reason", metavar="TEXT", help="Go beyond LINK's dates, for this reason; it is logged.")
@_weight
@_as_of
@_all_reasons
def suggest(
    out: Out, profile: str, top: int, kinds: tuple[str, ...], relax: tuple[str, ...], override_reason: str | None,
    weights: dict[str, float], as_of: date | None, all_reasons: bool,
) -> None:  # fmt: skip
    """Suggest offers for a profile.

    PROFILE is an id, or - for one profile as JSON on standard input.
    """
    desk = _desk()
    limits = frozenset(Limit(limit) for limit in relax)
    wanted = frozenset(Kind(kind) for kind in kinds or Kind)
    question = Question(as_of, top, wanted, weights, limits, imports.read_override(override_reason, BY))
    _suggest(out, desk, _profile(desk, profile), question, all_reasons)


def _suggest(out: Out, desk: Desk, profile: Profile, question: Question, all_reasons: bool = False) -> None:
    answer = desk.suggest(profile, question, _asker(out))
    out.show(as_json(answer), listings.suggestions(answer), _view(desk, out.lang, all_reasons).suggestions(answer))


@_command(cli, "candidates")
@click.argument("offer")
@click.option("--top", type=click.IntRange(1, 100), default=20, show_default=True, help="People at most.")
@_weight
@_as_of
@_all_reasons
def candidates(out: Out, offer: str, top: int, weights: dict[str, float], as_of: date | None, all_reasons: bool) -> None:
    """Find the people for an offer."""
    desk = _desk()
    answer = desk.candidates(desk.offer(offer), Question(as_of, top, weights=weights), _asker(out))
    out.show(as_json(answer), listings.candidates(answer), _view(desk, out.lang, all_reasons).candidates(answer))


@_command(cli, "explain")
@click.argument("profile")
@click.argument("offer")
@_weight
@_as_of
def explain(out: Out, profile: str, offer: str, weights: dict[str, float], as_of: date | None) -> None:
    """Explain one pair, suggested or not."""
    desk = _desk()
    question = Question(as_of, weights=weights)
    answer = desk.explain(_profile(desk, profile), desk.offer(offer), question, _asker(out))
    out.show(as_json(answer), listings.explanation(answer), _view(desk, out.lang, True).explanation(answer))


_host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
_port = click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port; 0 takes a free one.")


@_command(cli, "serve")
@_host
@_port
def serve(out: Out, host: str, port: int) -> None:
    """Serve the HTTP interface until Ctrl+C or SIGTERM."""
    settings = _settings()
    _serve(out, _desk(settings), settings, host, port, lambda address: None)


def _serve(out: Out, desk: Desk, settings: Settings, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve a desk; ``tell`` hears the address once requests are taken."""
    from api import create_app

    def ready(address: str) -> None:
        tell(address)
        click.echo(notice(out.lang, "serving", f"{address}/matching/v1"), err=True)

    click.echo(notice(out.lang, "warming"), err=True)
    serving.serve(create_app(desk, settings), desk, host, port, 2 * settings.concurrent_matches, ready)


@_command(cli, "demo")
@click.option("--no-serve", is_flag=True, help="Stop after the list.")
@_host
@_port
@_as_of
@_all_reasons
def demo(out: Out, no_serve: bool, host: str, port: int, as_of: date | None, all_reasons: bool) -> None:
    """Show one client's list in a built-in world; then serve it."""
    from training.demo import DEMO_DAY, demo_desk, demo_settings

    settings, day = demo_settings(_settings()), as_of or DEMO_DAY
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


def main() -> None:
    """Run the command line; a character that the terminal does not know never stops it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    cli(prog_name="linkmatch")


if __name__ == "__main__":
    main()
