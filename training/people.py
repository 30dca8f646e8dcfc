"""What the demo world knows of people: shares of the target groups, read from ``people.json``.

Published: 7.5 % of Brussels job seekers speak good Dutch or French besides their own language, 22.9 % at least medium;
English 17.6 % good, 35.5 % medium (RTBF, 2014-2015). Unemployment is highest in Saint-Josse, Molenbeek, Saint-Gilles,
Schaerbeek and Anderlecht (Trends-Tendances, 2013). All other shares are assumptions.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from matching.codes import Contract, Day, DrivingLicence, Mode, Shift
from training.trades import Table, Trade, Trades, table

T = TypeVar("T")

PEOPLE: Final = Path(__file__).parent / "people.json"


@dataclass(frozen=True, slots=True)
class People:
    """Shares and lists of ``people.json`` as tables, by target group where they differ.

    ``licensed`` is the share of drivers who hold the licence of their trade; ``general`` are competences of any trade.
    """

    groups: Table[str]
    trades: Mapping[str, Table[Trade]]
    dutch: Table[str]
    english: Table[str]
    french: Table[str]
    others: Table[str]
    education: Mapping[str, Table[int]]
    months: Table[int]
    minutes: Table[int]
    hours: Table[tuple[float, float]]
    modes: Table[tuple[Mode, ...]]
    shifts: Table[tuple[Shift, ...]]
    days: Table[tuple[Day, ...]]
    contracts: Table[tuple[Contract, ...]]
    licences: Table[tuple[DrivingLicence, ...]]
    licensed: float
    texts: tuple[str, ...]
    purposes: tuple[str, ...]
    legal_basis: str
    commune: Mapping[str, str]
    general: tuple[str, ...]
    agencies: tuple[str, ...]


def read_people(trades: Trades) -> People:
    """Read what the demo world knows of people, with the trades that each target group comes from."""
    raw = json.loads(PEOPLE.read_text(encoding="utf-8"))
    return People(
        groups=table(raw["groups"]),
        trades={group: _trades_of(trades, raw, group) for group in raw["groups"]},
        dutch=table(raw["dutch"]),
        english=table(raw["english"]),
        french=table(raw["french"]),
        others=table(raw["other languages"]),
        education={group: _read(weights, int) for group, weights in raw["education"].items()},
        months=_read(raw["months"], int),
        minutes=_read(raw["minutes"], int),
        hours=_read(raw["hours"], lambda text: (float(text.split("-")[0]), float(text.split("-")[1]))),
        modes=_read(raw["modes"], lambda text: _codes(text, Mode)),
        shifts=_read(raw["impossible shifts"], lambda text: _codes(text, Shift)),
        days=_read(raw["impossible days"], lambda text: _codes(text, Day)),
        contracts=_read(raw["contracts"], lambda text: _codes(text, Contract)),
        licences=_read(raw["licences"], lambda text: _codes(text, DrivingLicence)),
        licensed=raw["licence holders among drivers"],
        texts=tuple(raw["texts"]),
        purposes=tuple(raw["purposes"]),
        legal_basis=raw["legal basis"],
        commune=raw["postcode to commune"],
        general=tuple(trades.competences[slug] for slug in raw["general competences"] if slug in trades.competences),
        agencies=tuple(raw["agencies"]),
    )


def _read(weights: Mapping[str, float], value: Callable[[str], T]) -> Table[T]:
    return table({value(text): weight for text, weight in weights.items()})


def _codes(text: str, code: Callable[[str], T]) -> tuple[T, ...]:
    return tuple(code(part) for part in text.split(",") if part)


def _trades_of(trades: Trades, raw: Mapping[str, Any], group: str) -> Table[Trade]:
    """Weigh trades by domain, by how common the trade is in it, and by the major group of ISCO-08."""
    total = {domain: sum(trade.facts.weight for trade in own) for domain, own in trades.by_domain.items()}
    weights: dict[int, float] = {}
    for number, trade in enumerate(trades.all):
        domain = raw["domains"][group].get(trade.domain, 0) / total[trade.domain]
        weights[number] = domain * trade.facts.weight * raw["major groups"][group].get(trade.isco[:1], 0)
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1.0)
    numbers = table({number: weight for number, weight in weights.items() if weight})
    return Table(tuple(trades.all[number] for number in numbers.values), numbers.bounds)
