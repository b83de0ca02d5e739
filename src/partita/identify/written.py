"""Columns of strings as code points, and the distinct ones of some rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from partita.text.ragged import Places, Texts


def texts_of(strings: pa.LargeStringArray) -> Texts:
    """Strings, none of them null, as code points."""
    _, offsets, data = strings.buffers()
    places = np.frombuffer(offsets, np.int64)[strings.offset : strings.offset + len(strings) + 1] if offsets else [0]
    return Texts.of_utf8(np.frombuffer(data or b"", np.uint8), np.array(places, np.int64))


def distinct_texts(strings: pa.LargeStringArray, rows: Places) -> tuple[Texts, Places]:
    """The distinct ones of some rows' strings, none of them null, and for each of these rows which of them it says."""
    encoded = strings.take(pa.array(rows)).dictionary_encode()
    return texts_of(encoded.dictionary), encoded.indices.to_numpy().astype(np.int64)


def listed(strings: pa.LargeStringArray, rows: Places) -> list[str]:
    """What some rows say."""
    texts: list[str] = strings.take(pa.array(rows)).to_pylist()
    return texts
