"""An application behind waitress, from the moment that the engine is ready until it is told to stop."""

import signal
import sys
from collections.abc import Callable
from typing import Any

import waitress

from matching.codes import Kind, SourceKind
from matching.completion import complete
from matching.desk import Desk
from matching.matcher import Wish
from matching.records import DataBasis, Mention, Offer, Override, Profile, Source
from matching.tasks import Tasks


def serve(app: Any, desk: Desk, host: str, port: int, threads: int, ready: Callable[[str], None]) -> None:
    """Serve a WSGI application until SIGTERM or Ctrl+C.

    Parameters
    ----------
    app, desk
        The application, and the desk behind it, which is warmed up first.
    host, port
        Where to listen; port 0 takes a free one.
    threads
        Requests handled at the same time.
    ready
        Told the address once requests are taken.

    Raises
    ------
    OSError
        The address cannot be used.
    """
    server = waitress.create_server(app, host=host, port=port, threads=threads, ident=None)
    warm_up(desk)
    Tasks(desk).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    chosen = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    ready(f"http://{f'[{host}]' if ':' in host else host}:{chosen}")
    server.run()


def warm_up(desk: Desk) -> None:
    """Compile and build what the first question would wait for; nothing is logged, nobody is matched."""
    loaded, today = desk.loaded(), desk.today()
    occupation = loaded.matcher.taxonomy.concepts("occupation")[0]
    nobody = Profile(
        id="warm-up",
        source=Source(SourceKind.OCMW, "warm-up"),
        basis=(DataBasis("all", "warm-up", "warm-up", today),),
        professions_sought=(Mention(occupation),),
        professions_done=(),
        competences=(),
        languages=(),
        postcode="1000",
        hours_min=1,
        hours_max=38,
        education=0,
    )
    loaded.matcher.suggest(nobody, today, Wish(), Override("warm-up", "service"))
    people = loaded.matcher.people([nobody], today)
    offer = Offer("warm-up", "warm-up", Kind.VACANCY, "warm-up", occupation=Mention(occupation))
    loaded.matcher.candidates(offer, people)
    loaded.matcher.explain(nobody, offer, today)
    for linker in loaded.codes.linkers.values():
        linker.rank("warm-up")
    complete(loaded.completion, "warm-up", "fr")
