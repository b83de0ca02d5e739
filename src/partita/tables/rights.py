"""Tables of rights: who holds them, who may license them, what was reserved or permitted, what was asked and answered.

Two times stand on every row of the registry: `valid_from` to `valid_to` is when it holds in the world, `recorded_at` to
`retired_at` is when the registry knew it so. Nothing is overwritten: a correction retires one row and records another.
"""

from __future__ import annotations

import pyarrow as pa

from partita.tables.shape import TEXTS, Column, Table, count, day, text


def moment(name: str, meaning: str, *, null: bool = False) -> Column:
    """A column of moments, in UTC."""
    return Column(name, pa.timestamp("s"), meaning, "second, UTC", null)


# fmt: off
TIMES = (
    day("valid_from", "first day on which it holds"),
    day("valid_to", "first day on which it holds no more; null: open", null=True),
    moment("recorded_at", "when the registry was told"),
    moment("retired_at", "when the registry learned better; null: still its knowledge", null=True),
    text("recorded_by", "who told it"),
)
"""The two times, the same on every table of the registry."""

_PURPOSE = text("purpose", "a purpose of `scope.PURPOSES`, e.g. `train_generative`")
_SYSTEM = text("system", "`*` anybody, a provider `suno`, or one of its systems `suno/v5`")
_TERRITORY = text("territory", "`world`, `EU`, or ISO 3166-1 alpha-2")
_TARGET_KIND = text("target_kind", "`url`, `content` (ISCC), `recording` (ISRC), `work`, `party` or `repertoire` (a society's)")
_TARGET = text("target", "the thing: a URL pattern with `*` and `$`, an ISCC, an ISRC, a work's id, a party's id, a society's id")

PARTIES = Table(
    "parties",
    "Persons, publishers, societies and providers.",
    ("party_id", "recorded_at"),
    (
        text("party_id", "the party: an IPI where known, else a number or name of the registry's own"),
        text("name", "name, as registered"),
        text("kind", "`person`, `publisher`, `society`, `provider` or `other`"),
        text("ipi", "IPI name number, 11 digits", null=True),
        text("isni", "ISNI, 16 characters", null=True),
        *TIMES,
    ),
)

WORKS = Table(
    "works",
    "Works as the registry knows them.",
    ("work_id", "recorded_at"),
    (
        text("work_id", "the work"),
        text("title", "title as registered"),
        Column("alt_titles", TEXTS, "titles in other scripts and languages"),
        Column("writers", TEXTS, "names of composers and lyricists, to find a work by title and writers"),
        Column("performers", TEXTS, "performers known for the work"),
        text("iswc", "ISWC, T and ten digits", null=True),
        text("language", "BCP 47 tag", null=True),
        *TIMES,
    ),
)

LINKS = Table(
    "links",
    "What belongs to what: a URL or content code to a recording or work, a recording to its work. Statements inherit along it.",
    ("target_kind", "target", "parent_kind", "parent", "recorded_at"),
    (
        text("target_kind", "`url`, `content` or `recording`"),
        _TARGET,
        text("parent_kind", "`content`, `recording`, `work`, or `party` (who controls a URL)"),
        text("parent", "what it belongs to"),
        *TIMES,
    ),
)

HOLDINGS = Table(
    "holdings",
    "Who holds which share of a work or a recording. Shares of one target on one day make the whole, or the rest is unknown.",
    ("target_kind", "target", "party_id", "role", "recorded_at"),
    (
        text("target_kind", "`work` or `recording`"),
        _TARGET,
        text("party_id", "the holder"),
        text("role", "role as in SHARES; `PR` producer, `PE` performer of a recording"),
        text("society", "the society that the holder is a member of for it; empty: none, the holder speaks for itself"),
        count("share_ppm", "share of the whole", "parts per million"),
        *TIMES,
    ),
)

MANDATES = Table(
    "mandates",
    "Which society administers which right, for which use, territory and period; a withdrawal takes a right back.",
    ("society", "party_id", "right", "purpose", "territory", "kind", "recorded_at"),
    (
        text("society", "the society that may act"),
        text("party_id", "the member who gave it; empty: every member, by the society's statutes"),
        text("kind", "`mandate`, or `withdrawal` by the member"),
        text("right", "a right of `scope.RIGHTS`"),
        _PURPOSE,
        _TERRITORY,
        text("source", "where it stands: statute, contract, date"),
        *TIMES,
    ),
)

RECIPROCALS = Table(
    "reciprocals",
    "Reciprocal representation: which society may act for another's members, where.",
    ("grantor", "grantee", "right", "purpose", "territory", "recorded_at"),
    (
        text("grantor", "the society whose repertoire it is"),
        text("grantee", "the society that may act for it"),
        text("right", "a right of `scope.RIGHTS`"),
        _PURPOSE,
        _TERRITORY,
        text("source", "where it stands"),
        *TIMES,
    ),
)

AUTHORSHIP = Table(
    "authorship",
    "Who made what in a work, and how: human, assisted by a machine, or generated; with the evidence.",
    ("work_id", "part", "party_id", "recorded_at"),
    (
        text("work_id", "the work"),
        text("part", "`lyrics`, `melody`, `arrangement`, `vocals`, `instrumentation`, `production`, `artwork` or `whole`"),
        text("party_id", "who made it, or who ran the tool; empty where nobody did"),
        text("making", "`human`, `assisted` or `generated`"),
        text("tool", "the AI system used; empty for none"),
        Column("evidence", TEXTS, "what shows the human part: `selection`, `arrangement`, `edits`, `prompts`, `drafts`, each with `: ` and what it is"),
        Column("sha256", TEXTS, "hashes of the evidence kept, in the same order; empty where none is kept"),
        text("source", "who declared it, where: a registration, a label in the file, a finding"),
        *TIMES,
    ),
)

STATEMENTS = Table(
    "statements",
    "Reservations, permissions, consents and licences: what somebody said of the use of something.",
    ("statement_id", "recorded_at"),
    (
        text("statement_id", "the statement"),
        text("kind", "`reservation` (no), `permission` (a signal that says yes to anybody), `consent` or `licence` (yes, on terms), `statutory` (the law says yes, for pay)"),
        _TARGET_KIND, _TARGET, _PURPOSE, _SYSTEM, _TERRITORY,
        text("party_id", "who speaks; empty where only the place is known (a site, a file's own metadata)"),
        text("offer_id", "the offer whose terms a licence takes up; null for none", null=True),
        text("carrier", "`registry`, or the signal it was read from: a carrier of `formats.signals.CARRIERS`"),
        text("form", "`machine` (readable by machines), `natural` (words), `informal` (a convention without a standard)"),
        text("evidence", "`signed` (a signature was verified), `served` (read at the place itself), `declared` (the party told the registry), `reported` (second hand)"),
        text("source", "URL or file that it was read from"),
        text("sha256", "SHA-256 of the bytes read; empty where none were"),
        text("note", "in words"),
        *TIMES,
    ),
)

OFFERS = Table(
    "offers",
    "Licences that can be had: by whom, for what, on which terms, paid to whom.",
    ("offer_id", "recorded_at"),
    (
        text("offer_id", "the offer"),
        text("licensor", "the party or society that offers it"),
        _TARGET_KIND, _TARGET, _PURPOSE, _SYSTEM, _TERRITORY,
        text("model", "a licence model of `price.models`, e.g. `share_of_income`, `fee_per_work`, `statutory`"),
        text("payee", "who collects"),
        text("currency", "ISO 4217 code; empty where nothing is paid"),
        text("terms", "the terms as an ODRL 2.2 policy in JSON"),
        text("source", "where it was published"),
        *TIMES,
    ),
)

REGISTRY = (PARTIES, WORKS, LINKS, HOLDINGS, MANDATES, RECIPROCALS, AUTHORSHIP, STATEMENTS, OFFERS)
"""The tables that the registry keeps."""

USES = Table(
    "uses",
    "What is asked: may this be used, for that purpose, by that system, there, on that day, as known on that day?",
    ("use_id",),
    (
        text("use_id", "the question"),
        text("target_kind", "`url`, `content`, `recording` or `work`"),
        text("target", "a URL, an ISCC, an ISRC or a work's id"),
        _PURPOSE, _SYSTEM, _TERRITORY,
        day("at", "the day of the use"),
        moment("known", "what the registry knew then decides; null: all that it knows", null=True),
    ),
)

ANSWERS = Table(
    "answers",
    "The answer to each use, with what decided it. `unknown` is never to be read as allowed.",
    ("use_id",),
    (
        text("use_id", "the question"),
        text("answer", "`allowed`, `refused` or `unknown`"),
        text("code", "why, as one of `clear.reasons`, e.g. `reserved`, `licensed`, `no_mandate`, `silent`"),
        text("reason", "the same in words"),
        text("work_id", "the work that the target belongs to; null where unknown", null=True),
        text("statement_id", "the statement that decided; null where none did", null=True),
        text("level", "where it is attached: `url`, `content`, `recording`, `work`, `party`, `repertoire`; empty for none"),
        text("carrier", "the carrier that it was read from; empty for none"),
        text("evidence", "its evidence grade; empty for none"),
        text("source", "where it was read; empty for none"),
        text("sha256", "hash of the bytes read; empty for none"),
        day("since", "first day of the statement that decided", null=True),
        count("allowed_ppm", "shares of the work for which it is allowed", "parts per million"),
        count("refused_ppm", "shares for which it is refused", "parts per million"),
        Column("contradicted", pa.bool_(), "equally near statements disagree; the most restrictive decided"),
        count("claims", "statements by parties who hold no right in it: listed, never counted", "statements"),
        Column("offers", TEXTS, "ids of the offers that would license it"),
        text("payee", "who is to be paid for the licence or offer; empty for nobody known"),
    ),
)

OBSERVATIONS = Table(
    "observations",
    "What signals a site or file carried when it was read: dated, with the hash of the bytes.",
    ("observed_at", "source", "carrier", "place", "target", "purpose", "system"),
    (
        moment("observed_at", "when it was read"),
        text("source", "URL or file that was read"),
        text("status", "`read`, `absent`, `unreadable` (counts as unknown) or `refused` (not fetched, by the rules of fetching)"),
        text("carrier", "the carrier; see `formats.signals.CARRIERS`"),
        text("place", "line, header or element within the source"),
        text("target_kind", "`url` or `content`"),
        text("target", "URL pattern that it speaks of, or an ISCC"),
        text("purpose", "purpose of `scope.PURPOSES`; empty where nothing was said"),
        text("stance", "`reserve`, `permit` or `unknown`"),
        _SYSTEM, _TERRITORY,
        text("raw", "what stood there, cut to 200 characters"),
        text("terms", "policy URL, or price terms in JSON; empty for none"),
        text("form", "as in STATEMENTS"),
        text("sha256", "SHA-256 of the bytes read; empty where none were"),
        text("note", "what is wrong or lost, in words"),
    ),
)

LAW = Table(
    "law",
    "The law table: one row per place, question and dated value.",
    ("place", "question", "valid_from"),
    (
        text("place", "ISO 3166-1 alpha-2 code, or `EU`"),
        text("question", "a question of `law.QUESTIONS`"),
        day("valid_from", "first day of the value"),
        text("position", "the value: a word of the question's own list"),
        text("rule", "the rule in words"),
        text("status", "`settled`, `contested`, `pending` or `no_rule`"),
        text("evidence", "`primary`, `secondary` or `unverified`"),
        Column("sources", TEXTS, "citations with addresses"),
        day("as_of", "the day on which it was last looked up"),
        day("review_by", "the day by which it must be looked up again"),
    ),
)

ALL = (*REGISTRY, USES, ANSWERS, OBSERVATIONS, LAW)
# fmt: on
