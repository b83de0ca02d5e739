"""May it be used? Uses and the registry's rows in, answers out: allowed, refused or unknown, each with its reason.

Pure: no clock, no network, no database. What cannot be decided is unknown, and unknown is never allowed.
"""

from partita.clear.answer import Answer, Part, Use
from partita.clear.batch import decide_all
from partita.clear.decide import decide
from partita.clear.prepared import Prepared, prepare
from partita.clear.warm import warm

__all__ = ["Answer", "Part", "Prepared", "Use", "decide", "decide_all", "prepare", "warm"]
