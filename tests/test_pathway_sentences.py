"""What would open more, read back from the sentences: every number, band, place and change in them is true.

Nothing of the answer is used but the sentence, the question, and which offer it stands beside. What the sentence says is parsed
(the change too: a level, a licence, minutes, the label of a competence), the profile is changed accordingly, and all vacancies
are scored again by the slow twin (`naive_pathways`). With ``-m slow`` 1,000 sentences are drawn, as many of each part, from those
told of 200 people of the demo world in three languages; in the normal run a few people are read in full.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.codes import (
    CERTIFICATE_WORDS,
    CONTRACT_WORDS,
    DAY_WORDS,
    DRIVING_LICENCE_WORDS,
    LANGUAGE_WORDS,
    LEVEL_WORDS,
    LIMIT_WORDS,
    MODE_WORDS,
    SHIFT_WORDS,
    Certificate,
    Contract,
    Day,
    DrivingLicence,
    Level,
    Mode,
    Role,
    Shift,
    Words,
)
from matching.desk import Asker, Desk
from matching.explanation import BANDS, FIELDS
from matching.guidance import say_date, usable
from matching.pathways.changing import Change, What
from matching.pathways.desk import pathways_for
from matching.records import DoneProfession, HeldCompetence, Mention, Profile, camel
from matching.settings import Settings
from matching.store import Store
from naive_pathways import Looked, Twin, again, answered, had
from test_pathways_proof import DAY, demo

LANGUAGES = ("fr", "nl", "en")
N = r"(−?\d+(?:[.,]\d+)?)"
QUESTIONS = {
    "languages": (r"niveau en (.+) \?", r"niveau van (.+)\?", r"level of (?!education)(.+)\?"),
    "professions_sought": ("Quel métier", "Welk beroep", "Which profession is sought"),
    "professions_done": ("Quels métiers", "Welke beroepen", "Which professions has"),
    "competences": ("Que sait faire", "Wat kan", "What can"),
    "max_minutes": ("Combien de minutes", "Hoeveel minuten", "How many minutes"),
    "postcode": ("code postal", "postcode", "postcode"),
    "modes": ("Comment", "Hoe verplaatst", "How does"),
    "impossible_shifts": ("horaires", "uurroosters", "shifts"),
    "impossible_days": ("jours", "dagen", "days"),
    "contracts": ("contrats", "contracten", "contracts"),
    "education": ("études", "opleidingsniveau", "education"),
    "driving_licences": ("permis", "rijbewijzen", "driving licences"),
    "certificates": ("brevets", "attesten", "certificates"),
    "own_car": ("voiture", "wagen", "car"),
    "start_from": ("À partir de", "Vanaf wanneer", "Available from"),
    "hours": ("heures par semaine", "uren per week", "hours a week"),
}
ASKED = (
    rf"La réponse changerait en moyenne {N} et au plus {N} des {N} meilleures offres d'emploi\. Valeurs essayées : (.*)\.",
    rf"Het antwoord zou gemiddeld {N} en ten hoogste {N} van de {N} beste vacatures veranderen\. Geprobeerde waarden: (.*)\.",
    rf"The answer would change {N} on average and {N} at most of the {N} best vacancies\. Values tried: (.*)\.",
)
LIFTED = (
    rf"Avec (?P<changes>.*) : « (?P<title>.*) »(?P<opened> n'est plus écartée)?, (?:place (?P<rank>\d+) de la liste|"
    rf"hors des (?P<top>\d+) premières) ; (?P<bands>.*) \(score : (?:(?P<before>{N}) → )?(?P<score>{N})\)\.",
    rf"Met (?P<changes>.*): « (?P<title>.*) »(?P<opened> is niet meer uitgesloten)?, (?:plaats (?P<rank>\d+) van de lijst|"
    rf"buiten de eerste (?P<top>\d+)); (?P<bands>.*) \(score: (?:(?P<before>{N}) → )?(?P<score>{N})\)\.",
    rf'With (?P<changes>.*): "(?P<title>.*)"(?P<opened> is no longer removed)?, (?:place (?P<rank>\d+) of the list|'
    rf"outside the first (?P<top>\d+)); (?P<bands>.*) \(score: (?:(?P<before>{N}) → )?(?P<score>{N})\)\.",
)
INSTEAD = (" au lieu de ", " in plaats van ", " instead of ")
CHANGES = (
    rf"{N} minutes de trajet au lieu de {N}|une solution pour « (.+?) »|la compétence « (.+?) »|"
    rf"{N} mois d'expérience comme (.+?) au lieu de {N}|le niveau (\w\d) en (\w+) \(aujourd'hui : (.+?)\)|le (permis \w+)",
    rf"{N} minuten reistijd in plaats van {N}|een oplossing voor « (.+?) »|de competentie « (.+?) »|"
    rf"{N} maanden ervaring als (.+?) in plaats van {N}|(\w+ \w\d) \(nu: (.+?)\)()|(rijbewijs \w+)",
    rf'{N} minutes of travel instead of {N}|a solution for "(.+?)"|the competence "(.+?)"|'
    rf"{N} months of experience as (.+?) instead of {N}|(\w+ \w\d) \(now: (.+?)\)()|(driving licence \w+)",
)
AND = r"(?:, | et | en | and )?"
UNLOCKED = (
    rf"Ensuite, nouvelles parmi les {N} meilleures offres d'emploi : {N}(?: ; qu'aucune règle n'écarte plus : {N})? ; "
    rf"gain de la liste : {N}\.(?: Pas connu, compté comme « rien » : (.*)\. À demander d'abord\.)?",
    rf"Daarna nieuw bij de {N} beste vacatures: {N}(?:; niet meer door een regel uitgesloten: {N})?; winst van de lijst: {N}\."
    r"(?: Niet bekend, geteld als « niets »: (.*)\. Eerst te vragen\.)?",
    rf"Then new among the {N} best vacancies: {N}(?:; no longer removed by a rule: {N})?; gain of the list: {N}\."
    r'(?: Not known, counted as "none": (.*)\. To be asked first\.)?',
)
NONE = ("aucun", "geen", "none")
YES = ("oui", "ja", "yes")
CODES: dict[str, tuple[Words, Callable[[str], Any]]] = {
    "modes": (MODE_WORDS, Mode),
    "impossible_shifts": (SHIFT_WORDS, Shift),
    "impossible_days": (DAY_WORDS, Day),
    "contracts": (CONTRACT_WORDS, Contract),
    "driving_licences": (DRIVING_LICENCE_WORDS, DrivingLicence),
    "certificates": (CERTIFICATE_WORDS, Certificate),
}


@dataclass(frozen=True)
class Statement:
    """A sentence as it was told: of whom, in which language, beside which question or offer."""

    person: int
    lang: str
    part: str
    beside: str
    text: str


def number(text: str) -> float:
    return float(text.replace(",", ".").replace("−", "-"))


def code_of(words: Words, text: str, lang: str) -> str:
    """The code that a word stands for."""
    (code,) = [code for code, said in words.items() if said[LANGUAGES.index(lang)] == text]
    return code


@cache
def labels(lang: str, occupations: bool) -> dict[str, str]:
    """Preferred labels of one language, with the concept of each."""
    taxonomy = demo().world.taxonomy
    return {taxonomy.label(uri, lang): uri for uri in (taxonomy.occupations if occupations else taxonomy.competences)}


def read_value(field: str, text: str, lang: str) -> Any:
    """One value that was tried."""
    if field == "languages":
        return Level(code_of(LEVEL_WORDS, text, lang))
    if field in CODES:
        words, code = CODES[field]
        return () if text == NONE[LANGUAGES.index(lang)] else tuple(code(code_of(words, one, lang)) for one in text.split(", "))
    if field == "own_car":
        return text == YES[LANGUAGES.index(lang)]
    if field == "hours":
        return tuple(map(float, text.split("-")))
    if field == "start_from":
        return next(day for day in (DAY + timedelta(n) for n in range(400)) if say_date(day, lang) == text)
    if field == "professions_sought":
        return (Mention(labels(lang, True)[text]),)
    if field == "professions_done":
        found = re.fullmatch(r"(.*) \((\d+)\)", text)
        return (DoneProfession(labels(lang, True)[found[1]], months=int(found[2])),) if found else ()
    if field == "competences":
        return tuple(HeldCompetence(uri) for uri in read_labels(text, lang))
    return text if field == "postcode" else int(text)


def read_labels(text: str, lang: str) -> list[str]:
    """Labels in a row; some hold a comma themselves."""
    known, parts, found = labels(lang, False), text.split(", "), []
    while parts:
        most = next(n for n in range(len(parts), 0, -1) if ", ".join(parts[:n]) in known)
        found.append(known[", ".join(parts[:most])])
        parts = parts[most:]
    return found


def read_changes(text: str, lang: str) -> list[Change]:
    """The changes that a sentence names, all of it read."""
    at = LANGUAGES.index(lang)
    certificates = "|".join(re.escape(words[at]) for words in CERTIFICATE_WORDS.values())
    found, rest = list[Change](), text
    while rest:
        one = re.match(rf"{AND}(?:{CHANGES[at]}|({certificates}))(?=$|, | et | en | and )", rest)
        assert one is not None, rest
        to, now, limit, competence, months, occupation, before, level, speaks, known, licence, certificate = one.groups()
        if to:
            found.append(Change(What.MINUTES, "", int(now), int(to)))
        elif limit:
            found.append(Change(What.LIMIT, code_of(LIMIT_WORDS, limit, lang)))
        elif competence:
            found.append(Change(What.COMPETENCE, labels(lang, False)[competence]))
        elif months:
            found.append(Change(What.EXPERIENCE, labels(lang, True)[occupation], int(before), int(months)))
        elif level:
            if lang != "fr":
                (speaks, level), known = level.split(" "), speaks
            found.append(
                Change(What.LANGUAGE, code_of(LANGUAGE_WORDS, speaks, lang), code_of(LEVEL_WORDS, known, lang), level)
            )
        elif licence:
            found.append(Change(What.LICENCE, code_of(DRIVING_LICENCE_WORDS, licence, lang)))
        else:
            found.append(Change(What.CERTIFICATE, code_of(CERTIFICATE_WORDS, certificate, lang)))
        rest = rest[one.end() :]
    return found


def now_of(profile: Profile, change: Change) -> Any:
    """What a profile holds of what a change is about."""
    if change.what is What.MINUTES:
        return profile.max_minutes
    if change.what is What.EXPERIENCE:
        return max((d.months or 0 for d in profile.professions_done or () if d.concept == change.code), default=0)
    levels = [one.level for one in profile.languages or () if one.code == change.code and one.level]
    return max(levels, key=list(Level).index) if change.what is What.LANGUAGE else None


def verify(twin: Twin, base: Profile, now: Looked, told: Statement) -> None:
    {"ask": verify_ask, "lift": verify_lift, "unlock": verify_unlock}[told.part](twin, base, now, told)


def verify_ask(twin: Twin, base: Profile, now: Looked, told: Statement) -> None:
    at = LANGUAGES.index(told.lang)
    field, asked = next((name, found) for name, said in QUESTIONS.items() if (found := re.search(said[at], told.beside)))
    code = code_of(LANGUAGE_WORDS, asked[1], told.lang) if field == "languages" else ""
    said = re.fullmatch(ASKED[at], told.text)
    assert said is not None, told.text
    changes = []
    for text in said[4].split(" / "):
        then = set(twin.look(answered(base, field, code, read_value(field, text, told.lang))).listed)
        changes.append(max(len(then - set(now.listed)), len(set(now.listed) - then)))
    assert (number(said[2]), number(said[3])) == (max(changes), twin.top)
    assert number(said[1]) == pytest.approx(sum(changes) / len(changes), abs=0.0501)


def verify_lift(twin: Twin, base: Profile, now: Looked, told: Statement) -> None:
    at, offer = LANGUAGES.index(told.lang), demo().offers[told.beside]
    said = re.fullmatch(LIFTED[at], told.text)
    assert said is not None, told.text
    changes = read_changes(said["changes"], told.lang)
    assert all(now_of(base, change) == change.before for change in changes)
    then = twin.look(again(base, changes))
    assert said["title"] == offer.title
    assert number(said["score"]) == pytest.approx(then.scores[offer.id], abs=0.00501)
    assert (int(said["rank"]) if said["rank"] else None) == then.place(offer.id)
    assert said["top"] is None or int(said["top"]) == twin.top
    bands = [code_of(BANDS, text, told.lang) for text in said["bands"].split(INSTEAD[at])]
    assert bands[0] == twin.band(then, offer.id)
    if said["opened"]:
        assert now.fails[offer.id]
        assert not then.fails[offer.id]
    else:
        assert bands[-1] == twin.band(now, offer.id)
        assert number(said["before"]) == pytest.approx(now.scores[offer.id], abs=0.00501)


def verify_unlock(twin: Twin, base: Profile, now: Looked, told: Statement) -> None:
    del now
    at, offer = LANGUAGES.index(told.lang), demo().offers[told.beside]
    said = re.fullmatch(UNLOCKED[at], told.text)
    assert said is not None, told.text
    before, after, assumed = had(base, offer, demo().world.taxonomy)
    was, then = twin.look(before), twin.look(after)
    assert (number(said[1]), number(said[2])) == (twin.top, len(set(then.listed) - set(was.listed)))
    assert int(said[3] or 0) == len((then.allowed & then.fits) - was.allowed)
    assert number(said[4]) == pytest.approx(then.worth - was.worth, abs=0.00501)
    words = {FIELDS[camel(name)][at] for name in assumed}
    assert sum(map(len, words)) == len(re.sub(r", | et | en | and ", "", said[5] or "")) + sum(
        len("".join(re.findall(r", | et | en | and ", word))) for word in words
    )
    assert all(word in (said[5] or "") for word in words)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("sentences")
    now = datetime.combine(DAY, time(9), UTC)
    store = Store.open(f"sqlite:///{folder / 'sentences.sqlite3'}")
    store.create(now)
    store.put_offers(demo().offers.values(), now)
    yield Desk(store, Settings(data_dir=folder), clock=lambda: now)
    store.close()


def told_of(desk: Desk, person: int) -> list[Statement]:
    """Every sentence told of somebody, in three languages."""
    made = list[Statement]()
    for lang in LANGUAGES:
        answer = pathways_for(desk, demo().profiles[person], Asker("c", Role.CONSULTANT, lang))
        made += [Statement(person, lang, "ask", one.question, one.sentence) for one in answer.asks]
        made += [Statement(person, lang, "lift", one.offer_id, one.sentence) for one in answer.lifts]
        unlocks = [one for group in answer.unlocks for one in group.offers]
        made += [Statement(person, lang, "unlock", one.offer_id, one.sentence) for one in unlocks]
    return made


def verified(statements: Sequence[Statement]) -> Counter[str]:
    """Read and verify sentences; those of one person together, for what is the same in their variants."""
    counts = Counter[str]()
    for person in sorted({told.person for told in statements}):
        twin = Twin(demo().world, list(demo().offers.values()))
        base = usable(demo().profiles[person], DAY)[0]
        now = twin.look(base)
        for told in statements:
            if told.person == person:
                verify(twin, base, now, told)
                counts[f"{told.part} {told.lang}"] += 1
    print(dict(counts))
    return counts


def test_every_sentence_of_a_few_people_is_true(desk: Desk) -> None:
    counts = verified([told for person in range(4) for told in told_of(desk, person)])
    assert {name.split()[0] for name in counts} == {"ask", "lift", "unlock"}


@pytest.mark.slow
def test_a_thousand_sentences_are_true(desk: Desk) -> None:
    pool = [told for person in range(200) for told in told_of(desk, person)]
    rng, drawn = np.random.default_rng(1000), list[Statement]()
    for part, n in (("ask", 333), ("lift", 333), ("unlock", 334)):
        some = [told for told in pool if told.part == part]
        drawn += [some[k] for k in rng.permutation(len(some))[:n].tolist()]
    assert verified(drawn).total() == 1000


def test_a_false_sentence_is_found(desk: Desk) -> None:
    statements = [told for person in range(4) for told in told_of(desk, person)]
    for part in ("ask", "lift", "unlock"):
        told = next(one for one in statements if one.part == part and one.lang == "en")
        last = r"(\d)(?= at most)" if part == "ask" else r"(\d)(?=\)?\.)"
        wrong = re.sub(last, lambda found: str((int(found[1]) + 5) % 10), told.text, count=1)
        assert wrong != told.text
        with pytest.raises(AssertionError):
            verified([replace(told, text=wrong)])
