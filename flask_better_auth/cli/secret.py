"""``secret``: a key to sign cookies with."""

from __future__ import annotations

import secrets

import click


def new_secret() -> str:
    """32 random bytes as 64 hexadecimal digits."""
    return secrets.token_hex(32)


@click.command("secret")
def secret() -> None:
    """Print a new secret key."""
    click.echo("Add the following to your .env file:")
    click.echo("# Auth Secret")
    click.echo(f"BETTER_AUTH_SECRET={new_secret()}")
