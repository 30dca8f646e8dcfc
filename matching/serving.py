"""An application behind waitress, from the moment that the engine is ready until it is told to stop."""

import signal
import socket
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
from matching.workers import keep


def serve(app: Any, desk: Desk, host: str, port: int, threads: int, ready: Callable[[str], None], workers: int = 1) -> None:
    """Serve a WSGI application until SIGTERM or Ctrl+C.

    Parameters
    ----------
    app, desk
        The application, and the desk behind it, which is warmed up first.
    host, port
        Where to listen; port 0 takes a free one.
    threads
        Requests handled at the same time in each process.
    ready
        Told the address once requests are taken.
    workers
        Processes; more than one are forked from this one once it is warm, and take requests from the same address.

    Raises
    ------
    OSError
        The address cannot be used.
    """
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024)
    warm_up(desk)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    def work() -> None:
        Tasks(desk).start()
        waitress.create_server(app, sockets=[listening], threads=threads, ident=None).run()

    ready(f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}")
    desk.store.close()  # no process shares a connection with another one
    if workers == 1:
        work()
    else:
        keep(workers, work)


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
