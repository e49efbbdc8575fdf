"""Every scenario that is put to both servers, and the configurations they need."""

from __future__ import annotations

from tests.client.scenarios.accounts import ACCOUNTS
from tests.client.scenarios.bodies import BODIES
from tests.client.scenarios.caches import CACHES
from tests.client.scenarios.configured import CONFIGURED
from tests.client.scenarios.cookies import COOKIES
from tests.client.scenarios.origins import ORIGINS
from tests.client.scenarios.paths import PATHS
from tests.client.scenarios.sessions import SESSIONS
from tests.client.scenarios.signing import SIGNING

SCENARIOS = (
    *SIGNING,
    *SESSIONS,
    *ACCOUNTS,
    *COOKIES,
    *CACHES,
    *BODIES,
    *PATHS,
    *ORIGINS,
    *CONFIGURED,
)
