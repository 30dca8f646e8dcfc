"""Reports as pages: self-contained HTML in one language, with pictures inside, for reading, printing and keeping."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape, unescape
from typing import Any, Final

from matching.codes import EVENT_WORDS, word
from matching.guidance import say_date
from matching.listings import Listing
from training.measures.definitions import Definitions
from training.measures.funnel import FUNNEL_WORDS
from training.measures.hires import STATE_WORDS, VERDICT_WORDS
from training.pictures import Axes, Bar, Steps, intervals_picture, steps_picture
from training.report_words import PAGE_WORDS

NAN: Final = float("nan")
DASH: Final = "–"
NO_BREAK: Final = "\u00a0"
STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#222;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.7rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2.2rem;border-top:1px solid #ccc;padding-top:1rem}"
    "h3{font-size:1rem;margin:1.2rem 0 .2rem}"
    "table{border-collapse:collapse;font-size:.9rem;margin:.8rem 0}th,td{padding:.3rem .6rem;text-align:right;"
    "border-bottom:1px solid #ddd;vertical-align:top}th:first-child,td:first-child{text-align:left}th{font-weight:600}"
    "td.words,th.words{text-align:left;min-width:8rem}td{font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto;font-family:inherit}.scroll{overflow-x:auto}.how{color:#444}"
    ".headline{font-size:1.15rem;border-left:4px solid #00519e;padding-left:.8rem}dt{font-weight:600;margin-top:.6rem}"
    "dd{margin:0}dt{break-after:avoid}"
    "td:not(.words):not(:first-child){white-space:nowrap}@page{margin:15mm}@media print{body{margin:0;max-width:none;"
    "font-size:10pt}table{font-size:8pt}th,td{padding:.2rem .3rem}h2,h3,.how,.title{break-after:avoid}"
    "tr,svg,.how{break-inside:avoid}}"
)
FUNNEL_PARTS: Final = (
    ("shown", "proposed", "suggested", "applied", "interviewed", "hired", "kept", "still_open"),
    ("days_to_application", "days_to_interview", "days_to_hire", "hires", "hires_unsuggested"),
)
"""Columns of the funnel, as two tables."""


class Page:
    """Writes one page in one language: words, numbers, tables."""

    def __init__(self, lang: str, groups: Mapping[str, str] | None = None) -> None:
        self.lang = lang
        self.groups = groups or {}

    def group(self, code: str) -> str:
        """Name a target group; one without words by its code."""
        return escape(self.groups.get(code, code).replace(" §", f"{NO_BREAK}§")) or self.say("no_group")

    def say(self, name: str, *values: object, **named: object) -> str:
        """Say one of the `PAGE_WORDS`, ready for HTML."""
        return escape(word(PAGE_WORDS, name, self.lang).format(*values, **named))

    def number(self, value: float | None, digits: int = 0) -> str:
        """Write a number as the language does; a dash for one that is not known or not shown."""
        if value is None:
            return DASH
        apart, point = {"fr": ("\u202f", ","), "nl": (".", ","), "en": (",", ".")}[self.lang]
        return f"{value:,.{digits}f}".replace(",", "\0").replace(".", point).replace("\0", apart)

    def percent(self, share: float | None) -> str:
        """Write a share in percent, with one decimal."""
        return DASH if share is None else f"{self.number(100 * share, 1)}{'' if self.lang == 'en' else NO_BREAK}%"

    def interval(self, found: Mapping[str, Any], written: Any = None) -> str:
        """Write the limits of an estimate."""
        say = written or self.percent
        known = found["low"] is not None and found["high"] is not None
        return f"{say(found['low'])}{NO_BREAK}{DASH}{NO_BREAK}{say(found['high'])}" if known else DASH

    def table(self, heads: Iterable[str], rows: Iterable[Sequence[str]], words: Sequence[int] = ()) -> str:
        """Write a table; columns whose numbers are in ``words`` hold text."""
        kind = dict.fromkeys(words, ' class="words"')
        head = "".join(f'<th scope="col"{kind.get(at, "")}>{name}</th>' for at, name in enumerate(heads))
        body = "".join(
            "<tr>" + "".join(f"<td{kind.get(at, '')}>{cell}</td>" for at, cell in enumerate(row)) + "</tr>" for row in rows
        )
        return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'

    def section(self, name: str, *parts: str, how: str = "") -> str:
        """Write a section: its heading, how to read it, and what it holds."""
        return f"<h2>{self.say(name)}</h2>" + (f'<p class="how">{how}</p>' if how else "") + "".join(parts)

    def whole(self, title: str, parts: Iterable[str]) -> str:
        """Put a page together."""
        return (
            f'<!doctype html><html lang="{self.lang}"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><h1>{title}</h1>'
            + "".join(parts) + "</body></html>\n"
        )  # fmt: skip

    def facts(self, document: Mapping[str, Any], definitions: Definitions) -> str:
        """Say what the report rests on."""
        ends = {
            name: say_date(date.fromisoformat(document[name]), self.lang) for name in ("since", "until") if document.get(name)
        }
        said = self.say(
            "facts", as_of=say_date(date.fromisoformat(document["asOf"]), self.lang), data=document["dataDigest"][:12],
            version=definitions.version, digest=definitions.digest[:12],
        )  # fmt: skip
        people = ""
        if "since" in document:
            period = word(PAGE_WORDS, "_".join(ends) or "always", self.lang).format(**ends)
            people = f"<p>{self.say('registered_in', period)}</p>"
        return f'<p>{said} {self.say("facts_how")}</p>{people}'

    def counts(self, document: Mapping[str, Any]) -> str:
        """Show where every row of the log went, and the funnel."""
        funnel = self.section("funnel", *(self._funnel(document, part) for part in FUNNEL_PARTS), how=self.say("funnel_how"))
        found = document["reconciliation"]
        gone: dict[str, int] = {}
        for row in found["erased"]:
            gone[row["kind"]] = gone.get(row["kind"], 0) + row["count"]
        names = ("logged", "counted", "repeated", "corrected", "without_offer", "unproposed", "explained")
        rows = [
            [
                self.say("shown") if kind == "shown" else escape(word(EVENT_WORDS, kind, self.lang)),
                *(self.number(account[name]) for name in names), self.number(gone.get(kind, 0)),
            ]
            for kind, account in found["kinds"].items()
        ]  # fmt: skip
        heads = [_raised(self.say(name)) for name in ("kind", *names, "erased")]
        how = self.say("reconciled_how" if found["complete"] else "uncounted")
        return funnel + self.section("reconciled", self.table(heads, rows), how=how)

    def _funnel(self, document: Mapping[str, Any], names: Sequence[str]) -> str:
        heads = [escape(word(FUNNEL_WORDS, name, self.lang)) for name in ("month", *names)]
        rows = [
            [row["month"], *(self.number(row[name], int(isinstance(row[name], float) and row[name] % 1 > 0)) for name in names)]
            for row in document["funnel"]
        ]
        return self.table(map(_raised, heads), rows)

    def glossary(self, definitions: Definitions, names: Iterable[str], target: float) -> str:
        """Say the settings in words, with the target that the report was held against."""
        number = self.number(100 * target, int(100 * target % 1 > 0))
        said = (definitions.words[name][self.lang].replace("{target}", number) for name in names)
        return self.section("glossary", *(f"<p>{escape(one)}</p>" for one in said))


def _raised(text: str) -> str:
    """Begin a heading of a column with a capital letter."""
    return text[:1].upper() + text[1:]


def once(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Leave out of the first column what the row above says already."""
    before = ["", *(row[0] for row in rows)]
    return [["" if row[0] == above else row[0], *row[1:]] for row, above in zip(rows, before, strict=False)]


def match_to_hire_page(
    document: Mapping[str, Any], definitions: Definitions, lang: str, groups: Mapping[str, str] | None = None
) -> str:
    """Write the report on match-to-hire as a page in ``fr``, ``nl`` or ``en``; ``groups`` are the words of target groups."""
    page = Page(lang, groups)
    return page.whole(
        page.say("title"),
        [
            page.facts(document, definitions), _short(page, document, definitions), _in_words(page, definitions),
            *(_curve(page, one, document, definitions) for one in document["definitions"] if one["name"] == _drawn(document)),
            _naive(page, document), _years(page, document), _fund(page, document["socialFund"]),
            _groups(page, document, definitions), page.counts(document),
            page.glossary(definitions, definitions.words, document["target"]),
        ],
    )  # fmt: skip


def _drawn(document: Mapping[str, Any]) -> str:
    """Name the definition whose curve is drawn: the one chosen, if it has one, else the first that has."""
    drawn = [one["name"] for one in document["definitions"] if one["curve"]]
    chosen = (document["headline"] or {}).get("definition")
    return str(chosen if chosen in drawn else next(iter(drawn), ""))


def _title(definitions: Definitions, name: str, lang: str) -> str:
    return escape(definitions.named(name).title[lang])


def _answer(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the estimate on which the verdict of a definition rests."""
    unknown = {"value": None, "low": None, "high": None}
    at_day = [row for row in one["incidence"] if row["state"] == "job" and row["day"] == one["days"]]
    return at_day[0] if at_day else one["share"] or unknown


def match_to_hire_summary(document: Mapping[str, Any], definitions: Definitions, lang: str) -> Listing:
    """Say the answer of each definition in words: what a terminal shows of the report."""
    heads, rows = _in_short(Page(lang), document, definitions)
    return Listing(tuple(map(unescape, heads)), tuple(tuple(map(unescape, row)) for row in rows))


def _in_short(page: Page, document: Mapping[str, Any], definitions: Definitions) -> tuple[list[str], list[list[str]]]:
    rows = []
    for one in document["definitions"]:
        found = _answer(one)
        basis = (
            page.say("everybody")
            if one["curve"]
            else page.say("followed", say_date(date.fromisoformat(one["registeredUntil"]), page.lang))
        )
        if not one["curve"] and (one["share"] or {}).get("unknown"):
            basis += page.say("unknown_too", one["share"]["unknown"])
        people = one["people"] if one["curve"] else one["followedLongEnough"]
        title = _title(definitions, one["name"], page.lang)
        verdict = escape(word(VERDICT_WORDS, one["verdict"], page.lang))
        rows.append([title, page.percent(found["value"]), page.interval(found), page.number(people), verdict, basis])
    return [page.say(name) for name in ("definition", "share", "interval", "people", "verdict", "basis")], rows


def _short(page: Page, document: Mapping[str, Any], definitions: Definitions) -> str:
    bars = []
    for one in document["definitions"]:
        found = _answer(one)
        value, low, high = (NAN if found[part] is None else found[part] for part in ("value", "low", "high"))
        said = page.percent(found["value"]) + (f" ({page.interval(found)})" if found["low"] is not None else "")
        named = word(PAGE_WORDS, "group_count", page.lang).format(definitions.named(one["name"]).title[page.lang], "").rstrip()
        bars.append(Bar(named, value, low, high, said))
    heads, rows = _in_short(page, document, definitions)
    picture = intervals_picture(bars, _axes(page, document, "short"))
    return page.section("short", _headline(page, document, definitions), picture, page.table(heads, rows, words=(4, 5)))


def _headline(page: Page, document: Mapping[str, Any], definitions: Definitions) -> str:
    chosen = document["headline"]
    if chosen is None:
        return f"<p>{page.say('no_headline')}</p>"
    found = _answer(next(one for one in document["definitions"] if one["name"] == chosen["definition"]))
    parts = {"number": page.percent(found["value"]), "low": page.percent(found["low"]), "high": page.percent(found["high"])}
    title = definitions.named(chosen["definition"]).title[page.lang]
    name = "headline_few" if found["value"] is None else "headline_bare" if found["low"] is None else "headline"
    said = page.say(name, title=title, verdict=word(VERDICT_WORDS, chosen["verdict"], page.lang), **parts)
    return f'<p class="headline">{said}</p>'


def _in_words(page: Page, definitions: Definitions) -> str:
    said = "".join(
        f"<dt>{_title(definitions, name, page.lang)}</dt><dd>{escape(one.words[page.lang])}</dd>"
        for name, one in definitions.definitions.items()
    )
    return page.section("words", f"<dl>{said}</dl>")


def _axes(page: Page, document: Mapping[str, Any], title: str, marks: Sequence[int] = ()) -> Axes:
    plain = {name: word(PAGE_WORDS, name, page.lang) for name in ("across", "up", "at_risk", "target", title)}
    target = document["target"]
    return Axes(
        plain[title], plain["across"], plain["up"], plain["at_risk"], marks, target,
        plain["target"].format(page.percent(target)), "%" if page.lang == "en" else f"{NO_BREAK}%",
    )  # fmt: skip


def _curve(page: Page, one: Mapping[str, Any], document: Mapping[str, Any], definitions: Definitions) -> str:
    curve, last = one["curve"], max(row["day"] for row in one["incidence"])
    parts = {part: [NAN if row[part] is None else row[part] for row in curve["job"]] for part in ("value", "low", "high")}
    lines = [Steps(word(STATE_WORDS, "job", page.lang), curve["days"], parts["value"], parts["low"], parts["high"])]
    for state, values in curve["others"].items():
        if any(values):
            lines.append(Steps(word(STATE_WORDS, state, page.lang), curve["days"], [NAN if v is None else v for v in values]))
    at_risk = [(row["day"], page.number(row["people"])) for row in curve["atRisk"]]
    picture = steps_picture(
        lines, at_risk, last, _axes(page, document, "curve", sorted({row["day"] for row in one["incidence"]}))
    )
    shown = {line.name for line in lines}
    rows = [
        [page.number(row["day"]), escape(name), page.percent(row["value"]), page.interval(row)]
        for row in one["incidence"]
        if (name := word(STATE_WORDS, row["state"], page.lang)) in shown
    ]
    heads = [page.say(name) for name in ("day", "how", "share", "interval")]
    title = f'<p class="title"><strong>{_title(definitions, one["name"], page.lang)}</strong></p>'
    return page.section("curve", title, picture, how=page.say("curve_how")) + page.section(
        "ends", page.table(heads, rows, words=(1,)), how=page.say("ends_how")
    )


def _naive(page: Page, document: Mapping[str, Any]) -> str:
    one = next((one for one in document["definitions"] if one["name"] == _drawn(document)), None)
    if one is None:
        return ""
    right = {row["day"]: row["value"] for row in one["incidence"] if row["state"] == "job"}
    rows = [
        [
            page.number(row["day"]),
            page.percent(row["share"]),
            page.percent(row["oneMinusKaplanMeier"]),
            page.percent(right[row["day"]]),
        ]
        for row in one["naive"]
    ]
    heads = [page.say(name) for name in ("day", "naive_share", "kaplan_meier", "right")]
    return page.section("naive", page.table(heads, rows), how=page.say("naive_how"))


def _years(page: Page, document: Mapping[str, Any]) -> str:
    states = ("job", "handed_over", "withdrawn", "guidance_end", "open")
    heads = [page.say("year"), page.say("registered"), page.say("by_group"), page.say("too_recent")]
    heads += [escape(word(STATE_WORDS, state, page.lang)) for state in states]
    rows = [
        [
            row["year"], page.number(row["registered"]),
            "<br>".join(_group_count(page, group, n) for group, n in row["groups"].items()),
            page.number(row["tooRecent"]), *(page.number(row[state]) for state in states),
        ]
        for row in document["years"]
    ]  # fmt: skip
    return page.section("years", page.table(heads, rows, words=(2,)), how=page.say("years_how"))


def _group_count(page: Page, group: str, n: int | None) -> str:
    return word(PAGE_WORDS, "group_count", page.lang).format(page.group(group), page.number(n))


def _fund(page: Page, found: Mapping[str, Any]) -> str:
    """Show the yearly counts for the European Social Fund: who came, and who was in work on leaving and later."""
    answers = {"yes": "yes", "no": "no", "unknown": "not_known", "tooRecent": "recent"}
    statuses = {"inWork": "in_work", "withoutWork": "without_work", "unknown": "not_known"}
    tables = (
        ("entries", "fund_entries", "participants", statuses, ()),
        ("onLeaving", "fund_on_leaving", "left", answers, (found["onLeavingDays"],)),
        ("later", "fund_later", "left", answers, (found["laterDays"],)),
    )
    parts = []
    for name, title, total, cells, days in tables:
        heads = [page.say(head) for head in ("year", total, *cells.values())]
        rows = [[row["year"], *(page.number(row[cell]) for cell in ("people", *cells))] for row in found[name]]
        how = f'<p class="how">{page.say(f"{title}_how")}</p>'
        parts += [f"<h3>{page.say(title, *days)}</h3>", how, page.table(heads, rows)]
    return page.section("fund", *parts, how=page.say("fund_how"))


def _groups(page: Page, document: Mapping[str, Any], definitions: Definitions) -> str:
    rows = [
        [
            _title(definitions, row["definition"], page.lang), page.group(row["group"]),
            page.number(row["people"]), page.number(row["count"]), page.percent(row["value"]), page.interval(row),
        ]
        for row in document["groups"]
    ]  # fmt: skip
    heads = [page.say(name) for name in ("definition", "group", "people", "count", "share", "interval")]
    return page.section("groups", page.table(heads, once(rows), words=(1,)), how=page.say("groups_how"))
