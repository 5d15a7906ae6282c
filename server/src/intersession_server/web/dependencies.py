"""What a route can ask for, as the types of its parameters `services`, `session` and `client_access`."""

from __future__ import annotations

from litestar.di import NamedDependency

from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.services import Services

GivenServices = NamedDependency[Services]
GivenSession = NamedDependency[CurrentSession]
GivenAccess = NamedDependency[ClientAccess]
