"""What was used? Usage lines to works.

`identify` answers for whole tables, `evidence` for one line in full. Touches `text`, `tables`, `ids`; no file, clock or
network. The method is described in docs/identify.md.
"""

from partita.identify.duplicates import DuplicatesPolicy, duplicates
from partita.identify.evidence import Candidate, Evidence, Identifier, evidence, scorer_label
from partita.identify.policy import IdentifyPolicy
from partita.identify.remarks import remarks
from partita.identify.stage import Prepared, identify, prepare
from partita.identify.warm import warm

__all__ = [
    "Candidate",
    "DuplicatesPolicy",
    "Evidence",
    "Identifier",
    "IdentifyPolicy",
    "Prepared",
    "duplicates",
    "evidence",
    "identify",
    "prepare",
    "remarks",
    "scorer_label",
    "warm",
]
