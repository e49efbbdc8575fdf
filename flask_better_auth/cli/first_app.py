"""``init``: a first app to start from."""

from __future__ import annotations

from pathlib import Path

import click

from flask_better_auth.cli.secret import new_secret

APP = '''\
"""A Flask app with accounts: sign up, sign in, see and end your sessions."""

from flask import Flask
from flask import render_template_string

from flask_better_auth import BetterAuth
from flask_better_auth import login_required

app = Flask(__name__)

# BETTER_AUTH_SECRET comes from the environment. The database is a SQLite file in the
# folder instance/ unless app.config["SQLALCHEMY_DATABASE_URI"] names another.
auth = BetterAuth(app, app_name="My app", email_and_password={"enabled": True})


@app.get("/")
def home():
    return '<h1>My app</h1><p><a href="/dashboard">Your dashboard</a></p>'


@app.get("/dashboard")
@login_required
def dashboard():
    return render_template_string(
        """
        <h1>Hello {{ current_user.name }}</h1>
        <p><a href="/auth/account">Your account</a></p>
        <p><a href="/auth/sessions">Your sessions</a></p>
        <p><a href="/auth/sign-out">Sign out</a></p>
        """
    )
'''


@click.command("init")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default="app.py",
    show_default=True,
    help="The file to write.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
def init(output: Path, force: bool) -> None:
    """Write a minimal app and say how to run it."""
    if output.exists() and not force:
        raise click.ClickException(
            f"{output} is there; name another file with --output, or use --force"
        )
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(APP, encoding="utf-8")
    click.echo(
        f"Wrote {output}. Next:\n"
        "\n"
        f"  export BETTER_AUTH_SECRET={new_secret()}\n"
        f"  flask --app {output} better-auth migrate\n"
        f"  flask --app {output} run\n"
        "\n"
        "Then sign up at http://127.0.0.1:5000/auth/sign-up. Keep the secret: without "
        "it everybody is signed out."
    )
