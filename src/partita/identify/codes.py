"""Identifiers as keys: each text once, and the work that bears it. Only what exactly one work bears can decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partita.text.ragged import Places

UNKNOWN, SEVERAL = -1, -2
"""No work bears the identifier; several do, so that it decides nothing."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Texts, each once, and the number of the work that each names, or `SEVERAL`."""

    texts: pa.Array
    works: Places

    @classmethod
    def of(cls, texts: pa.Array, works: Places) -> Codes:
        """From pairs of a text and a work; empty and null texts name nothing."""
        there = pc.fill_null(pc.not_equal(texts, ""), False).to_numpy(zero_copy_only=False)
        encoded = texts.filter(pa.array(there)).cast(pa.large_string()).dictionary_encode()
        owners = works[there]
        least = np.full(len(encoded.dictionary), np.iinfo(np.int64).max)
        most = np.full(len(encoded.dictionary), -1, np.int64)
        place = encoded.indices.to_numpy()
        np.minimum.at(least, place, owners)
        np.maximum.at(most, place, owners)
        return cls(encoded.dictionary, np.where(least == most, most, SEVERAL))

    def find(self, wanted: pa.Array) -> Places:
        """For each text its work, `SEVERAL` or `UNKNOWN`; an empty text is unknown."""
        if not len(self.texts) or not len(wanted):
            return np.full(len(wanted), UNKNOWN, np.int64)
        place = pc.index_in(wanted.cast(pa.large_string()), value_set=self.texts)
        place = pc.fill_null(place, len(self.texts)).to_numpy(zero_copy_only=False)
        found: Places = np.concatenate((self.works, [UNKNOWN]))[place].astype(np.int64)
        return found
