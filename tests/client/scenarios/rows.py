"""Changes behind a server's back, each to the rows of ada's address."""

from __future__ import annotations

from tests.client.steps import Sql

EXPIRE_SESSIONS = Sql(
    "UPDATE session SET expiresAt = '2000' || substr(expiresAt, 5)"
    " WHERE userId = (SELECT id FROM user WHERE email = :email)"
)
AGE_SESSIONS = Sql(
    "UPDATE session SET createdAt = '2000' || substr(createdAt, 5)"
    " WHERE userId = (SELECT id FROM user WHERE email = :email)"
)
DELETE_SESSIONS = Sql(
    "DELETE FROM session WHERE userId = (SELECT id FROM user WHERE email = :email)"
)
DELETE_USER = Sql("DELETE FROM user WHERE email = :email")
RENAME = Sql("UPDATE user SET name = 'Behind' WHERE email = :email")
VERIFY = Sql("UPDATE user SET emailVerified = 1 WHERE email = :email")
CLEAR_PASSWORD = Sql(
    "UPDATE account SET password = NULL"
    " WHERE userId = (SELECT id FROM user WHERE email = :email)"
)
EMPTY_PASSWORD = Sql(
    "UPDATE account SET password = ''"
    " WHERE userId = (SELECT id FROM user WHERE email = :email)"
)
CHANGE_PROVIDER = Sql(
    "UPDATE account SET providerId = 'github'"
    " WHERE userId = (SELECT id FROM user WHERE email = :email)"
)
DELETE_ACCOUNT = Sql(
    "DELETE FROM account WHERE userId = (SELECT id FROM user WHERE email = :email)"
)
