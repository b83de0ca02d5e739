"""Peer: tantivy, BM25 over words and pairs of Han, kana and Hangul characters, top ten, then the hand rule."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyarrow as pa
import tantivy
from common import Case, Clock, best, hand_rule, run

TOP = 10
WIDE = re.compile("[\u2e80-\U0003ffff]+")
NARROW = re.compile("[^\\s\u2e80-\U0003ffff]+")


def tokens(text: str) -> list[str]:
    """Words; of Han, kana and Hangul runs each two neighbours, or the one character there is."""
    found = NARROW.findall(text)
    for part in WIDE.findall(text):
        found += [part[i : i + 2] for i in range(len(part) - 1)] if len(part) > 1 else [part]
    return found


def build(entries: list[str]) -> tuple[tantivy.Schema, tantivy.Index]:
    """The index in memory, in one segment."""
    maker = tantivy.SchemaBuilder()
    maker.add_text_field("text", stored=False, tokenizer_name="whitespace", index_option="freq")
    maker.add_integer_field("entry", stored=False, indexed=False, fast=True)
    schema = maker.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    for i, text in enumerate(entries):
        writer.add_document(tantivy.Document(text=" ".join(tokens(text)), entry=i))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return schema, index


def match(case: Case, clock: Clock) -> tuple[pa.Table, dict[str, Any]]:
    """The best work of each line."""
    bags = case.entries.bag
    clock.end("setup")
    schema, index = build(bags)
    clock.end("build")
    searcher = index.searcher()
    distinct = {text: i for i, text in enumerate(dict.fromkeys(case.lines.bag))}
    hits: list[list[Any]] = []
    for text in distinct:
        terms = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", t, "freq")) for t in set(tokens(text))]
        found = searcher.search(tantivy.Query.boolean_query(terms), TOP, count=False).hits if terms else []
        hits.append([address for _, address in found])
    flat = [address for found in hits for address in found]
    entry = np.array(searcher.fast_field_values("entry", flat), np.int64)
    counts = np.array([len(found) for found in hits])
    starts = np.concatenate(([0], np.cumsum(counts)))
    of_line = np.array([distinct[text] for text in case.lines.bag])
    count = counts[of_line]
    line = np.repeat(np.arange(len(of_line)), count)
    within = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    entry = entry[np.repeat(starts[of_line], count) + within]
    answer = best(case, line, entry, hand_rule(case, line, entry))
    clock.end("match")
    settings = f"BM25 over words and CJK bigrams, top {TOP}, hand rule of rapidfuzz ratios with performers and writers"
    return answer, {"settings": settings}


if __name__ == "__main__":
    run(match, ["tantivy", "rapidfuzz"])
