"""Experience and education as vacancies ask for them in French, Dutch and English."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from matching.cues import spaced
from matching.said import Finding
from matching.schedule import AT_LEAST, AT_MOST, WORDED, amount

_N: Final = rf"(?:\d{{1,2}}(?:[.,]5)?|\b(?:{WORDED})\b)"
_TIME: Final = r"(?P<unit>an\b|ans\b|annees?\b|jaar\b|jaren\b|years?\b|yrs?\b|mois\b|maand(?:en)?\b|months?\b)['’]?(?!\w)"
_SPAN: Final = (
    rf"(?:(?:(?P<atleast>{AT_LEAST})|(?P<atmost>{AT_MOST})|entre|tussen|between|de|van|from)[ :]{{1,2}})?"
    rf"(?P<least>{_N})(?P<more> ?\+)?(?: ?(?:ans|jaar|years?|mois|maanden|months?))?(?: ?(?:-|/|a|tot|to|et|en|and|ou|of"
    rf"|or) ?(?P<most>{_N}))?(?P<more2> ?\+)? ?{_TIME}"
)
_SKILL: Final = r"(?:experience\w*|(?:werk)?ervaring\w*|pratique professionnelle)"
_SIMILAR: Final = (
    r"(?:dans|in|en|within) (?:\w+ ){0,2}(?:fonctions?|postes?|emplois?|metiers?|secteurs?|domaines?|position|role|function"
    r"|functie|job|sector)"
)
_GAP: Final = r"(?:[ '(:=/-]{1,3}(?:[a-z][\w/-]{0,20}\.?)){0,5}[ '(:=-]{0,3}"
_SHORT_GAP: Final = r"[ ']{1,2}(?:(?:[a-z][\w-]{0,20})[ ']{1,2}){0,4}"
_EXPERIENCE: Final = (
    spaced(rf"\b{_SPAN}{_SHORT_GAP}(?:{_SKILL}|{_SIMILAR})\b"),
    spaced(rf"\b{_SKILL}{_GAP}\b{_SPAN}"),
)
_BEGINNERS: Final = spaced(
    r"\b(?:jeunes? )?(?:debutante?s?|debutant\(e\)s?)(?:/\w+)?(?: \w+){0,3} (?:accepte|admis|bienvenu|welcome|ok\b)\w*"
    r"|\bouverte? aux debutants"
    r"|\b(?:acceptons|ouvert|accessible)\w* (?:\w+ ){0,2}debutant\w*|\b(?:starters?|beginners?|schoolverlaters?"
    r"|beginnelingen)(?: \w+){0,4} welkom"
    r"|\bwelkom(?: \w+){0,2} (?:starters|beginners)|\b(?:beginners?|school leavers|entry[- ]level)(?: \w+){0,3} (?:welcome"
    r"|accepted)|^debutante?s?\b"
    r"|\b(?:avec ou sans|met of zonder|with or without) (?:\w+ ){0,2}(?:experience|ervaring)|\bsans experience (?:accepte"
    r"|bienvenu|admis)\w*"
    r"|^no requirements\b|\b(?:geen|pas d'|no|aucune|sans) (?:\w+ ){0,2}(?:experience|ervaring) ?\?"
)
_BARE_SKILL: Final = spaced(rf"\b(?:{_SKILL})\b")
_OURS: Final = re.compile(
    r"\b(?:notre|nos|ons|onze|our)\b[^.;\n]{0,80}\b(?:compte\w*|a|ont|possede\w*|dispose\w*|cumule\w*|heeft|hebben|telt"
    r"|bezit|has|have|brings?|boasts?|"
    r"beschikt|benefici\w+)\b|\b(?:fort|forte|forts|fortes) (?:de|d')|\b(?:nous|we|wij) (?:avons|disposons|comptons|have"
    r"|hebben|beschikken)\b"
    r"|\b(?:depuis|sinds|entreprise|societe|bedrijf|company|firm|firma|familiebedrijf|agency|groupe|groep)\b[^.;,\n]{0,60}"
    r"\b(?:compte|heeft|has|with|avec|met|possede|dispose|cumule|riche)\b"
)
_WE_THEN: Final = re.compile(
    r"[^.;\n]{0,30}, (?:we|nous|wij|onze|notre|our|is|est) (?!(?:seek|are looking|zoeken|recherch|cherch))"
)
_YOURS: Final = re.compile(r"\b(?:vous|tu|votre|ton|je|jij|jouw|u|uw|you|your|recherch\w+|zoek\w*|zoeken|looking|seek\w*)\b")
_MOST_MONTHS: Final = 15 * 12  # beyond that it is the age of a company
_BEFORE: Final = 120  # characters of the same sentence in which the owner of an experience stands


def experience(said: str) -> Iterator[Finding]:
    """Months of experience asked; 0 where beginners are welcome. What a company says of itself is none.

    A bare word ("ervaring") is given without a figure: whether it is denied is for the clause to say.

    >>> [(f.least, f.most) for f in experience("1 a 2 ans d'experience; minstens 6 maanden ervaring; debutants acceptes")]
    [(12.0, 24.0), (6.0, None), (0.0, None)]
    """
    taken: list[tuple[int, int]] = []
    for pattern in _EXPERIENCE:
        for found in pattern.finditer(said):
            if _overlaps(taken, found.span()) or _of_the_company(said, found.start("least"), found.end()):
                continue
            months = 1 if found["unit"].startswith(("mo", "ma")) else 12
            least, most = amount(found["least"]) * months, amount(found["most"] or found["least"]) * months
            if not 0 < least <= most <= _MOST_MONTHS:
                continue
            taken.append(found.span())
            if found["atmost"]:
                yield Finding("experienceMonths", *found.span(), most=most)
            else:
                yield Finding("experienceMonths", *found.span(), least=least, most=most if found["most"] else None)
    for found in _BEGINNERS.finditer(said):
        taken.append(found.span())
        yield Finding("experienceMonths", *found.span(), least=0.0)
    for found in _BARE_SKILL.finditer(said):
        if not _overlaps(taken, found.span()):
            yield Finding("experienceMonths", *found.span())


def _of_the_company(said: str, start: int, end: int) -> bool:
    """Whether a company speaks of its own experience, in the words before `start` or right after `end`."""
    line = max(said.rfind("\n", 0, start), said.rfind(". ", 0, start), said.rfind("; ", 0, start), start - _BEFORE, 0)
    before = said[line:start]
    owner = list(_OURS.finditer(before))
    if _WE_THEN.match(said, end):
        return True
    return bool(owner) and _YOURS.search(before, owner[-1].end()) is None


def _overlaps(taken: list[tuple[int, int]], span: tuple[int, int]) -> bool:
    return any(span[0] < last and first < span[1] for first, last in taken)


_DIPLOMA: Final = (
    r"(?:diplom[ae]s?|certificat|certificate|getuigschrift|niveau|level|brevet|attest|degree|etudes|studies|studie|formation"
    r"|opleiding|titre|titulaire"
    r"|qualification|cursus)"
)
_OF: Final = (
    r"(?: (?:de|du|d'|des|l'|la|van|het|in|an|the|enseignement|onderwijs|niveau)){0,4}[ ']{1,2}(?:enseignement "
    r"|l'enseignement )?"
)
_NOT_MASTER: Final = (
    r"(?! ?(?:data|class|key|plan|file|agreement|chef|black|batch|of ceremon|card|branch|student|system|schedule"
    r"|planner))"
)
_EDUCATION: Final = tuple(
    (spaced(pattern), level)
    for pattern, level in (
        (r"\bbac ?\+ ?8\b|\bdoctora(?:t|al)\b(?!e)|\bdoctoraat\b|\bdoctorate\b|\bph\.?d\b|\bdoctor's degree\b", 8),
        (
            r"\bbac ?\+ ?5\b"
            r"|(?<!scrum )(?<!scrum-)(?<!quiz )(?<!station )(?<!grand )(?<!harbour )(?<!post )(?<!toast )\bmasters?\b"
            rf"(?:'?s? degree|diploma)?{_NOT_MASTER}|\bmaster(?:diploma|opleiding|niveau)\b|\bm\.?sc\b|\bmba\b"
            rf"|\bpostgraduate\b|\blicentiaat\b"
            r"|\blicence universitaire\b|\blicenciee?\b (?:en|in)\b|\bingenieur (?:civil|industriel)\b|\bburgerlijk ingenieur\b"
            r"|\bindustrieel ingenieur\b|\bdiplome d'ingenieur\b|\buniversit(?:y|aire?) (?:degree|diploma|diplome|niveau"
            r"|opleiding|studies|vorming|education)\b"
            rf"|\b{_DIPLOMA}{_OF}(?:type )?universit(?:aires?|air|eit|e)\b|\bniveau universitaire\b"
            rf"|\buniversitair\b(?= (?:geschoold|niveau|denk))",
            7,
        ),
        (
            r"\bbac ?\+ ?[34]\b|\b(?:professionele |academische |professional |academic )?bachelor(?:s|diploma|opleiding"
            r"|niveau)?\b"
            r"(?:'?s? degree)?(?! party)|\bbachelor's\b|\bbacheli(?:er|ere)s?\b|\bgraduat a1\b|\b(?:diploma|diplome) a1\b"
            r"|\ba1[- ]diploma\b"
            r"|\blicence pro\w*|\bhogeschool(?:diploma|opleiding|niveau)\b|\b(?:diploma|niveau)(?: van)?(?: de)? hogeschool\b"
            r"|\b(?:enseignement superieur|etudes superieures|hoger onderwijs|higher education"
            r"|hogere studies)\b(?! de promotion)|\bdiplome superieur\b"
            r"|\bb\.?sc\b",
            6,
        ),
        (
            r"\bbac ?\+ ?2\b|\bhbo ?-?5\b|\bgraduaat\w*|\bgraduat\b(?! a1)|\bbts\b"
            r"|\bassociate(?:'?s)? degree\b|\bbrevet d'enseignement superieur\b",
            5,
        ),
        (
            r"\bcess\b|\b(?:enseignement |etudes |diplome )?secondaires? superieure?s?\b|\bhumanites\b|\bbaccalaureat\b(?! univ)"
            r"|\b(?:niveau |diplome |un )?bac\b(?=$|[ ]?(?:[,.;)/(]|pro\b|ou\b|technique|general|requis|exige|souhaite"
            r"|minimum|professionnel))(?! ?\+)"
            r"|\bhoger secundair(?: onderwijs)?\b|\bhsd\b|\bhigh[- ]school(?: diploma| degree| certificate| education)?\b"
            r"|\bupper[- ]secondary(?: \w+)?\b|\bsecondary (?:school|education)(?: \w+)?\b"
            r"|(?<!lager )(?<!hoger )\bsecundair onderwijs\b|\bdiploma secundair\b|\ba2[- ](?:diploma|niveau|opleiding)\b"
            r"|\b(?:diplom[ae]|certificat|getuigschrift|brevet)(?: van| de niveau| niveau| type)? \(?a2\b|\b(?:etudes"
            r"|enseignement|diplome d'etudes) secondaires?\b(?! (?:inf|sup))"
            r"|\b[tb]so\b(?=[ -]?(?:diploma|niveau|opleiding|[/,)]|$))|\bsecondary diploma\b",
            4,
        ),
        (r"\bcertificat d'apprentissage\b|\bcqp\b|\bgetuigschrift (?:van de )?leertijd\b|\bapprenticeship certificate\b", 3),
        (
            r"\bcesi\b|\bce1d\b|\bce2d\b|\b(?:enseignement |etudes |diplome )?secondaires? inferieure?s?\b"
            r"|\blager secundair(?: onderwijs)?\b"
            r"|\blower[- ]secondary(?: \w+)?\b|\bbrevet des colleges\b|\bdiplome national du brevet\b",
            2,
        ),
        (
            rf"\bceb\b|\b{_DIPLOMA}{_OF}(?:primaire|lagere? onderwijs|lagere? school|basisonderwijs|primary (?:school"
            rf"|education))\b"
            rf"|\betudes primaires\b|^lager onderwijs\b|\bprimary (?:school|education) (?:{_DIPLOMA}|level)\b"
            rf"|\benseignement primaire (?:termine|reussi|acheve)",
            1,
        ),
    )
)
_ANY_SCHOOL: Final = spaced(
    r"\b(?:peu importe|ongeacht|quel que soit|whatever|regardless of) (?:\w+ ){0,2}(?:diplom[ae]|niveau d'etudes|degree"
    r"|education)\b"
    r"|\b(?:diplom[ae]|degree) (?:is |est |is niet )?(?:niet belangrijk|onbelangrijk|pas important|not important)"
    r"|\bdiploma evenmin\b"
    r"|\b(?:avec ou sans|met of zonder|with or without) (?:een )?(?:diplom[ae]|degree)|\bno requirements\b|\baucune formation\b"
)
_BARE_DIPLOMA: Final = spaced(r"\b(?:diplom[ae]s?|degree|formation scolaire|qualifications?|schooldiploma|opleidingsniveau)\b")
_IN_CAPITALS: Final = ((re.compile(r"\bCAP\b(?! ?\d)|\bBEP\b"), 3),)
"""Diplomas that are other words in small letters ("cap")."""
_LABELS: Final = (
    (re.compile(r"aucune formation|no requirements|geen diploma"), 0),
    (re.compile(r"\blicence"), 6),
    (re.compile(r"\bbac\b"), 4),
    (re.compile(r"\bcap\b|\bbep\b"), 3),
    (re.compile(r"brevet|college|3eme|4eme|2nd ou 1ere"), 2),
)
"""Words that name a diploma in the label of a field, and other things in running text."""
_STUDENTS: Final = re.compile(
    r"\b(?:etudiants?|studenten|students|eleves)(?: \w+){0,2} $|\b(?:encadre\w*|begeleid\w*"
    r"|supervis\w+)(?: \w+){0,3} $"
)
_SCHOOL: Final = re.compile(r"enseign|onderwijs|education|universit|school")
_WITHIN: Final = re.compile(r"\b(?:dans|in|au|aux|within|en) (?:l'|het |le |the |de |une? )?(?:enseignement |onderwijs )?$")
_JOINED: Final = re.compile(
    r"[ ()]{0,3}(?:[\w'-]+ ){0,4}?(?:ou|of|or|/) ?(?:\(?\w+ ?){0,3}|(?: pro)? (?:a|tot|to|jusqu'a) "
    r"|[ ,/(]{1,4}(?:niveau |een |un |a |d'une? )?"
)


def education(text: str, said: str) -> Iterator[Finding]:
    """Diplomas, as EQF levels; of alternatives ("bachelor of master") the lower.

    `text` as given, `said` the same in plain. A bare word ("diploma") is given without a level, as in `experience`.

    >>> [f.least for f in education("CESS ou bachelier; master", "cess ou bachelier; master")]
    [4.0, 7.0]
    """
    found: list[Finding] = []
    tables = [(pattern, level, said) for pattern, level in _EDUCATION] + [
        (pattern, level, text) for pattern, level in _IN_CAPITALS
    ]
    for pattern, level, source in tables:
        for one in pattern.finditer(source):
            known = any(one.start() < f.end and f.start < one.end() for f in found)
            if not known and not _no_diploma(said, one.start(), one.end()):
                found.append(Finding("education", *one.span(), least=float(level)))
    for one in _ANY_SCHOOL.finditer(said):
        found.append(Finding("education", *one.span(), least=0.0))
    yield from (merged := _merged(said, sorted(found, key=lambda f: f.start)))
    for one in _BARE_DIPLOMA.finditer(said):
        if not any(one.start() < f.end and f.start < one.end() for f in merged):
            yield Finding("education", *one.span())


def _no_diploma(said: str, start: int, end: int) -> bool:
    """Whether words name students, a place of work ("in het secundair onderwijs") or a teacher's certificate."""
    before = said[max(0, start - 40) : start]
    place = _SCHOOL.search(said, start, end) and _WITHIN.search(before) and not _BARE_DIPLOMA.search(before)
    return bool(_STUDENTS.search(before) or place or (end - start == len("cap") and "pedagog" in before))


def _merged(said: str, found: list[Finding]) -> list[Finding]:
    """Join alternatives and repetitions into one finding with the lowest level."""
    made: list[Finding] = []
    for one in found:
        if made and _JOINED.fullmatch(said[made[-1].end : one.start][:60]):
            last = made.pop()
            made.append(replace(last, end=one.end, least=min(last.least or 0.0, one.least or 0.0)))
        else:
            made.append(one)
    return made


def level_of_label(said: str) -> int | None:
    """EQF level of the label of a field, in plain; 0 for none asked, ``None`` where it names no diploma.

    >>> level_of_label("cap, bep et equivalents"), level_of_label("bac+3, bac+4 ou equivalents"), level_of_label("autre")
    (3, 6, None)
    """
    named = [found.least for found in education(said, said) if found.least is not None]
    if not named:
        named = [float(level) for pattern, level in _LABELS if pattern.search(said)][:1]
    return int(min(named)) if named else None
