"""Changing the user and the password."""

from __future__ import annotations

from tests.client.scenarios.rows import CLEAR_PASSWORD
from tests.client.scenarios.rows import DELETE_ACCOUNT
from tests.client.steps import PASSWORD
from tests.client.steps import Scenario
from tests.client.steps import get
from tests.client.steps import post
from tests.client.steps import scenario
from tests.client.steps import sign_in
from tests.client.steps import sign_up

NEW = "staple correct horse"
WIDE = "\uff46\uff55\uff4c\uff4c-width"


def _change(current: object = PASSWORD, new: object = NEW, **more: object) -> object:
    body = {"currentPassword": current, "newPassword": new, **more}
    return {name: value for name, value in body.items() if value is not None}


ACCOUNTS: tuple[Scenario, ...] = (
    scenario(
        "update-user",
        sign_up(),
        post("/update-user", {"name": "Ada Zoë"}),
        get("/get-session"),
        post("/update-user", {"image": "https://ex.com/a.png"}),
        post("/update-user", {"name": "Ada", "image": None}),
        get("/get-session"),
        post("/update-user", {"name": "", "image": ""}),
        get("/get-session"),
    ),
    scenario(
        "update-user without rememberMe",
        sign_up(rememberMe=False),
        post("/update-user", {"name": "New"}),
        get("/get-session"),
    ),
    scenario(
        "update-user takes no address",
        sign_up(),
        post("/update-user", {"email": "<eve email>"}),
        post("/update-user", {"email": "<email>", "name": "x"}),
        post("/update-user", {"email": "", "name": "Empty"}),
        post("/update-user", {"email": None, "name": "Null"}),
        post("/update-user", {"email": False}),
        post("/update-user", {"email": 0}),
        get("/get-session"),
    ),
    scenario(
        "update-user ignores core fields",
        sign_up(),
        post(
            "/update-user",
            {
                "name": "New",
                "id": "x",
                "emailVerified": True,
                "createdAt": "2000-01-01T00:00:00.000Z",
                "updatedAt": "2000-01-01T00:00:00.000Z",
                "role": "admin",
            },
        ),
        get("/get-session"),
        post("/update-user", {"emailVerified": True}),
        post("/update-user", {"id": "x"}),
    ),
    scenario(
        "update-user with nothing known",
        sign_up(),
        post("/update-user", {}),
        post("/update-user", {"nonsense": 1}),
        get("/get-session"),
    ),
    *(
        scenario(f"update-user with {name}", sign_up(), post("/update-user", body))
        for name, body in {
            "a null name": {"name": None},
            "a number for a name": {"name": 5},
            "a boolean for a name": {"name": True},
            "a list for a name": {"name": ["x"]},
            "an object for a name": {"name": {"a": 1}},
            "a number for an image": {"image": 5},
            "a list for an image": {"image": ["x"]},
        }.items()
    ),
    scenario(
        "change-password",
        sign_up(),
        sign_in().using("phone"),
        post("/change-password", _change()),
        get("/get-session", by="phone"),
        get("/get-session"),
        sign_in().using("tablet"),
        sign_in(password=NEW).using("tablet"),
        post("/change-password", _change(NEW, NEW)),
    ),
    scenario(
        "change-password and revoke the others",
        sign_up(),
        sign_in().using("phone"),
        post("/change-password", _change(revokeOtherSessions=True)),
        get("/get-session", by="phone"),
        get("/get-session"),
        get("/list-sessions"),
        get("/get-session", cookies="better-auth.session_token=<phone session_token>"),
    ),
    scenario(
        "change-password without revoking",
        sign_up(),
        post("/change-password", _change(revokeOtherSessions=False)),
    ),
    scenario(
        "change-password and revoke without rememberMe",
        sign_up(rememberMe=False),
        post("/change-password", _change(revokeOtherSessions=True)),
        get("/get-session"),
        get("/list-sessions"),
    ),
    scenario(
        "change-password refused",
        sign_up(),
        post("/change-password", _change("not the password")),
        post("/change-password", _change("")),
        post("/change-password", _change(new="1234567")),
        post("/change-password", _change(new="")),
        post("/change-password", _change(new="x" * 129)),
        post("/change-password", _change("x" * 129)),
        post("/change-password", _change("x" * 129, "short")),
        post("/change-password", _change("x" * 129, "x" * 130)),
        post("/change-password", _change("not it", revokeOtherSessions=True)),
        get("/get-session"),
        sign_in(),
        on="real hashing",
    ),
    scenario(
        "change-password with wrong types",
        sign_up(),
        post("/change-password", _change(5)),
        post("/change-password", _change(new=5)),
        post("/change-password", _change(None)),
        post("/change-password", _change(new=None)),
        post("/change-password", {}),
        post("/change-password", _change(revokeOtherSessions="true")),
        post("/change-password", {"newPassword": None, "currentPassword": None}),
        post("/change-password", {"newPassword": 5, "revokeOtherSessions": 1}),
    ),
    scenario(
        "change-password of a user without one",
        sign_up(),
        CLEAR_PASSWORD,
        post("/change-password", _change()),
        DELETE_ACCOUNT,
        post("/change-password", _change()),
        post("/verify-password", {"password": PASSWORD}),
    ),
    scenario(
        "verify-password",
        sign_up(),
        post("/verify-password", {"password": PASSWORD}),
        post("/verify-password", {"password": "not the password"}),
        post("/verify-password", {"password": ""}),
        post("/verify-password", {"password": "x" * 128}),
        post("/verify-password", {"password": "x" * 129}),
        post("/verify-password", {"password": 5}),
        post("/verify-password", {"password": None}),
        post("/verify-password", {}),
        post("/verify-password", {"password": PASSWORD, "more": 1}),
    ),
    scenario(
        "passwords in compatibility form when checked",
        sign_up(password="ﬁve-ofﬁces-é"),
        post("/verify-password", {"password": "five-offices-e\u0301"}),
        post(
            "/change-password",
            _change("five-offices-é", WIDE),
        ),
        sign_in(password="full-width"),
        on="real hashing",
    ),
)
