"""What is owed? Tariffs are data; licences and quantities in, charges and their steps out.

Imports the contract (`tables`, `money`, `errors`) and its own files; reads tariff files, touches nothing else.
"""

from partita.price.charge import price
from partita.price.claims import claims
from partita.price.describe import describe
from partita.price.inforce import PricePolicy
from partita.price.labels import LABELS, label
from partita.price.library import Tariffs, check, load, read
from partita.price.quantities import COUNTED, count, displaced
from partita.price.tariff import Tariff

__all__ = [
    "COUNTED",
    "LABELS",
    "PricePolicy",
    "Tariff",
    "Tariffs",
    "check",
    "claims",
    "count",
    "describe",
    "displaced",
    "label",
    "load",
    "price",
    "read",
]
