"""Invented profiles: people in guidance at LINK, without any attribute that the service refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from matching.codes import (
    Acquired,
    Certificate,
    Day,
    DrivingLicence,
    Level,
    Limit,
    Mode,
    Shift,
    SkillLevel,
    SourceKind,
)
from matching.geography import Place
from matching.guidance import add_months
from matching.records import (
    Constraint,
    DataBasis,
    DoneProfession,
    Exclusions,
    HeldCompetence,
    KnownLanguage,
    Mention,
    Profile,
    Source,
)
from training.people import People, read_people
from training.trades import Dice, Table, Trade, Trades, table

CONSULTANTS: Final = 7
NEARLY_EMPTY, SPARSE = 0.05, 0.15
SPARSE_FORGETS: Final = 0.55
FULL_FORGETS: Final = 0.04
MAY_BE_MISSING: Final = (
    "competences",
    "professions_sought",
    "professions_done",
    "languages",
    "max_minutes",
    "modes",
    "driving_licences",
    "certificates",
    "own_car",
    "impossible_shifts",
    "impossible_days",
    "contracts",
    "start_from",
    "education",
)

STATES: Final = table({"guidance": 83, "not_yet": 3, "preparation": 5, "ended": 3, "handed_over": 2.5, "found_work": 1.5})
ACQUIRED: Final[Mapping[str, Table[Acquired]]] = {
    "art60": table({Acquired.WORK: 7, Acquired.INFORMAL: 2, Acquired.TRAINING: 1}),
    "bf_trainee": table({Acquired.TRAINING: 7, Acquired.WORK: 2, Acquired.EDUCATION: 1}),
    "dsp": table({Acquired.WORK: 7, Acquired.TRAINING: 2, Acquired.INFORMAL: 1}),
}
SKILL_LEVELS: Final = {"9": 1, "3": 3, "2": 4, "1": 4}
"""Skill level of ISCO-08 by major group; 2 for all others."""

MASTERY: Final = table({SkillLevel.BASIC: 3, SkillLevel.INDEPENDENT: 6, SkillLevel.EXPERT: 1, None: 4})


def profiles(dice: Dice, trades: Trades, today: date) -> Iterator[Profile]:
    """Give profiles without end, numbered from 1, about 85 % of them in guidance on ``today``."""
    people = read_people(trades)
    names = {place.postcode: place.name_fr for place in trades.places["people"].values}
    number = 0
    while True:
        number += 1
        group = dice.pick(people.groups)
        place = dice.pick(trades.places["people"])
        commune = names.get(people.commune.get(place.postcode, place.postcode), place.name_fr)
        bare = Profile(id=f"link-{number:04d}", source=_source(dice, people, group, commune), target_group=group)
        bare = _dated(dice, people, bare, today)
        if dice.chance(NEARLY_EMPTY):
            yield replace(bare, postcode=place.postcode) if dice.chance(0.5) else bare
        else:
            yield _forgetful(dice, _whole(dice, trades, people, bare, place, today))


def _source(dice: Dice, people: People, group: str, commune: str) -> Source:
    if group == "art60":
        of = "d'" if commune[0] in "AEIOU" else "de "
        return Source(SourceKind.OCMW, f"CPAS {of}{commune}")
    if group == "bf_trainee":
        return Source(SourceKind.BRUXELLES_FORMATION, "Bruxelles Formation")
    return Source(SourceKind.ACTIRIS_AGENCY, f"Antenne Actiris {dice.one(people.agencies)}")


def _dated(dice: Dice, people: People, bare: Profile, today: date) -> Profile:
    """Add dates that agree with each other and with a state of guidance, the basis, and the contacts."""
    state = dice.pick(STATES)
    if bare.target_group != "art60" and state in ("not_yet", "preparation"):
        state = "guidance"
    had_contract = bare.target_group != "bf_trainee"
    if state in ("not_yet", "preparation"):
        days = dice.whole(75, 200) if state == "not_yet" else dice.whole(3, 55)
        dated = replace(bare, contract_end=today + timedelta(days=days))
        told = today - timedelta(days=dice.whole(1, 60))
    else:
        age = dice.whole(375, 520) if state == "ended" else dice.whole(3, 350)
        registered = today - timedelta(days=age)
        intake = registered + timedelta(days=dice.whole(4, 42))
        dated = replace(
            bare,
            registered_on=registered,
            contract_end=registered - timedelta(days=dice.whole(1, 20)) if had_contract else None,
            intake_on=intake if intake <= today else None,
            guidance_end=add_months(registered, 12) if dice.chance(0.1) else None,
        )
        told = registered - timedelta(days=dice.whole(0, 30))
        last = today - timedelta(days=int(age * 0.6 * dice.roll()))
        if state == "handed_over":
            dated = replace(dated, handed_over_on=last)
        elif state == "found_work":
            dated = replace(dated, found_work_on=last)
    contact = dice.whole(1, CONSULTANTS)
    return replace(
        dated,
        basis=_basis(dice, people, told, today),
        referent_id=f"referent-{dice.whole(1, 60):02d}" if dice.chance(0.8) else None,
        contact_id=f"consultant-{contact}" if dice.chance(0.95) else None,
        backup_id=f"consultant-{contact % CONSULTANTS + 1}" if dice.chance(0.85) else None,
        preferred_agency=f"Antenne Actiris {dice.one(people.agencies)}" if dice.chance(0.3) else None,
    )


def _basis(dice: Dice, people: People, told: date, today: date) -> tuple[DataBasis, ...]:
    """Record the basis for every field; one in a hundred has none, one in a hundred was withdrawn."""
    chance = dice.roll()
    if chance < 0.01:
        return ()
    withdrawn = told + timedelta(days=dice.whole(0, (today - told).days)) if chance < 0.02 else None
    return (DataBasis("all", dice.one(people.purposes), people.legal_basis, told, withdrawn),)


def _whole(dice: Dice, trades: Trades, people: People, bare: Profile, place: Place, today: date) -> Profile:
    group = bare.target_group or ""
    trade = dice.pick(people.trades[group])
    before = _related(dice, trades, trade) if dice.chance(0.4) else None
    low, high = dice.pick(people.hours)
    licences = dice.pick(people.licences)
    if any(legal for _, legal, _ in trade.facts.licences) and dice.chance(people.licensed):
        licences = tuple({*licences, *(code for code, legal, _ in trade.facts.licences if legal), DrivingLicence.B})
    modes = dice.pick(people.modes)
    if DrivingLicence.B not in licences:
        modes = tuple(mode for mode in modes if mode is not Mode.CAR) or (Mode.PUBLIC_TRANSPORT,)
    shifts, days = dice.pick(people.shifts), dice.pick(people.days)
    return replace(
        bare,
        competences=_competences(dice, people, group, trade, before),
        professions_sought=_sought(dice, trades, trade),
        professions_done=_done(dice, people, trade, before),
        languages=_languages(dice, people),
        postcode=place.postcode,
        max_minutes=dice.pick(people.minutes),
        modes=modes,
        driving_licences=tuple(sorted(licences)),
        certificates=_certificates(dice, trade),
        own_car=Mode.CAR in modes,
        hours_min=low,
        hours_max=high,
        impossible_shifts=shifts,
        impossible_days=days,
        contracts=dice.pick(people.contracts),
        start_from=today + timedelta(days=dice.whole(0, 45)) if dice.chance(0.5) else None,
        education=dice.pick(people.education[group]),
        exclusions=_exclusions(dice, trades, trade),
        constraints=_constraints(dice, shifts, days),
    )


def _related(dice: Dice, trades: Trades, trade: Trade) -> Trade:
    """Give another trade of the domain, or now and then of a domain next to it, of a like level of work."""
    kin = [name for name in trades.kin[trade.domain] if name in trades.by_domain]
    domain = dice.one(kin) if kin and dice.chance(0.3) else trade.domain
    like = [t for t in trades.by_domain[domain] if t is not trade and abs(_level(t) - _level(trade)) <= 1]
    if not like:
        return trade
    heaviest = max(t.facts.weight for t in like)
    return next((t for t in dice.some(like, len(like)) if dice.chance(t.facts.weight / heaviest)), like[0])


def _level(trade: Trade) -> int:
    return SKILL_LEVELS.get(trade.isco[:1], 2)


def _sought(dice: Dice, trades: Trades, trade: Trade) -> tuple[Mention, ...]:
    found = [trade, *(_related(dice, trades, trade) for _ in range(dice.whole(0, 2)))]
    mentions = [Mention(uri) for uri in dict.fromkeys(one.uri for one in found)]
    if dice.chance(0.06):
        mentions.append(Mention(None, dice.one(("travail de nuit calme", "iets met kinderen", "travail en plein air"))))
    return tuple(mentions)


def _done(dice: Dice, people: People, trade: Trade, before: Trade | None) -> tuple[DoneProfession, ...]:
    done = [trade] if dice.chance(0.85) else []
    if before is not None and before is not trade:
        done.append(before)
    return tuple(DoneProfession(t.uri, months=None if dice.chance(0.12) else dice.pick(people.months)) for t in done)


def _competences(dice: Dice, people: People, group: str, trade: Trade, before: Trade | None) -> tuple[HeldCompetence, ...]:
    """Take most of what the trade needs, some of the rest, some of an earlier trade, and general ones."""
    known = 0.55 + 0.4 * dice.roll()
    uris = [uri for uri in trade.essential if dice.chance(known)]
    uris += [uri for uri in trade.optional if dice.chance(0.3)]
    uris += [uri for uri in (before.essential if before else ()) if dice.chance(0.5)]
    uris += dice.some(people.general, dice.whole(1, 4))
    how = ACQUIRED[group]
    held = [
        HeldCompetence(uri, level=dice.pick(MASTERY), acquired=dice.pick(how) if dice.chance(0.8) else None)
        for uri in dict.fromkeys(uris)
    ]
    if dice.chance(0.15):
        held.append(HeldCompetence(None, dice.one(people.texts), acquired=Acquired.INFORMAL))
    return tuple(held)


def _languages(dice: Dice, people: People) -> tuple[KnownLanguage, ...]:
    known = []
    for code, levels in (("fr", people.french), ("nl", people.dutch), ("en", people.english)):
        level = dice.pick(levels)
        if level != "not mentioned":
            known.append(KnownLanguage(code, None if level == "level unknown" else Level(level)))
    other = dice.pick(people.others)
    if other:
        known.append(KnownLanguage(other, dice.one((Level.C1, Level.C2, Level.C2, None))))
    return tuple(known)


def _certificates(dice: Dice, trade: Trade) -> tuple[Certificate, ...]:
    held = {code for code, legal, share in trade.facts.certificates if dice.chance(0.7 if legal else 0.5 * share)}
    if dice.chance(0.08):
        held.add(dice.one((Certificate.FIRST_AID, Certificate.VCA, Certificate.FORKLIFT)))
    return tuple(sorted(held))


def _exclusions(dice: Dice, trades: Trades, trade: Trade) -> Exclusions:
    if dice.chance(0.92):
        return Exclusions()
    pattern, _ = dice.one(trade.facts.employers)
    return Exclusions(
        employers=(pattern.format(dice.one(trades.stems)),) if dice.chance(0.4) else (),
        professions=(Mention(_related(dice, trades, trade).uri),) if dice.chance(0.4) else (),
        sectors=(dice.one(("10.1", "80", "56.3", "81.2", "38")),) if dice.chance(0.4) else (),
    )


def _constraints(dice: Dice, shifts: tuple[Shift, ...], days: tuple[Day, ...]) -> tuple[Constraint, ...]:
    """Mark impossible shifts and days as solvable for some, and other limits as hard for some."""
    found = [Constraint(Limit.SHIFTS, solvable=True)] if shifts and dice.chance(0.35) else []
    if days and dice.chance(0.3):
        found.append(Constraint(Limit.DAYS, solvable=True))
    hard = ((Limit.MINUTES, 0.15), (Limit.HOURS, 0.2), (Limit.CONTRACT, 0.06), (Limit.START, 0.04))
    found += [Constraint(limit, solvable=not dice.chance(0.8)) for limit, share in hard if dice.chance(share)]
    return tuple(found)


def _forgetful(dice: Dice, whole: Profile) -> Profile:
    """Leave out what nobody asked or noted: over half of a sparse profile, little of the others."""
    share = SPARSE_FORGETS if dice.chance(SPARSE / (1 - NEARLY_EMPTY)) else FULL_FORGETS
    forgotten: dict[str, Any] = {name: None for name in MAY_BE_MISSING if dice.chance(share)}
    if dice.chance(share):
        forgotten |= {"hours_min": None, "hours_max": None}
    return replace(whole, **forgotten)
