"""What a route can ask for: the types of its parameters `services`, `session`, `client_access`, `caller`, `member`."""

from __future__ import annotations

from litestar.di import NamedDependency

from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess, Member
from intersession_server.services import Services
from intersession_server.sync.directory import Authenticated

GivenServices = NamedDependency[Services]
GivenSession = NamedDependency[CurrentSession]
GivenAccess = NamedDependency[ClientAccess]
GivenCaller = NamedDependency[Authenticated]
GivenMember = NamedDependency[Member]
