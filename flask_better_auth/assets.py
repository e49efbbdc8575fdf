"""Where templates and static files are, in a checkout and in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def asset_folder(name: str) -> Path:
    """The folder called *name*: inside the package in a wheel, beside it in a checkout.

    Raises:
        RuntimeError: neither is there, so the installation is broken.
    """
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        # Our marker: a stranger's site-packages/templates is not ours.
        if (folder / "better_auth").is_dir():
            return folder
    raise RuntimeError(
        f"flask_better_auth: folder {name!r} is missing; reinstall the package"
    )
