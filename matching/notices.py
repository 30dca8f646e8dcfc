"""What the command line says of itself, and of what goes wrong that is nobody's bug, in three languages."""

from typing import Final

from matching.codes import Words, word
from matching.desk import NotFound
from matching.problems import say
from matching.records import DataError
from matching.store import Conflict, SQLAlchemyError  # type: ignore[attr-defined]
from models.refusal import Refused

SAID: Final[Words] = {
    "no_database": (
        "La base de données n'est pas prête : lancez « linkmatch init », ou vérifiez LINKMATCH_DATABASE_URL.",
        "De databank is niet klaar: voer 'linkmatch init' uit, of kijk LINKMATCH_DATABASE_URL na.",
        "The database is not ready: run 'linkmatch init', or check LINKMATCH_DATABASE_URL.",
    ),
    "database": (
        "La base de données ne répond pas comme il faut ({}) ; vérifiez-la, puis recommencez.",
        "De databank antwoordt niet zoals het hoort ({}); kijk ze na en probeer opnieuw.",
        "The database does not answer as it should ({}); check it, then try again.",
    ),
    "unusable": ("{} : ne peut pas servir ({}).", "{}: kan niet gebruikt worden ({}).", "{}: cannot be used ({})."),
    "conflict": (
        "Enregistré autrement entre-temps : {} ; recommencez.",
        "Intussen anders bewaard: {}; probeer opnieuw.",
        "Stored otherwise in the meantime: {}; try again.",
    ),
    "ready": ("Base de données prête : {}", "Databank klaar: {}", "Database ready: {}"),
    "template": ("Modèle écrit : {}", "Sjabloon geschreven: {}", "Template written: {}"),
    "key": (
        "Clé {} ({}), montrée une seule fois :\n{}",
        "Sleutel {} ({}), maar één keer getoond:\n{}",
        "Key {} ({}), shown only once:\n{}",
    ),
    "revoked": ("Clé retirée : {}", "Sleutel ingetrokken: {}", "Key revoked: {}"),
    "no_key": ("Pas de clé valable : {}", "Geen geldige sleutel: {}", "No valid key: {}"),
    "rows": ("{} lignes lues", "{} rijen gelezen", "{} rows read"),
    "texts": ("{} textes liés", "{} teksten gekoppeld", "{} texts linked"),
    "linkers": ("{} index de liaison prêts", "{} koppelindexen klaar", "{} linking indexes ready"),
    "rank": ("{} listes cherchées sur {}", "{} lijsten gezocht van {}", "{} lists searched of {}"),
    "say": ("{} listes écrites sur {}", "{} lijsten geschreven van {}", "{} lists written of {}"),
    "learned": (
        "Modèle appris et gardé : {0}. Voir : linkmatch models show {0} ; mettre en service : linkmatch models promote {0}",
        "Model geleerd en bewaard: {0}. Bekijken: linkmatch models show {0}; in gebruik nemen: linkmatch models promote {0}",
        "Model learned and kept: {0}. Look: linkmatch models show {0}; put in use: linkmatch models promote {0}",
    ),
    "learning": ("Apprentissage", "Aan het leren", "Learning"),
    "in_use": ("Modèle en service : {}", "Model in gebruik: {}", "Model in use: {}"),
    "loading": ("Préparation du monde de démonstration", "De demowereld wordt klaargezet", "Preparing the demo world"),
    "warming": ("Préparation du moteur ...", "De motor wordt voorbereid ...", "Preparing the engine ..."),
    "serving": (
        "LINK Match répond sur {} (arrêter : Ctrl+C)",
        "LINK Match antwoordt op {} (stoppen: Ctrl+C)",
        "LINK Match answers at {} (stop: Ctrl+C)",
    ),
    "try": (
        "\nClé de consultant du monde de démonstration, et une demande pour essayer :\n  {}\n  {}",
        "\nSleutel van een consulent voor de demowereld, en een aanvraag om te proberen:\n  {}\n  {}",
        "\nKey of a consultant for the demo world, and a request to try:\n  {}\n  {}",
    ),
}
TRY: Final = (
    "curl {0}/matching/v1/suggestions -H 'Authorization: Bearer {1}' \\\n    -H 'Content-Type: application/json' "
    "-H 'Accept-Language: {2}' -d '{{\"profileId\": \"link-demo\", \"asOf\": \"{3}\"}}'\n"
)
"""A request for the demo's list: address, key, language, day."""


class Unable(Exception):  # noqa: N818 - a word of the doors
    """A command that cannot be carried out; its arguments are those of `notice`, after the language."""


EXPECTED: Final = (DataError, NotFound, Conflict, OSError, SQLAlchemyError, Refused, Unable)
"""What may happen without anybody's bug."""


def notice(lang: str, name: str, *values: object) -> str:
    """Say one of the notices.

    >>> notice("en", "ready", "here")
    'Database ready: here'
    """
    return word(SAID, name, lang).format(*values)


def sentences(error: Exception, lang: str) -> list[str]:
    """Say one of the `EXPECTED` errors: a sentence for each problem."""
    if isinstance(error, DataError):
        return [say(problem, lang) for problem in error.problems]
    if isinstance(error, NotFound):
        return [say(error.problem, lang)]
    if isinstance(error, Conflict):
        return [notice(lang, "conflict", ", ".join(error.ids))]
    if isinstance(error, OSError):
        return [notice(lang, "unusable", error.filename or "-", error.strerror or type(error).__name__)]
    if isinstance(error, Refused):
        return [error.sentence(lang)]
    if isinstance(error, Unable):
        return [notice(lang, *error.args)]
    return [notice(lang, "database", type(error).__name__)]  # its message may hold data
