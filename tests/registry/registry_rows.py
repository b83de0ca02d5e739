"""Rows for registries in tests: everything that a row needs, but for what a test says."""

from __future__ import annotations

import datetime as dt
from typing import Any

OPENED = dt.date(2000, 1, 1)
ISCC = "ISCC:KACYPXW445FTYNJ3CYSXHAFJMA2HUWULUNRFE3BLHRSCXYH2M5AEGQY"


def moment(day: int, second: int = 0) -> dt.datetime:
    """A moment of January 2024 (UTC)."""
    return dt.datetime(2024, 1, day, 12, 0, second)  # noqa: DTZ001 - the registry's moments are UTC without saying so


def party(party_id: str, **given: Any) -> dict[str, Any]:
    """A row of PARTIES."""
    return {"party_id": party_id, "name": f"Party {party_id}", "kind": "person", "valid_from": OPENED} | given


def work(work_id: str, **given: Any) -> dict[str, Any]:
    """A row of WORKS."""
    return {"work_id": work_id, "title": f"Song {work_id}", "valid_from": OPENED} | given


def link(target_kind: str, target: str, parent_kind: str, parent: str, **given: Any) -> dict[str, Any]:
    """A row of LINKS."""
    row = {"target_kind": target_kind, "target": target, "parent_kind": parent_kind, "parent": parent}
    return row | {"valid_from": OPENED} | given


def holding(target: str, party_id: str, share_ppm: int = 1_000_000, **given: Any) -> dict[str, Any]:
    """A row of HOLDINGS, of a work."""
    row = {"target_kind": "work", "target": target, "party_id": party_id, "role": "CA", "society": "NORTH"}
    return row | {"share_ppm": share_ppm, "valid_from": OPENED} | given


def mandate(society: str, party_id: str = "", **given: Any) -> dict[str, Any]:
    """A row of MANDATES: for AI training, everywhere."""
    row = {"society": society, "party_id": party_id, "kind": "mandate", "right": "ai_training", "purpose": "train"}
    return row | {"territory": "world", "source": "statutes", "valid_from": OPENED} | given


def reciprocal(grantor: str, grantee: str, **given: Any) -> dict[str, Any]:
    """A row of RECIPROCALS: for AI training, everywhere."""
    row = {"grantor": grantor, "grantee": grantee, "right": "ai_training", "purpose": "train", "territory": "world"}
    return row | {"source": "agreement", "valid_from": OPENED} | given


def statement(statement_id: str, target_kind: str, target: str, **given: Any) -> dict[str, Any]:
    """A row of STATEMENTS: a reservation of training, by nobody known."""
    row = {"statement_id": statement_id, "kind": "reservation", "target_kind": target_kind, "target": target}
    row |= {"purpose": "train", "system": "*", "territory": "world", "party_id": "", "carrier": "registry"}
    return row | {"form": "machine", "evidence": "declared", "valid_from": OPENED} | given


def offer(offer_id: str, licensor: str, target_kind: str, target: str, **given: Any) -> dict[str, Any]:
    """A row of OFFERS."""
    row = {"offer_id": offer_id, "licensor": licensor, "target_kind": target_kind, "target": target}
    row |= {"purpose": "train", "system": "*", "territory": "world", "model": "fee_per_work", "payee": licensor}
    return row | {"terms": "{}", "valid_from": OPENED} | given


def authorship(work_id: str, part: str, making: str, **given: Any) -> dict[str, Any]:
    """A row of AUTHORSHIP."""
    row = {"work_id": work_id, "part": part, "party_id": "A", "making": making}
    return row | {"valid_from": OPENED} | given
