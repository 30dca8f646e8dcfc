"""How long suggest as you type takes: names typed letter by letter over the classification of the data directory.

    python bench/completion.py

Prints the times of ``GET /concepts`` in milliseconds, without a network (the application is called directly). Import ESCO
first (``linkmatch init``, ``linkmatch import taxonomy DIR``); without it the starter classification is used.
"""

import contextlib
import io
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

import api
from matching.codes import Role
from matching.desk import Desk
from matching.protocol import BASE
from matching.settings import Settings
from matching.store import Store

TYPED = (
    "nettoyer les sols", "soins infirmiers", "accueil de clients", "cuisinier de collectivité", "développeur web",
    "magazijnmedewerker", "heftruckchauffeur", "schoonmaken van lokalen", "software developer", "patient care",
)  # fmt: skip
MISTYPED = ("netoyer les sols", "verplegkundige", "softwar develloper", "elektriciteit instaleren", "zzxqv kkkjw")


def main() -> None:
    """Type, time, print."""
    settings = Settings()
    store = Store.open(settings.url())
    desk = Desk(store, settings)
    now = desk.clock()
    store.create(now)
    secret = store.create_key(Role.CONSULTANT, "bench", now)
    desk.loaded()
    began = time.perf_counter()
    labels = len(desk.loaded().completion.labels)
    built = time.perf_counter() - began
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "fr"}
    found: dict[str, list[float]] = {}
    with contextlib.redirect_stderr(io.StringIO()):
        client = api.create_app(desk, settings).test_client()
        for kind, names in (("as written", TYPED), ("with errors", MISTYPED)):
            for text in (name[:length] for name in names for length in range(1, len(name) + 1)):
                began = time.perf_counter()
                answer = client.get(f"{BASE}/concepts", query_string={"q": text}, headers=headers)
                found.setdefault(kind, []).append(1000 * (time.perf_counter() - began))
                assert answer.status_code == 200, answer.text
    store.revoke_key(secret.split("_")[1], now)
    print(f"{labels:,} forms of labels, built in {built:.1f} s; milliseconds:")
    for kind, times in found.items():
        median, late, most = np.percentile(times, [50, 95, 100])
        print(f"{kind}: {len(times)} calls, median {median:.1f}, 95th percentile {late:.1f}, most {most:.1f}")


if __name__ == "__main__":
    main()
