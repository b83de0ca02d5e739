"""To whom? Pools, allocations, suspense, payouts, journal."""

from partita.distribute.adjust import cumulate
from partita.distribute.books import Books
from partita.distribute.policy import DistributePolicy
from partita.distribute.selftest import selftest
from partita.distribute.stage import distribute
from partita.errors import Unbalanced

__all__ = ["Books", "DistributePolicy", "Unbalanced", "cumulate", "distribute", "selftest"]
