"""A model card as a page in Markdown, with the shape of each comparison as a picture."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from matching.codes import LANGUAGES_OF_SERVICE, Words, word
from matching.comparisons import COMPARISONS
from models.refusal import REASONS
from training.learning.card_words import COLUMNS, COUNTS, HEADINGS, RANKINGS, SENTENCES, SPLITS
from training.learning.evaluation import MEASURES

Figure = Mapping[str, float | None]

WIDTH, HEIGHT, STATES_FROM, MARGIN = 320, 150, 250, 14
STATES: Final = ("not_asked", "unstated", "unknown")


def render(card: Mapping[str, Any], lang: str) -> str:
    """Write a card, as `training.train` makes it, in one language."""
    parts = [
        f"# {word(HEADINGS, 'title', lang)}",
        *_part("purpose", lang, word(SENTENCES, "purpose", lang)),
        *_part("not_for", lang, word(SENTENCES, "not_for", lang)),
        *_part("data", lang, *_data(card, lang)),
        *_part("definitions", lang, _hire(card, lang), word(SENTENCES, "measures", lang)),
        *_part("splits", lang, *_splits(card, lang)),
        *_part("ranking", lang, _figures(card["metrics"], RANKINGS, lang)),
        *_part("differences", lang, _figures(card["differences"], RANKINGS, lang)),
        *_part("groups", lang, _groups(card, lang)),
        *_part("calibration", lang, *_calibration(card, lang)),
        *_part("missing", lang, _missing(card, lang)),
        *_part("shapes", lang, *_shapes(card, lang)),
    ]
    return "\n\n".join(parts) + "\n"


def _part(name: str, lang: str, *texts: str) -> list[str]:
    return [f"## {word(HEADINGS, name, lang)}", *texts]


def number(value: float | None, lang: str, digits: int = 3) -> str:
    """Write a number as the language does; unknown is a dash."""
    if value is None:
        return "–"
    return f"{value:.{digits}f}".replace(".", "." if lang == "en" else ",").replace("-", "−")


def _interval(found: Figure | None, lang: str) -> str:
    if found is None or found["value"] is None:
        return "–"
    return f"{number(found['value'], lang)} [{number(found['low'], lang)} ; {number(found['high'], lang)}]"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _columns(lang: str, *names: str) -> list[str]:
    return [word(COLUMNS, name, lang) for name in names]


def _data(card: Mapping[str, Any], lang: str) -> list[str]:
    data = card["data"]
    counts = [(word(COUNTS, name, lang), n) for name, n in data["counts"].items()]
    said = word(SENTENCES, "data", lang).format(first=data["first_shown"], last=data["last_shown"], as_of=data["as_of"])
    return [said, _table(["", word(COLUMNS, "count", lang)], counts)]


def _hire(card: Mapping[str, Any], lang: str) -> str:
    return word(SENTENCES, "hire", lang).format(window=card["data"]["window_days"], lag=card["data"]["lag_days"])


def _splits(card: Mapping[str, Any], lang: str) -> list[str]:
    fields = ("first_shown", "last_shown", "people", "employers", "rows", "hires")
    rows = [[word(SPLITS, name, lang), *(card["splits"][name][field] for field in fields)] for name in SPLITS]
    columns = _columns(lang, "split", "from", "to", "people", "employers", "rows", "hires")
    learned = word(SENTENCES, "learned_from", lang).format(card["fit"]["people"])
    return [_table(columns, rows), word(SENTENCES, "apart" if card["splits"]["by_employer"] else "not_apart", lang), learned]


def _figures(found: Mapping[str, Mapping[str, Figure]], names: Words, lang: str) -> str:
    rows = [[word(names, name, lang), *(_interval(figures[m], lang) for m in MEASURES)] for name, figures in found.items()]
    return _table(_columns(lang, "ranking", *MEASURES), rows)


def _groups(card: Mapping[str, Any], lang: str) -> str:
    if not card["groups"]:
        return word(SENTENCES, "no_groups", lang)
    few, ratios = word(SENTENCES, "small", lang), card["calibration"]["by_group"]
    rows = []
    for name, figures in card["groups"].items():
        ratio = dict(zip(("value", "low", "high"), ratios[name], strict=True)) if name in ratios else None
        measured = [few, *[""] * (len(MEASURES) - 1)] if figures is None else [_interval(figures[m], lang) for m in MEASURES]
        rows.append([escape(name), *measured, _interval(ratio, lang)])
    return _table(_columns(lang, "group", *MEASURES, "ratio"), rows)


def _calibration(card: Mapping[str, Any], lang: str) -> list[str]:
    found = card["calibration"]
    why = ", ".join(word(REASONS, name, lang) for name in found["why_not"])
    figures = {name: number(found[name], lang, 2) for name in ("ratio", "slope")}
    counts = {"n": found["n"], "hires": found["hires"], "expected": number(found["expected"], lang, 1)}
    verdict = word(SENTENCES, "verdict", lang).format(**counts, **figures, skill=_interval(card["skill"], lang))
    rows = [[part["n"], number(part["expected"], lang, 4), number(part["observed"], lang, 4)] for part in found["reliability"]]
    said = word(SENTENCES, "shown", lang) if found["shown"] else word(SENTENCES, "not_shown", lang).format(why)
    return [said, verdict, _table(_columns(lang, "rows", "expected", "observed"), rows)]


def _titles(lang: str) -> dict[str, str]:
    return {c.name: c.title[LANGUAGES_OF_SERVICE.index(lang)] for c in COMPARISONS}


def _missing(card: Mapping[str, Any], lang: str) -> str:
    titles = _titles(lang)
    rows = [[titles[name], *(f"{100 * shares[s]:.0f} %" for s in STATES)] for name, shares in card["missing"].items()]
    return _table(_columns(lang, "comparison", *STATES), rows)


def _shapes(card: Mapping[str, Any], lang: str) -> list[str]:
    titles = _titles(lang)
    pictures = [picture(titles[name], table, lang) for name, table in card["tables"].items()]
    return [word(SENTENCES, "picture", lang), *pictures]


def picture(title: str, table: Mapping[str, Any], lang: str) -> str:
    """Draw one table (solid) and the hand-set one (dashed) as an SVG element; the three states stand at the right."""
    before = table["hand_set"]
    levels = [y for one in (table, before) for y in (*(y for _, y in one["points"]), *(one[state] for state in STATES))]
    low, high = min(0.0, *levels), max(0.0, *levels)
    scale = (HEIGHT - 3 * MARGIN) / max(high - low, 1e-9)

    def height(y: float) -> float:
        return float(2 * MARGIN + (high - y) * scale)

    def line(points: Sequence[Sequence[float]], style: str) -> str:
        at = " ".join(f"{MARGIN + x * (STATES_FROM - 2 * MARGIN):.1f},{height(y):.1f}" for x, y in points)
        return f'<polyline points="{at}" fill="none" {style}/>'

    dots = []
    for place, state in enumerate(STATES):
        x = STATES_FROM + place * (WIDTH - STATES_FROM) / len(STATES) + MARGIN / 2
        dots.append(f'<circle cx="{x:.1f}" cy="{height(before[state]):.1f}" r="4" fill="none" stroke="#777"/>')
        dots.append(f'<circle cx="{x:.1f}" cy="{height(table[state]):.1f}" r="3" fill="#1a5fb4"/>')
    zero = height(0.0)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<text x="{MARGIN}" y="{MARGIN}" font-family="sans-serif" font-size="12">{escape(title)}</text>',
            f'<text x="{WIDTH - 4}" y="{MARGIN}" font-family="sans-serif" font-size="10" text-anchor="end">'
            f"{number(low, lang, 1)} … {number(high, lang, 1)}</text>",
            f'<line x1="0" x2="{WIDTH}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="#ccc"/>',
            line(before["points"], 'stroke="#777" stroke-dasharray="4 3"'),
            line(table["points"], 'stroke="#1a5fb4" stroke-width="2"'),
            *dots,
            "</svg>",
        )
    )
