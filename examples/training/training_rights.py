"""The registry of the training case as files that `partita registry import` reads: one CSV file for each table."""

import json
from collections.abc import Iterator
from pathlib import Path

from training_world import (
    EAST,
    MANDATES,
    NORTH,
    SITE_ARCHIVE,
    SITE_LANTERN,
    SITE_NORTH,
    SOCIETIES,
    SOUTH,
    STATEMENTS,
    WEST,
    WITHDRAWN_FROM,
    WITHDRAWN_ON,
    Work,
    ktv,
    write_csv,
)

ALWAYS = "2000-01-01"
_ODRL = "urn:partita:odrl"
OFFERS = (
    ("north-ai", NORTH, "gema_generative", "*",
     {"model": {"share": "30 %", "minimum": "60000"}, "outputs": {"share": "10 %", "minimum": "0"}}),
    ("west-ai", WEST, "stim_ai", "songbird/v1",
     {"training": {"amount": "18000"}, "revenue": {"share": "6 %", "minimum": "0"}}),
    ("south-ai", SOUTH, "per_work", "*", {"works": {"amount": "25"}}),
    ("east-ai", EAST, "statutory", "*", {"remuneration": {"share": "2 %", "minimum": "0"}}),
)  # fmt: skip
"""Offer, licensor, licence model, system, and the terms of each component; amounts in EUR."""


def registry(works: list[Work], out: Path) -> Iterator[Path]:
    """Writes registry/*.csv: parties, works, links, holdings, mandates, statements, offers."""
    folder = out / "registry"
    registered = [work for work in works if work.id]
    claims = [(work, claim) for work in registered for claim in ktv.claims_of(work.song)]
    yield _parties(folder, claims)
    yield _works(folder, registered)
    yield _links(folder, registered)
    yield _holdings(folder, claims)
    yield _mandates(folder, claims)
    yield _statements(folder)
    yield _offers(folder)


def _parties(folder: Path, claims: list[tuple[Work, ktv.Claim]]) -> Path:
    rows = [["party_id", "name", "kind", "valid_from"]]
    rows += [[society, ktv.NAMES[society], "society", ALWAYS] for society in SOCIETIES]
    payees = {ktv.party(c): (c.payee, "publisher" if c.role == "E" else "person") for _, c in claims}
    rows += [[party, name, kind, ALWAYS] for party, (name, kind) in sorted(payees.items())]
    rows.append(["songbird", "Songbird AI (fictional)", "provider", ALWAYS])
    return write_csv(folder / "parties.csv", rows)


def _works(folder: Path, works: list[Work]) -> Path:
    rows = [["work_id", "title", "alt_titles", "writers", "performers", "iswc", "language", "valid_from"]]
    for work in works:
        song = work.song
        writers = [name for name in dict.fromkeys(song.composers + song.lyricists) if name not in ktv.NOBODY]
        rows.append([work.id, song.title, " / ".join(song.others), " / ".join(writers), " / ".join(work.performers),
                     work.iswc, song.language, ALWAYS])  # fmt: skip
    return write_csv(folder / "works.csv", rows)


def place(work: Work, site: str) -> str:
    """The folder of a song on a site whose owner links it to the work."""
    return f"https://{site}/songs/{work.id.lower()}/"


def _links(folder: Path, works: list[Work]) -> Path:
    rows = [["target_kind", "target", "parent_kind", "parent", "valid_from"]]
    for work in works:
        rows += [["recording", code, "work", work.id, ALWAYS] for code in work.isrcs]
        rows += [["content", code, "work", work.id, ALWAYS] for code in work.isccs]
        if NORTH in work.societies:
            rows.append(["url", place(work, SITE_NORTH), "work", work.id, "2020-01-01"])
    return write_csv(folder / "links.csv", rows)


def _holdings(folder: Path, claims: list[tuple[Work, ktv.Claim]]) -> Path:
    rows = [["target_kind", "target", "party_id", "role", "society", "share_ppm", "valid_from"]]
    shares: dict[tuple[str, str, str, str], int] = {}
    for work, claim in claims:
        key = (work.id, ktv.party(claim), claim.role, claim.society)
        shares[key] = shares.get(key, 0) + claim.share * 100
    rows += [["work", w, p, r, s, str(share), ALWAYS] for (w, p, r, s), share in shares.items()]
    return write_csv(folder / "holdings.csv", rows)


def _mandates(folder: Path, claims: list[tuple[Work, ktv.Claim]]) -> Path:
    rows = [["society", "party_id", "kind", "right", "purpose", "territory", "source", "valid_from"]]
    rows += [[s, "", "mandate", right, purpose, "world", source, day] for s, right, purpose, day, source in MANDATES]
    leaving = min(ktv.party(c) for _, c in claims if c.society == WITHDRAWN_FROM and c.role in {"C", "CA"})
    rows.append(
        [WITHDRAWN_FROM, leaving, "withdrawal", "ai_training", "train", "world", "letter (fictional)", WITHDRAWN_ON]
    )
    return write_csv(folder / "mandates.csv", rows)


def _statements(folder: Path) -> Path:
    rows = [["statement_id", "kind", "target_kind", "target", "purpose", "system", "territory", "party_id", "carrier",
             "form", "evidence", "source", "valid_from", "valid_to"]]  # fmt: skip
    rows += [[s.id, s.kind, s.target_kind, s.target, "train", "*", "world", s.party, s.carrier, s.form, s.evidence,
              s.source, s.since, s.until] for s in STATEMENTS]  # fmt: skip
    return write_csv(folder / "statements.csv", rows)


def _offers(folder: Path) -> Path:
    rows = [["offer_id", "licensor", "target_kind", "target", "purpose", "system", "territory", "model", "payee",
             "currency", "terms", "source", "valid_from"]]  # fmt: skip
    for offer, society, model, system, terms in OFFERS:
        rows.append([offer, society, "repertoire", society, "train", system, "world", model, society, "EUR",
                     odrl(model, terms), "offer of the society (fictional)", "2024-06-01"])  # fmt: skip
    return write_csv(folder / "offers.csv", rows)


def odrl(model: str, terms: dict[str, dict[str, str]]) -> str:
    """The terms of an offer as an ODRL 2.2 policy in JSON."""
    duties = []
    for component, values in terms.items():
        refinement = [
            {"leftOperand": f"{_ODRL}:{name}", "operator": "eq", "rightOperand": value}
            | ({} if name == "share" else {"unit": "EUR"})
            for name, value in values.items()
        ]
        action = [{"rdf:value": {"@id": "compensate"}, "refinement": refinement}]
        duties.append({"uid": f"{_ODRL}:duty:{component}", "action": action})
    policy = {
        "@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Offer", "uid": f"{_ODRL}:model:{model}",
        "profile": _ODRL, "permission": [{"action": f"{_ODRL}:train", "duty": duties}],
    }  # fmt: skip
    return json.dumps(policy, ensure_ascii=False, separators=(",", ":"))


RESERVED_SITES = (SITE_NORTH, SITE_LANTERN)
OPEN_SITES = (SITE_ARCHIVE,)
