"""A small repertoire of several societies, in which short titles sound and look alike."""

# ruff: noqa: E501 - tables of Han characters, each of which counts as two columns

from __future__ import annotations

import pyarrow as pa
import pytest

from partita import tables

WORKS: list[dict[str, object]] = [
    {"work_id": "W01", "title": "心願", "performers": ["四個女生"], "writers": ["蕭世昌"], "society": "A", "iswc": "T0345246801"},
    {"work_id": "W02", "title": "新願", "performers": ["許某人"], "society": "B"},
    {"work_id": "W03", "title": "愛情", "performers": ["莫文蔚"], "society": "A"},
    {"work_id": "W04", "title": "愛情", "performers": ["張某某"], "society": "B"},
    {"work_id": "W05", "title": "思念", "performers": ["蔡琴"], "society": "A"},
    {"work_id": "W06", "title": "望春風", "performers": ["純純"], "writers": ["鄧雨賢", "李臨秋"], "society": "A"},
    {"work_id": "W07", "title": "Yesterday", "performers": ["The Beatles"], "writers": ["LENNON JOHN", "MCCARTNEY PAUL"],
     "isrc": ["GBAYE0601477"], "society": "C"},
    {"work_id": "W08", "title": "津軽海峡・冬景色", "performers": ["石川さゆり"], "society": "C"},
    {"work_id": "W09", "title": "愛拼才會贏", "performers": ["葉啟田"], "writers": ["陳百潭"], "society": "B"},
    {"work_id": "W10", "title": "咱的故鄉", "performers": ["江蕙"], "society": "B"},
    {"work_id": "W11", "title": "阮的故鄉", "performers": ["江蕙"], "society": "B"},
    {"work_id": "W12", "title": "The Long and Winding Road", "performers": ["The Beatles"], "society": "C"},
    {"work_id": "T1", "title": "雨夜花", "performers": ["純純"], "writers": ["鄧雨賢"], "society": "A"},
    {"work_id": "T2", "title": "雨夜花", "performers": ["純純"], "writers": ["鄧雨賢"], "society": "B"},
    {"work_id": "S1", "title": "月夜愁", "performers": ["純純"], "writers": ["鄧雨賢"], "society": "A"},
    {"work_id": "S1", "title": "月夜愁", "performers": ["純純"], "writers": ["周添旺"], "society": "B"},
]  # fmt: skip


@pytest.fixture(scope="session")
def works() -> pa.Table:
    """The small repertoire."""
    columns = {}
    for column in tables.REPERTOIRE.columns:
        empty: object = [] if column.type == tables.TEXTS else None if column.null else ""
        columns[column.name] = pa.array([row.get(column.name, empty) for row in WORKS], column.type)
    return tables.conform(pa.table(columns), tables.REPERTOIRE)
