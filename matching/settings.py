"""Settings, read from the environment (prefix ``LINKMATCH_``)."""

from importlib import metadata
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from matching.exploring import MOST


class Settings(BaseSettings):
    """Where data is kept and how the service runs.

    ``database_url`` defaults to an SQLite file in ``data_dir``; ``guidance`` is a file with the rules of the target groups
    (default: the shipped one). ``exploration`` is the share of the places of a list that is left to chance, 0 for none.
    """

    model_config = SettingsConfigDict(env_prefix="LINKMATCH_")

    data_dir: Path = Path(".linkmatch")
    database_url: str = ""
    guidance: Path | None = None
    max_body_bytes: int = 2_000_000
    concurrent_matches: int = 4
    exploration: Annotated[float, Field(ge=0, le=MOST)] = 0.0

    def url(self) -> str:
        """Give the database URL; an SQLite file's folder is made when it is not there."""
        if self.database_url:
            return self.database_url
        self.data_dir.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{self.data_dir / 'linkmatch.sqlite3'}"


def version() -> str:
    """Give the version of the service; ``0`` when it is not installed."""
    try:
        return metadata.version("link-match")
    except metadata.PackageNotFoundError:  # run from a checkout
        return "0"
