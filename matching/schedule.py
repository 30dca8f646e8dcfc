"""Hours per week, shifts and days as vacancies say them in French, Dutch and English.

Everything reads plain text (`matching.cues.plain`): lower case, no accents, every offset kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from matching.codes import Day, Shift
from matching.cues import spaced
from matching.said import Finding

Table = tuple[tuple[str, re.Pattern[str]], ...]
"""Codes, each with the words that say it."""

NUMBER_WORDS: Final = {
    **dict.fromkeys("un une een one".split(), 1),
    **dict.fromkeys("deux twee two".split(), 2),
    **dict.fromkeys("trois drie three".split(), 3),
    **dict.fromkeys("quatre vier four".split(), 4),
    **dict.fromkeys("cinq vijf five".split(), 5),
    **dict.fromkeys("six zes".split(), 6),
    **dict.fromkeys("sept zeven seven".split(), 7),
    **dict.fromkeys("huit acht eight".split(), 8),
    **dict.fromkeys("neuf negen nine".split(), 9),
    **dict.fromkeys("dix tien ten".split(), 10),
    **dict.fromkeys("douze twaalf twelve".split(), 12),
    **dict.fromkeys("dix-huit achttien eighteen".split(), 18),
    **dict.fromkeys("dix-neuf negentien nineteen".split(), 19),
    **dict.fromkeys("vingt twintig twenty".split(), 20),
    **dict.fromkeys("vingt-quatre vierentwintig twenty-four".split(), 24),
    **dict.fromkeys("trente dertig thirty".split(), 30),
    **dict.fromkeys("trente-cinq vijfendertig thirty-five".split(), 35),
    **dict.fromkeys("trente-six zesendertig thirty-six".split(), 36),
    **dict.fromkeys("trente-huit achtendertig thirty-eight".split(), 38),
    **dict.fromkeys("quarante veertig forty".split(), 40),
}
WORDED: Final = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
AT_LEAST: Final = (
    r"(?:min(?:imum|imaal|imal|\.)?|au moins|au minimum|minstens|ten ?minste|op zijn minst|at least|a partir de|vanaf"
    r"|plus de|meer dan"
    r"|more than|over)"
)
AT_MOST: Final = (
    r"(?:max(?:imum|imaal|imal|\.)?|au plus|au maximum|jusqu'a|tot(?: en met)?|hoogstens|ten hoogste|up to|at most"
    r"|pas plus de|niet meer dan"
    r"|no more than|not more than|moins de|minder dan|less than)"
)

_N: Final = rf"(?:\d{{1,2}}(?:[.,]\d{{1,2}})?(?! ?[hu]? ?\d)|\d{{1,2}} ?[hu] ?\d{{2}}(?!\d)|\b(?:{WORDED})\b)"
_UNIT: Final = r"(?:(?:heures?|hours?|hrs?|uren|uur|h|u)\b\.?|(?<=[hu]\d\d)|(?<=[hu] \d\d))"
_TO: Final = r" ?(?:-|a|tot(?: en met)?|t/m|to|et|en|and|ou|of|or|/) ?"
_RANGE: Final = rf"(?P<least>{_N})(?: ?{_UNIT})?(?:{_TO}(?P<most>{_N}))?"
_WEEK: Final = (
    r"(?: ?(?:/|par|per|each|every|chaque|elke|iedere|op een|in de|sur la|sur une|over a|a|p[./]?|,)? ?(?:semaines?|sem\b"
    r"|werkweek|weeks?|wk)(?!-?end)"
    r"|(?: ?/ ?| ?p[./ ]?| per )w\b| hebdo\w*| weekly| wekelijks)\.?(?!\w)"
)
_BOUND: Final = rf"(?:(?P<atleast>{AT_LEAST})|(?P<atmost>{AT_MOST})|entre|tussen|between|van|from|de)?[ :]{{0,3}}"
_AFTER: Final = r"(?: ?\(?(?:(?P<minimum>minimum|min\b\.?|of meer|ou plus|or more)|(?P<maximum>maximum|max\b\.?)))?"
_EXTENT: Final = (
    r"(?:temps[- ]?pleins?|temps[- ]?partiels?|[1-4]/[45]e?(?: temps)?|[1-9]\d ?%|mi-temps|voltijds?e?|deeltijds?e?|halftijds?e?"
    r"|full[- ]?time|part[- ]?time|semaine de \d jours|cdi|cdd|contrats?|contract|regime(?: de travail| horaire)?"
    r"|(?:arbeids|tijds|uur)regime|arbeidsduur|uurregeling|tewerkstelling)"
)
_NOT_CLOCK: Final = (
    r"(?! ?\d| ?[-/] ?\d| ?(?:a|tot|to|until|jusqu'a) \d| ?(?:/|par|per|a|p[./]?) ?(?:jour|dag|day|d\b|j\b|24|mois|maand"
    r"|month|an\b|jaar|year))"
)
_HOURS: Final = tuple(
    spaced(pattern)
    for pattern in (
        # 20 à 25 h/semaine; max. 15h per week
        rf"(?<![\w/:.,])(?:\b{_BOUND})?(?<![\w:.,-]){_RANGE} ?{_UNIT}{_WEEK}{_AFTER}",
        # 38-urenweek; a 38-hour week
        rf"(?<![\w/:.,])(?P<least>{_N})[ -]?(?:(?:uren|uur|u|urige|hour|hrs?|h|heures?)[ -]?(?:(?:werk|working"
        rf"|work)[ -]?)?week(?!-?end)|uren-?stelsel)\w*",
        # a 36-hour contract
        rf"(?<![\w/:.,])(?P<least>{_N})[ -]?(?:uren|uur|u|hour|h)s?[ -]?contract\w*",
        # semaine de 38 heures; heures par semaine : 38
        rf"\b(?:semaines?|werkweek|week)(?: de travail)? (?:de|van|of) {_RANGE} ?{_UNIT}",
        rf"\b(?:(?:heures?|h|uren|uur|hours?){_WEEK}|heures hebdomadaires|weekly hours|weekuren|(?:horaire|duree"
        rf"|temps de travail) hebdomadaire|uren/week)"
        rf" ?(?:(?:de|van|of|:|=|is) ?){{1,2}}{_BOUND}{_RANGE}(?:(?: ?{_UNIT})|(?!\w|[.,:]\d)){_NOT_CLOCK}",
        # 38h/s; hours: 38/week
        rf"(?<![\w/:.,-])(?P<least>{_N}) ?h ?/ ?s\b",
        rf"\b(?:heures|uren|hours) ?[:=] ?(?P<least>{_N}){_WEEK}",
        # temps plein 38h; CDI (38h)
        rf"\b{_EXTENT}(?!\w)[ :,(–-]{{0,4}}(?:(?:de|sur|van|of|a|met|soit|=|sur base de"
        rf"|op basis van) )?\(?{_BOUND}(?P<least>{_N})(?:{_TO}(?P<most>{_N}))? ?{_UNIT}{_NOT_CLOCK}",
        rf"(?<![\w/:.,-])(?<!\ba )(?<!tot )(?<!to )(?<!- )(?P<least>{_N}) ?{_UNIT}[ (-]{{0,3}}(?:a )?(?:temps[- ]?pleins?"
        rf"|temps[- ]?partiels?|mi-temps|voltijds|deeltijds|halftijds|full[- ]?time|part[- ]?time)\b",
    )
)
_OPEN: Final = re.compile(
    r"\b(?:ouverte?s?(?! (?:a|au|aux)\b)|ouvrons|ouverture|open(?! (?:to|for|voor)\b)|opening|geopend|openingsuren"
    r"|ferme[es]*|fermeture|gesloten|closed)\b"
)
_WIDEST: Final = 3  # times the least that a range of hours may reach
_MOST_HOURS: Final = 60  # beyond that it is no working week

_TWO: Final = (
    r"\b2 ?[x×*] ?8\b|\bdeux-huit\b|\b(?:en )?(?:deux|2) (?:pauses|postes)\b(?! de \d| caf)|\ben (?:deux|2) equipes\b"
    r"|\bdouble pause\b"
    r"|\b(?:2|twee) ?-?ploegen\w*|\b(?:2|two|twee)[- ]shift(?:s|en)?\b"
)
_THREE: Final = (
    r"\b[345] ?[x×*] ?8\b|\btrois-huit\b|\b(?:en )?(?:trois|3) (?:pauses|postes)\b(?! de \d| caf)|\ben (?:trois|3) equipes\b"
    r"|\b(?:3|drie|4|vier|5|vijf) ?-?ploegen\w*|\b(?:3|three|drie)[- ]shift(?:s|en)?\b|\bfeu continu\b|\bvol(?:le)? ?continu\w*"
    r"|\bfull[- ]continu\w*|\bcontinudienst\w*"
)
_EN_TIMES: Final = r"(?:early|late|nights?|day|mornings?|evenings?|afternoons?|weekends?)"
_EN_SHIFT: Final = (
    rf"(?=(?:[ ,/-]{{0,3}}(?:and |or |& ?)?{_EN_TIMES}\b){{0,4}}[ -]{{1,2}}(?:shifts?|work|hours|duty|duties|rota)\b)"
)
_NL_TIMES: Final = r"(?:vroege?|laat|late|nacht|dag|avond|ochtend|morgen|middag|namiddag|weekend)"
_NL_KIND: Final = r"(?:ploeg|dienst|shift|werk|uren|post(?:en)?\b|uurrooster|regime|prestatie)"
_NL_SHIFT: Final = (
    rf"(?=(?:-?[ ,/-]{{0,3}}(?:en |of |& ?)?{_NL_TIMES}\b){{0,4}}-?[ -]{{0,2}}(?:(?:en |of |, ?)?{_NL_TIMES})?{_NL_KIND})"
)
_SHIFTS: Final[Table] = tuple(
    (code, spaced("|".join(patterns)))
    for code, patterns in (
        (
            Shift.DAY,
            (
                r"\b(?:(?:horaires?|travail\w*) de|en) journee\b|\b(?:horaires?|travail|equipe|poste|service|shift"
                r"|pause)s? de jour\b",
                r"\b(?:de )?jour (?:comme|et|ou)(?: de)? nuit\b|\bjour(?= ?/ ?nuit)|\bheures? de bureau\b"
                r"|\bhoraires? de bureau\b",
                rf"\bdag-?{_NL_KIND}\w*|\boverdag\b|\bdag(?= en nacht)|\bday (?=and night)|\bdag-? ?(?=(?:of|en|,|/"
                rf"|&) ?{_NL_TIMES}){_NL_SHIFT}|\bkantooruren\b",
                rf"\bday ?-?time\b|\bduring the day\b|\bday{_EN_SHIFT}|\b(?:office|business) hours\b",
            ),
        ),
        (
            Shift.EARLY,
            (
                rf"{_TWO}|{_THREE}|\b(?:tot |de bonne heure )?(?:le |du |au |les |en )?matins?\b|\bmatinees?\b",
                rf"\bvroege?-?{_NL_SHIFT}(?: ?{_NL_KIND}\w*)?",
                rf"\b(?:\w{{2,6}}dag)?(?:ochtend|morgen)-?{_NL_KIND}\w*|\b\w{{2,6}}dag(?:ochtend|morgen)\b|\bin de ochtend\b",
                rf"'s (?:ochtends|morgens)(?: vroeg)?|\b(?:voormiddag|ochtend|morgen)-?{_NL_KIND}\w*|\bochtend-{_NL_SHIFT}",
                rf"\bvroeg(?=/laat)|\bearly{_EN_SHIFT}|\bearly mornings?\b|\bmornings?\b",
            ),
        ),
        (
            Shift.LATE,
            (
                rf"{_TWO}|{_THREE}|\b(?:le |du |en |les |de )?soir(?:ee)?s?\b|\b(?:equipe|pause|poste|shift) (?:de l'"
                rf"|du )?apres-midi\b",
                r"\bd'apres-midi\b|\bsoit l'apres-midi\b|(?<=vroeg/)laat\b|\b(?:equipe|pause|poste|shift) de l'apres-midi\b"
                r"|\b(?:matins?|nuits?)(?: ?[/,-] ?| et "
                r"| ou )apres-midi\b",
                rf"\blate{_NL_SHIFT}(?: {_NL_KIND}\w*)?|\blaat{_NL_KIND}\w*|\bavond-?{_NL_KIND}\w*|\bavond-{_NL_SHIFT}|'s avonds",
                rf"\bavonden\b|\bin de avond\b|\b\w{{2,6}}dagavond(?:en)?\b|\b(?:namiddag|middag)-?{_NL_KIND}\w*",
                rf"\blate{_EN_SHIFT}|\bevenings?\b|\bafternoons?{_EN_SHIFT}",
            ),
        ),
        (
            Shift.NIGHT,
            (
                rf"{_THREE}|\b(?:travail de |travail la |la |de |les )?nuits?\b|\bnacht-?{_NL_KIND}\w*|\bnacht-{_NL_SHIFT}"
                rf"|'s nachts",
                r"\bnachten\b|\bin de nacht\b|\bnachtelijke? (?:uren|werk|prestaties|diensten)\b|\bdag en nacht\b",
                r"\bnights?\b(?! ?(?:shop|club|bus|life|stand|audit|out|school|market))|\bovernight (?:shifts?|work)\b",
            ),
        ),
        (
            Shift.SPLIT,
            (
                r"\bhoraires? (?:\w+ )?(?:coupes?|fractionnes?|interrompus?|en coupure)\b|\b(?:services?"
                r"|prestations?) coupee?s?\b",
                r"\b(?:en|avec) coupures?\b|\bheures coupees\b",
                rf"\b(?:onderbroken|gebroken) {_NL_KIND}\w*|\bgesplitste? {_NL_KIND}\w*|\b(?:split|broken)[- ](?:shift|hour"
                rf"|schedule|dut)\w*",
            ),
        ),
    )
)
_WEEKEND: Final = (
    r"\bweek-?end(?:s|en)?\b|\bweekend-?(?:werk|dienst|shift|ploeg|uren|prestatie|job|perman|regime)\w*|\bweekend-(?=[ ,])"
    r"|(?<=\bun )we\b|(?<=\d )we\b"
)
_PART: Final = r"(?:s|en|(?:voor|na)middag|ochtend|morgen|avond|nacht)?(?:en|s)?"
_DAYS: Final[Table] = tuple(
    (code, spaced(pattern))
    for code, pattern in (
        (Day.MONDAY, rf"\blundis?\b|\bmaandag{_PART}\b|\bmondays?\b"),
        (Day.TUESDAY, rf"\bmardis?\b|\bdinsdag{_PART}\b|\btuesdays?\b"),
        (Day.WEDNESDAY, rf"\bmercredis?\b|\bwoensdag{_PART}\b|\bwednesdays?\b"),
        (Day.THURSDAY, rf"\bjeudis?\b|\bdonderdag{_PART}\b|\bthursdays?\b"),
        (Day.FRIDAY, rf"\bvendredis?\b|\bvrijdag{_PART}\b|\bfridays?\b"),
        (Day.SATURDAY, rf"\bsamedis?\b|\bzaterdag{_PART}\b|\bzaterdag-?werk\w*|\bsaturdays?\b|{_WEEKEND}"),
        (
            Day.SUNDAY,
            rf"\bdimanches?\b|\bzondag{_PART}\b|\bzondag-?werk\w*|\bsundays?\b|\bzon-(?= (?:en|of) feestdag)"
            rf"|{_WEEKEND}",
        ),
    )
)
_ORDER: Final = tuple(Day)
_NAMES: Final = {
    **{
        name: day
        for names in (
            "lundi mardi mercredi jeudi vendredi samedi dimanche",
            "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
            "monday tuesday wednesday thursday friday saturday sunday",
            "lun mar mer jeu ven sam dim",
            "maa din woe don vri zat zon",
            "mon tue wed thu fri sat sun",
        )
        for name, day in zip(names.split(), Day, strict=True)
    },
    **dict(zip("tues thur thurs maan dins woens".split(), (Day.TUESDAY, *[Day.THURSDAY] * 2, *_ORDER[:3]), strict=True)),
}
_SHORT: Final = {
    "fr": dict(zip("lu ma me je ve sa di".split(), Day, strict=True)),
    "nl": dict(zip("ma di wo do vr za zo".split(), Day, strict=True)),
    "en": dict(zip("mo tu we th fr sa su".split(), Day, strict=True)),
}
_ANY_DAY: Final = "|".join(sorted({*_NAMES, *(name for names in _SHORT.values() for name in names)}, key=len, reverse=True))
_DAY_RANGE: Final = spaced(
    rf"\b(?:(?:du|de|van|from|between|entre|tussen|le) (?:le )?)?(?P<one>{_ANY_DAY})s?\b\.? ?(?:soir|matin|avond|ochtend)? ?"
    rf"(?:au|tot(?: en met)?|t\.?e\.?m\.?|t/m|to|through|thru|until|till|jusqu'au|-|a|et le|en"
    rf"|and) ?(?:le )?(?P<two>{_ANY_DAY})s?\b\.?"
)
_DAY_LIST: Final = re.compile(
    r"\b(?:[a-z]{2} ?[,/+] ?){1,6}(?<=[,/+ ])(?:lu|ma|me|je|ve|sa|di|wo|do|vr|za|zo)\b(?: (?:en|et) [a-z]{2}\b)?"
)
_PAIR: Final = re.compile(r"(?:et le|en|and) ?$")
_WEEKDAYS: Final = spaced(
    r"\bweek ?dagen\b|\bdoordeweekse? ?(?:dagen)?\b|\bweekdays\b|\bjours de (?:la )?semaine\b|\ben semaine\b"
)
_MONTH: Final = r"(?:jan|fev|feb|mar|maa|mrt|avr|apr|mai|mei|may|jui|jun|jul|aou|aug|sep|o[ck]t|nov|dec)[a-z]{0,6}"
_DATE: Final = re.compile(rf" ?,? ?(?:\d{{1,2}}(?:er)?(?: {_MONTH}|[/.-]\d{{1,2}})\b|{_MONTH} \d{{1,2}})")
_UNTIL: Final = re.compile(r"\b(?:avant|before|voor|uiterlijk|d'ici|by|reunion du|every other|deadline) (?:le |de )?$")
_AT_THE_DOOR: Final = re.compile(
    r"\b(?:ouverte?s?(?! (?:a|au|aux)\b)|ouvrons|open(?! (?:to|for|voor)\b)|geopend|openingsuren|heures d'ouverture"
    r"|opening hours|fermee?s?|gesloten|closed"
    r"|appelez|call us|bel (?:ons|naar)|joignables?|bereikbaar|contactez|contacteer|contact us|reunions?|meetings?"
    r"|vergadering(?:en)?)\b"
)
_NOT_WORK: Final = re.compile(r"\b(?:boite|table|chemise|oiseau|bonne|vol|bus|marche|vie|belle|nuitees?) (?:de )?$")
_SHUT: Final = re.compile(r"[^.;\n]{0,30}\b(?:est|sont|is|zijn|are|wij|we|nous|sommes) (?:\w+ )?(?:fermee?s?|gesloten|closed)\b")
_OFF: Final = re.compile(
    r"\b(?:repos|conges?|libres?|vrij|rustdag|vrije dag|off|day off)(?: hebdomadaire)?[ :]{1,3}(?:le |les |on "
    r"|op )?$"
)
_FREE: Final = re.compile(r"[ ](?:libres?|vrij|off|free)\b")
_NEAR: Final = 40  # characters in which "open" speaks of a day


def hours(said: str) -> Iterator[Finding]:
    """Hours per week; clock times and hours of a day are none.

    >>> [(f.least, f.most) for f in hours("de 8h a 17h, 7h36 par jour, entre 20 et 25 h/semaine, 36u30/week")]
    [(20.0, 25.0), (36.5, 36.5)]
    """
    taken: list[tuple[int, int]] = []
    for pattern in _HOURS:
        for found in pattern.finditer(said):
            start, end = found.span()
            if any(start < last and first < end for first, last in taken):
                continue
            groups = found.groupdict()
            least, most = amount(found["least"]), amount(groups.get("most") or found["least"])
            if least * _WIDEST < most:  # "en 9h - 36h/semaine": days of 9 hours
                least = most
            if not 0 < least <= most <= _MOST_HOURS or _OPEN.search(said, max(0, start - _NEAR), start):
                continue
            taken.append((start, end))
            low = None if groups.get("atmost") or groups.get("maximum") else least
            high = None if groups.get("atleast") or groups.get("minimum") else most
            yield Finding("hours", start, end, least=low, most=high)


def amount(text: str) -> float:
    """Read a number as texts write it: figures, hours with minutes, or a word.

    >>> amount("30,4"), amount("36h30"), amount("twee")
    (30.4, 36.5, 2.0)
    """
    if text in NUMBER_WORDS:
        return float(NUMBER_WORDS[text])
    if clock := re.fullmatch(r"(\d+) *[hu] *(\d\d)", text):
        return round(int(clock[1]) + int(clock[2]) / 60, 2)
    return float(text.replace(",", "."))


def shifts(said: str) -> Iterator[Finding]:
    """Parts of the day in which work is done.

    >>> [(f.code, f.start) for f in shifts("nacht- en avondwerk")]
    [('late', 10), ('night', 0)]
    """
    for finding in _of("shifts", _SHIFTS, said):
        before = said[_line(said, finding.start) : finding.start]
        if not _NOT_WORK.search(before) and not _AT_THE_DOOR.search(before):
            yield finding


def days(said: str, lang: str | None = None) -> Iterator[Finding]:
    """Days of the week; a range gives each of its days, a date and opening times give none.

    >>> [f.code for f in days("ma-wo en zaterdag", "nl")]
    ['mon', 'tue', 'wed', 'sat']
    """
    taken: list[tuple[int, int]] = []
    for found in _DAY_LIST.finditer(said):
        for day in _known(re.findall(r"\b(?!en|et)\w+", found[0]), lang) or ():
            yield Finding("days", *found.span(), code=day.value)
    for found in _DAY_RANGE.finditer(said):
        known = _known([found["one"], found["two"]], lang)
        if known is None or _elsewhere(said, *found.span()):
            continue
        one, two = known
        said_between = said[found.end("one") : found.start("two")]
        pair = _PAIR.search(said_between) and not re.match(r"(?:entre|between|tussen)", found[0])
        for day in (one, two) if pair else _between(one, two):
            yield Finding("days", *found.span(), code=day.value)
        taken.append(found.span())
    for found in _WEEKDAYS.finditer(said):
        yield from (Finding("days", *found.span(), code=day.value) for day in _ORDER[:5])
    for finding in _of("days", _DAYS, said):
        inside = any(first <= finding.start < last for first, last in taken)
        if not inside and not _elsewhere(said, finding.start, finding.end):
            off = _OFF.search(said, max(0, finding.start - _NEAR), finding.start) or _FREE.match(said, finding.end)
            yield replace(finding, asked=not off)


def _elsewhere(said: str, start: int, end: int) -> bool:
    """Whether a day belongs to a date, a deadline or opening times."""
    if _SHUT.match(said, end):
        return True
    return bool(
        _DATE.match(said, end)
        or (_UNTIL.search(said, max(0, start - 20), start) and not said.startswith("week", start))
        or _AT_THE_DOOR.search(said, _line(said, start), start)
    )


def _line(said: str, start: int) -> int:
    """Where the words near `start` in its own sentence begin."""
    return max(said.rfind("\n", 0, start), said.rfind(". ", 0, start), said.rfind("; ", 0, start), start - _NEAR, -1) + 1


def _known(names: Sequence[str], lang: str | None) -> list[Day] | None:
    """Days of names in the first language that knows all; short names differ ("ma" is mardi, or maandag)."""
    for tongue in dict.fromkeys((lang or "nl", "nl", "fr", "en")):
        made = [day for name in names if (day := _day(name, tongue))]
        if len(made) == len(names):
            return made
    return None


def _day(name: str, lang: str) -> Day | None:
    return _NAMES.get(name) or _SHORT[lang].get(name)


def _between(one: Day, two: Day) -> Sequence[Day]:
    """Days from one to another, over the end of the week where they go on."""
    first, last = _ORDER.index(one), _ORDER.index(two)
    return [_ORDER[at % 7] for at in range(first, last + 1 if last >= first else last + 8)]


def _of(field: str, table: Table, said: str) -> Iterator[Finding]:
    """Yield what a table names, each code once for the same words."""
    for code, pattern in table:
        for found in pattern.finditer(said):
            yield Finding(field, *found.span(), code=str(code))
