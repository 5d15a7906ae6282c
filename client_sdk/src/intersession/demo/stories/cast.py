"""Everybody in the demo's practice."""

from __future__ import annotations

from intersession.demo.stories.camille_aubertin import CAMILLE
from intersession.demo.stories.daniel_okonjo import DANIEL
from intersession.demo.stories.elif_sahin import ELIF
from intersession.demo.stories.halina_wojcik import HALINA
from intersession.demo.stories.ines_taveira import INES
from intersession.demo.stories.jonas_brandt import JONAS
from intersession.demo.stories.mara_keller import MARA
from intersession.demo.stories.noor_haddad import NOOR
from intersession.demo.stories.piotr_malinowski import PIOTR
from intersession.demo.stories.ravi_deshpande import RAVI
from intersession.demo.stories.ruth_abernathy import RUTH
from intersession.demo.stories.tom_reed import TOM

STORIES = (DANIEL, MARA, JONAS, ELIF, TOM, HALINA, RAVI, NOOR, PIOTR, CAMILLE, RUTH, INES)
