"""Commands of who runs the service: keys, and the model in use (click)."""

from datetime import datetime
from pathlib import Path

import click

from matching import listings
from matching.codes import Role
from matching.commands import command, open_desk, read_settings
from matching.listings import Listing
from matching.notices import Unable, notice
from matching.rendering import Out
from models import registry


@click.group()
def keys() -> None:
    """Keys of those who may call the HTTP interface."""


@command(keys, "create")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What the key may read and do.")
@click.option("--label", default="", help="Whose key it is.")
def keys_create(out: Out, role: str, label: str) -> None:
    """Make a key and show its secret, once."""
    desk = open_desk()
    secret = desk.store.create_key(Role(role), label, desk.clock())
    made = {"id": secret.split("_")[1], "role": role, "label": label, "secret": secret}
    out.show(made, listings.one(made), notice(out.lang, "key", made["id"], role, secret))


@command(keys, "list")
def keys_list(out: Out) -> None:
    """List the keys, without their secrets."""
    rows = tuple((k.id, k.role.value, k.label, k.created_at, k.revoked_at) for k in open_desk().store.keys())  # noqa: SIM118 - not a dict
    columns = ("id", "role", "label", "createdAt", "revokedAt")
    items = [dict(zip(columns, [v.isoformat() if isinstance(v, datetime) else v for v in row], strict=True)) for row in rows]
    out.show({"items": items}, Listing(columns, rows))


@command(keys, "revoke")
@click.argument("key_id", metavar="ID")
def keys_revoke(out: Out, key_id: str) -> None:
    """Revoke a key for good."""
    desk = open_desk()
    if not desk.store.revoke_key(key_id, desk.clock()):
        raise Unable("no_key", key_id)
    out.show({"id": key_id, "revoked": True}, listings.one({"id": key_id, "revoked": True}), notice(out.lang, "revoked", key_id))


@click.group()
def models() -> None:
    """Models that were learned, and the one in use."""


def _models_folder() -> Path:
    return read_settings().data_dir / registry.MODELS


@command(models, "list")
def models_list(out: Out) -> None:
    """List the models; the first are the hand-set tables."""
    rows = listings.models(_models_folder())
    out.show({"items": rows.records()}, rows)


@command(models, "show")
@click.argument("version", metavar="MODEL")
def models_show(out: Out, version: str) -> None:
    """Show the card of a model."""
    folder = _models_folder()
    card = registry.card(folder, version)
    out.show(card, listings.measures(card["metrics"]), registry.page(folder, version, out.lang))


@command(models, "promote")
@click.argument("version", metavar="MODEL")
def models_promote(out: Out, version: str) -> None:
    """Put a model in use; running services take it at their next question.

    Refused without card, self-test, comparison with the model in use and every baseline, or without skill.
    """
    registry.promote(_models_folder(), version)
    _show_in_use(out)


@command(models, "rollback")
def models_rollback(out: Out) -> None:
    """Go back to the model that was in use before."""
    registry.rollback(_models_folder())
    _show_in_use(out)


def _show_in_use(out: Out) -> None:
    version = registry.current(_models_folder()).version
    out.show({"model": version}, listings.one({"model": version}), notice(out.lang, "in_use", version))
