"""What the types of records cannot say: fields that contradict each other, groups and codes that do not exist.

Checks read rows, not records, so that they speak beside the objections of the types. A value of the wrong type is
left to those.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from matching.codes import Event, Kind
from matching.files import shown
from matching.flat import is_code
from matching.mentions import COMPETENCE, OCCUPATION, Linking
from matching.records import Offer, Problem, Profile
from matching.validation import field_names, walk

ANY_FIELD: Final = "all"
_STARTED: Final = frozenset({Event.HIRED, Event.IN_WORK_1M, Event.IN_WORK_3M, Event.IN_WORK_6M, Event.LEFT})
_ABOUT_AN_OFFER: Final = frozenset(
    {Event.SEEN, Event.PROPOSED, Event.DECLINED, Event.APPLIED, Event.INTERVIEWED, Event.REFUSED}
)
_PROFILE_ORDER: Final = (
    ("registeredOn", "intakeOn"),
    ("registeredOn", "guidanceEnd"),
    ("registeredOn", "handedOverOn"),
    ("intakeOn", "guidanceEnd"),
)
_OFFER_ORDER: Final = (("published", "validThrough"), ("published", "closedOn"))


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes to hold a record to, where an unknown one is to be refused instead of kept and counted.

    ``postcodes``: all that are known. ``linking``: knows the codes of concepts. ``None``: not checked.
    """

    postcodes: Collection[str] | None = None
    linking: Linking | None = None


def _day(row: Mapping[str, Any], name: str) -> date | None:
    """Read a date of a row, if it is one."""
    value = row.get(name)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(row: Mapping[str, Any], name: str) -> float | None:
    """Read a number of a row, if it is one."""
    value = row.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _in_order(row: Mapping[str, Any], record: str, pairs: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield dates that come before the one they must follow, and hours whose least is above their most."""
    for first, last in pairs:
        before, after = _day(row, first), _day(row, last)
        if before is not None and after is not None and after < before:
            yield Problem("inconsistent", record, last, after.isoformat(), f"{first} <= {last}")
    least, most = _number(row, "hoursMin"), _number(row, "hoursMax")
    if least is not None and most is not None and least > most:
        yield Problem("inconsistent", record, "hoursMin", f"{least:g}", "hoursMin <= hoursMax")


def _check_group(path: str, value: Any, record: str, groups: Collection[str]) -> Iterator[Problem]:
    """Yield a target group that does not exist."""
    if isinstance(value, str) and value not in groups:
        yield Problem("unknown_group", record, path, shown(value), ", ".join(sorted(groups)))


def _check_codes(kind: type[Any], row: Mapping[str, Any], record: str, codes: Codes | None) -> Iterator[Problem]:
    """Yield postcodes and concept codes that are not known."""
    if codes is None:
        return
    for path, name, _, value in walk(kind, row):
        if name in {"postcode", "postcodes"} and codes.postcodes is not None:
            for at, code in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(code, str) and code not in codes.postcodes:
                    here = f"{path}[{at}]" if isinstance(value, list) else path
                    yield Problem("unknown_postcode", record, here, shown(code), "postcode")
        if name == "concept" and codes.linking is not None and isinstance(value, str):
            sort = COMPETENCE if "ompetences" in path else OCCUPATION
            if not is_code(value) or codes.linking.code(sort, value) is None:
                yield Problem("unknown_code", record, path, shown(value), "known code")


def check_profile(row: Mapping[str, Any], record: str, groups: Collection[str], codes: Codes | None) -> Iterator[Problem]:
    """Yield what the types of a profile cannot say."""
    if row.get("source") is None:
        yield Problem("missing_source", record, "source", None, "ocmw, bruxelles_formation, actiris_agency")
    yield from _check_group("targetGroup", row.get("targetGroup"), record, groups)
    yield from _in_order(row, record, _PROFILE_ORDER)
    bases = row.get("basis")
    for at, basis in enumerate(bases if isinstance(bases, list) else []):
        if not isinstance(basis, Mapping):
            continue
        said, accepted = basis.get("field"), [ANY_FIELD, *field_names(Profile)]
        if isinstance(said, str) and said not in accepted:
            yield Problem("not_in_list", record, f"basis[{at}].field", shown(said), ", ".join(accepted))
        told, withdrawn = _day(basis, "notifiedOn"), _day(basis, "withdrawnOn")
        if told and withdrawn and withdrawn < told:
            here = f"basis[{at}].withdrawnOn"
            yield Problem("inconsistent", record, here, withdrawn.isoformat(), "notifiedOn <= withdrawnOn")
    yield from _check_codes(Profile, row, record, codes)


def check_offer(row: Mapping[str, Any], record: str, groups: Collection[str], codes: Codes | None) -> Iterator[Problem]:
    """Yield what the types of an offer cannot say."""
    audience = row.get("audience")
    for at, group in enumerate(audience if isinstance(audience, list) else []):
        yield from _check_group(f"audience[{at}]", group, record, groups)
    yield from _in_order(row, record, _OFFER_ORDER)
    if row.get("kind") == Kind.VACANCY:
        for name in ("grants", "audience"):
            if row.get(name) is not None:
                yield Problem("inconsistent", record, name, None, "kind != vacancy")
    filled, positions = _number(row, "filled"), _number(row, "positions")
    if filled is not None and positions is not None and filled > positions:
        yield Problem("inconsistent", record, "filled", f"{filled:g}", "filled <= positions")
    yield from _check_codes(Offer, row, record, codes)


def check_outcome(row: Mapping[str, Any], record: str) -> Iterator[Problem]:
    """Yield what the types of an outcome cannot say."""
    event = row.get("event")
    if row.get("startedOn") is not None and event in set(Event) - _STARTED:
        accepted = ", ".join(sorted(_STARTED))
        yield Problem("inconsistent", record, "startedOn", shown(row["startedOn"]), f"event = {accepted}")
    if event in _ABOUT_AN_OFFER and row.get("offerId") is None and row.get("suggestionId") is None:
        yield Problem("missing", record, "offerId", None, "offerId, suggestionId")
    if row.get("corrects") is not None and row.get("corrects") == row.get("id"):
        yield Problem("inconsistent", record, "corrects", shown(row["corrects"]), "corrects != id")
