"""The contract: every table that one room hands to another, column by column.

A table here is a name, a line of meaning and its columns (name, Arrow type, unit, null or not, one line of meaning).
`docs/tables.md` is made from this file. Nothing here touches data except `conform`, which checks and orders columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXTS = pa.list_(pa.string())
CANDIDATES = pa.list_(pa.struct([pa.field("work_id", pa.string()), pa.field("probability", pa.float64())]))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, its unit (empty where it has none), whether it may be null, and what it means."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    null: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the contract; `key` names the columns by which it is sorted when it is written."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, without metadata, so that equal tables give equal bytes."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.null) for c in self.columns])

    def empty(self) -> pa.Table:
        """A table of this schema with no rows."""
        return self.schema.empty_table()


def _text(name: str, meaning: str, *, null: bool = False) -> Column:
    return Column(name, pa.string(), meaning, null=null)


def _count(name: str, meaning: str, unit: str, *, null: bool = False) -> Column:
    return Column(name, pa.int64(), meaning, unit, null)


def _day(name: str, meaning: str, *, null: bool = False) -> Column:
    return Column(name, pa.date32(), meaning, "day", null)


# fmt: off
LINE_ID = _text("line_id", "the usage line, by its list's own id; `LIST:ID` where a job reads several lists")
POOL_ID = _text("pool_id", "the pool: one licensee, tariff and period")
CURRENCY = _text("currency", "ISO 4217 code")
AMOUNT = _count("amount_micro", "amount", "millionths of the currency unit")

PROBLEMS = Table(
    "problems",
    "Rows that were set aside and remarks on what was read: data, never an exception.",
    ("file", "line", "code", "column"),
    (
        _text("file", "the input file, as the job names it"),
        _count("line", "line of the file (row of the sheet), counted from 1; 0 speaks of the whole file", "line"),
        _text("code", "the kind of problem, e.g. `usage.plays`; docs/problems.md explains each"),
        _text("severity", "`quarantined`: the row was set aside; `warning`: the row was used as mended; `note`: a remark"),
        _text("column", "the column at fault, in the file's own words; empty where it is the whole row"),
        _text("value", "what stood there, cut to 80 characters"),
        _text("reason", "what is wrong"),
        _text("mend", "how to mend it"),
        _text("list", "name of the usage list or repertoire in the job"),
        _count("plays", "plays that a quarantined usage row holds back; 1 where unreadable, 0 for other rows", "plays"),
    ),
)

REPERTOIRE = Table(
    "repertoire",
    "Works as societies registered them; the same work may stand in several repertoires.",
    ("work_id", "society"),
    (
        _text("work_id", "the society's work number; after `registry.works.merge`, one id for all registrations of a work"),
        _text("title", "title as registered, never changed"),
        Column("alt_titles", TEXTS, "other titles of the same work"),
        Column("writers", TEXTS, "composers, lyricists, arrangers, as registered"),
        Column("performers", TEXTS, "performers known for the work"),
        _text("iswc", "ISWC, T and ten digits, no punctuation", null=True),
        Column("isrc", TEXTS, "ISRCs of recordings of the work"),
        _text("language", "BCP 47 tag, e.g. `nan`, `cmn`, `ja`, `en`", null=True),
        _text("society", "the society whose repertoire this row stands in; empty where unknown"),
    ),
)

SHARES = Table(
    "shares",
    "Who is paid for a work, and by which society.",
    ("work_id", "society", "party_id", "role"),
    (
        _text("work_id", "the work"),
        _text("party_id", "the party: an IPI where known, else the society's own number or the name"),
        _text("party_name", "name as registered"),
        _text("role", "`C` composer, `A` lyricist, `CA` both, `AR` arranger, `AD` adaptor, `E` publisher, `SE` sub-publisher, `W` writer of unstated role"),
        _text("society", "the society that collects this share; empty where unknown"),
        _count("share_ppm", "share of the whole work", "parts per million"),
    ),
)

REGISTRATIONS = Table(
    "registrations",
    "Which society registered a work under which number.",
    ("society", "registered_id", "work_id"),
    (
        _text("society", "the society whose repertoire lists the work; empty where unknown"),
        _text("registered_id", "the work's number in that repertoire"),
        _text("work_id", "the work's one id in this run"),
    ),
)

DUPLICATES = Table(
    "duplicates",
    "Pairs of works that are probably one and the same: for people to decide; nothing is merged by it.",
    ("work_id", "other_work_id"),
    (
        _text("work_id", "the work with the smaller id"),
        _text("other_work_id", "the other work"),
        _text("society", "the societies that list the work, with `, ` between; empty where unknown"),
        _text("other_society", "the societies that list the other work"),
        Column("probability", pa.float64(), "how surely they are one", "0 to 1"),
        _text("rule", "what agrees, e.g. `title+writers`, `near title+performers`, `iswc`"),
        _text("reason", "the same in words"),
    ),
)

USAGE = Table(
    "usage",
    "What a licensee reported: one row a line.",
    ("line_id",),
    (
        LINE_ID,
        _text("list", "name of the usage list in the job"),
        _text("licensee", "who used it; empty where unknown"),
        _text("title", "title as reported, never changed"),
        Column("performers", TEXTS, "performers as reported"),
        Column("writers", TEXTS, "writers as reported"),
        _text("isrc", "ISRC as reported, without punctuation", null=True),
        _text("iswc", "ISWC as reported, without punctuation", null=True),
        _text("work_number", "a society's work number as reported", null=True),
        _text("sender_number", "the sender's own number of the song, e.g. a karaoke song number", null=True),
        _text("language", "language as reported, as a BCP 47 tag", null=True),
        _text("territory", "ISO 3166 code as reported", null=True),
        _text("category", "the list's own class of use (hour, programme, branch), for point values", null=True),
        _count("plays", "times used; 1 where the list does not say", "plays"),
        _count("seconds", "seconds used", "seconds", null=True),
        _count("weight", "weight given by the list itself", "weight", null=True),
        Column("used_at", pa.timestamp("s"), "when, in the licensee's local time", "second", null=True),
        _text("file", "the input file"),
        _count("line", "line of the file, counted from 1", "line"),
    ),
)

MATCHES = Table(
    "matches",
    "What `identify` says of each usage line.",
    ("line_id",),
    (
        LINE_ID,
        _text("outcome", "`matched`, `ambiguous`, `unmatched` or `out_of_scope`"),
        _text("work_id", "the work; null unless matched", null=True),
        Column("probability", pa.float64(), "calibrated probability that the best candidate is right; 0 where there is none", "0 to 1"),
        _text("rule", "the step that decided, e.g. `isrc`, `title+performer`, `scored`, `language`"),
        Column("candidates", CANDIDATES, "best first; filled for matched and ambiguous lines"),
    ),
)

LICENCES = Table(
    "licences",
    "Which licensee uses which tariff, with the quantities that the tariff asks for.",
    ("licensee", "tariff_id", "period_from"),
    (
        _text("licensee", "who is charged"),
        _text("tariff_id", "the tariff"),
        _text("method", "a method of the tariff, or `cheapest`: the licensee's choice"),
        _text("user_class", "class of user for reductions, e.g. `commercial`, `public_interest`, `non_profit`"),
        _day("period_from", "first day charged"),
        _day("period_to", "last day charged"),
        Column("quantities", pa.map_(pa.string(), pa.string()), "exact decimals by unit: `room`, `hall`, `machine`, `play`, `revenue`, ..."),
        _text("paid_provisionally", "exact decimal paid before, net of tax, to be trued up; `0` where nothing was"),
    ),
)

CHARGES = Table(
    "charges",
    "What each licensee owes by each tariff and method, chosen or not.",
    ("charge_id",),
    (
        _text("charge_id", "`LICENSEE/TARIFF/FROM/METHOD`"),
        _text("licensee", "who owes"),
        _text("society", "the collecting society"),
        Column("societies", TEXTS, "the societies whose shares it pays for: one, or all of a joint tariff; empty for every share"),
        _text("tariff_id", "the tariff"),
        _text("method", "the method of the tariff"),
        Column("chosen", pa.bool_(), "true for the method that is charged; the others stand beside it for comparison"),
        _text("kind", "`charge`, or `true_up` for the difference to what was paid provisionally"),
        _text("status", "status of the rate on the period's last day: `proposed`, `under_review`, `determined`, `provisional`"),
        _day("period_from", "first day charged"),
        _day("period_to", "last day charged"),
        CURRENCY,
        _count("amount_micro", "net amount, before tax; negative in a true-up that refunds", "millionths of the currency unit"),
        _count("tax_micro", "tax on it", "millionths of the currency unit"),
    ),
)

CHARGE_STEPS = Table(
    "charge_steps",
    "How each charge was computed, step by step, so that it can be repeated by hand.",
    ("charge_id", "step"),
    (
        _text("charge_id", "the charge"),
        _count("step", "order, from 1", "step"),
        _text("label", "what the step does: `rate`, `quantity`, `proration`, `reduction`, `minimum`, `ratio`, `tax`, ..."),
        _text("formula", "the arithmetic in figures, e.g. `500 x 120 rooms`"),
        _count("amount_micro", "amount after the step", "millionths of the currency unit"),
        _text("source", "the legal reference of the figure used; empty where the licence gives it"),
    ),
)

POOLS = Table(
    "pools",
    "Money to be distributed: one pool per licensee, tariff and period.",
    ("pool_id",),
    (
        POOL_ID,
        _text("licensee", "who paid; empty: every usage line of the run counts"),
        _text("society", "the collecting society; empty where the pool belongs to none"),
        Column("societies", TEXTS, "societies whose shares are paid from it; empty: every share"),
        _text("tariff_id", "the tariff; `given` for a pool stated in the job"),
        _text("method", "the method charged"),
        _day("period_from", "first day of use that counts"),
        _day("period_to", "last day of use that counts"),
        CURRENCY,
        _count("amount_micro", "money collected, net of tax, before fees", "millionths of the currency unit"),
        _text("allocation_key", "`plays`, `points`, `equal` or `given`"),
    ),
)

ALLOCATIONS = Table(
    "allocations",
    "Each party's gross part of each pool, by work.",
    ("pool_id", "work_id", "party_id", "role"),
    (
        POOL_ID,
        _text("work_id", "the work"),
        _text("party_id", "the party"),
        _text("role", "the party's role in the work"),
        _text("society", "the society that collects the share"),
        _count("share_ppm", "the share paid", "parts per million"),
        _count("weight", "the work's weight in the pool (plays, points, ...)", "weight"),
        _count("amount_micro", "gross amount, before management fee and fund", "millionths of the currency unit"),
    ),
)

SUSPENSE = Table(
    "suspense",
    "Money that waits, with its reason and its age.",
    ("pool_id", "reason", "line_id", "work_id"),
    (
        POOL_ID,
        _text("reason", "`ambiguous`, `unmatched`, `quarantined`, `unclaimed_share`, `overclaimed`, `no_shares`, `no_usage`"),
        _text("line_id", "the usage line that holds it back; empty where the work does"),
        _text("work_id", "the work that holds it back; empty where the line does"),
        _count("weight", "weight in the pool", "weight"),
        _day("since", "last day of the pool's period: suspense ages from there"),
        AMOUNT,
    ),
)

PAYOUTS = Table(
    "payouts",
    "One row a party, society and currency: what it earned there, what was taken off, paid and carried.",
    ("party_id", "society", "currency"),
    (
        _text("party_id", "the party"),
        _text("party_name", "name as registered"),
        _text("society", "the society that pays; none pays or recovers what another owes or is owed"),
        CURRENCY,
        _count("gross_micro", "sum of allocations of this run (of differences, where it adjusts an earlier run)", "millionths of the currency unit"),
        _count("fee_micro", "management fee", "millionths of the currency unit"),
        _count("fund_micro", "social and cultural fund", "millionths of the currency unit"),
        _count("carried_in_micro", "brought forward from the run before; negative: owed back by the party", "millionths of the currency unit"),
        _count("paid_micro", "paid now, a whole number of minor units, never negative", "millionths of the currency unit"),
        _count("carried_out_micro", "carried forward; negative: recoverable from the party", "millionths of the currency unit"),
    ),
)

JOURNAL = Table(
    "journal",
    "Double entry: the amounts of each entry sum to zero.",
    ("entry_id", "account", "party_id"),
    (
        _text("entry_id", "the entry"),
        _text("account", "`receivable`, `pool`, `tax`, `fee`, `fund`, `payable`, `suspense`, `paid`, `carried`"),
        _text("party_id", "licensee, society or payee of the posting; the reason, for suspense"),
        CURRENCY,
        _count("amount_micro", "signed: debits positive, credits negative", "millionths of the currency unit"),
        _text("pool_id", "the pool; empty in entries that belong to a party"),
        _text("reason", "`charge`, `distribution`, `fees`, `payout`, `carried_in`, `adjustment`"),
    ),
)

_RATE = _text("rate", "`reproduction` (重製率: of the songs in the catalogue) or `play` (點播率: of the plays)")
_LEVEL = _text("level", "`operator`; `pooled`: all operators counted as one; `mean`: the operators' rates averaged")
_OPERATOR = _text("operator", "whose catalogue and plays; empty where `level` is not `operator`")
_PART = _count("part", "what counts for the society; at level `mean`, the sum of the rates", "millionths of a song or play")
_WHOLE = _count("whole", "what it is a part of; at level `mean`, the number of operators", "songs, plays or operators")
_RATE_PPM = _count("rate_ppm", "part // whole, truncated; null where whole is 0", "parts per million", null=True)

COVERAGE = Table(
    "coverage",
    "What became of each line of a catalogue or play log: counted, or left out and why.",
    ("rate", "operator", "fate"),
    (
        _RATE,
        _text("operator", "whose list"),
        _text("fate", "`matched`, `ambiguous`, `unmatched`, `foreign_language`, `out_of_scope` or `quarantined`"),
        _count("lines", "lines", "lines"),
        _count("plays", "songs of a catalogue, plays of a log", "songs or plays"),
    ),
)

SCENARIOS = Table(
    "scenarios",
    "Each rate under each combination of the parties' assumptions: the same rows whoever asks.",
    ("rate", "level", "operator", "society", "scenario"),
    (
        _RATE,
        _LEVEL,
        _OPERATOR,
        _text("society", "whose rate"),
        _text("scenario", "the six assumptions in one text, `FOREIGN/AMBIGUOUS/UNMATCHED/QUARANTINED/MATCHING/COUNTING`"),
        _text("foreign", "foreign-language lines in the whole: `in` or `out`"),
        _text("ambiguous", "ambiguous lines: `for` (part and whole), `against` (whole alone) or `out` (neither)"),
        _text("unmatched", "unmatched lines in the whole: `in` or `out`"),
        _text("quarantined", "quarantined lines in the whole: `in` or `out`"),
        _text("matching", "`identified` (title, writers, performers, codes), or `title` (also by the title alone)"),
        _text("counting", "a work counts `whole`, or by the society's `share`"),
        _PART,
        _WHOLE,
        _RATE_PPM,
    ),
)

RATES = Table(
    "rates",
    "Each party's own figure out of `scenarios`, and how far any combination of assumptions moves it.",
    ("rate", "level", "operator", "society", "party"),
    (
        _RATE,
        _LEVEL,
        _OPERATOR,
        _text("society", "whose rate"),
        _text("party", "`authority`, `society` or `licensee`: whose assumptions"),
        _text("scenario", "the party's scenario"),
        _PART,
        _WHOLE,
        _RATE_PPM,
        _count("low_ppm", "lowest rate of all scenarios", "parts per million", null=True),
        _count("high_ppm", "highest rate of all scenarios", "parts per million", null=True),
    ),
)

COMPARABLES = Table(
    "comparables",
    "What other tariffs, counts and rates say of the tariff in dispute, each with its arithmetic.",
    ("comparable_id",),
    (
        _text("comparable_id", "the comparable; `ID@PARTY` where it is computed from a party's measured rates"),
        _text("argued_by", "who argues it"),
        _text("society", "the society whose tariff is in dispute"),
        _text("method", "`proportional_by_rate`, `proportional_by_catalogue`, `proportional_by_remainder`, `part_of_whole` or `difference`"),
        _text("formula", "the arithmetic in figures"),
        _text("exact", "the exact value, a fraction in lowest terms"),
        _count("value_micro", "the value, truncated", "millionths of the unit"),
        _text("shown", "the value as argued, rounded as `rounding` says"),
        _text("rounding", "`none`, or `truncate`, `up` or `half_up` and the number of decimals, e.g. `truncate 2`"),
        _text("unit", "e.g. `TWD/room-year`, `%`"),
        _text("source", "where its figures stand"),
    ),
)

RECOUNTS = Table(
    "recounts",
    "Two counts of the same log, and what lies between them.",
    ("operator", "society", "first_party", "second_party"),
    (
        _text("operator", "whose log"),
        _text("society", "whose plays; empty for all plays"),
        _text("first_party", "who counted first"),
        _count("first_plays", "the first count", "plays"),
        _text("second_party", "who counted next; `partita` and a party's name for the count of this run"),
        _count("second_plays", "the second count", "plays"),
        _count("difference", "first less second", "plays"),
        _text("percent", "the difference in per cent of the first count, half up, two decimals"),
        _text("source", "where the counts stand"),
    ),
)

DECISIONS = Table(
    "decisions",
    "What people decided of usage lines, by what the lines say: nothing is overwritten, an undo is a row of its own.",
    ("recorded_at", "decision_id"),
    (
        _text("decision_id", "its number in the file, and eight hex digits of what was decided, by whom and when: `000001-9f3a52c1`"),
        Column("recorded_at", pa.timestamp("s"), "when it was recorded, in UTC", "second"),
        _text("recorded_by", "who decided"),
        _text("kind", "`same` (the lines are that work), `not_same` (they are not), `alt_title` (the title is another title of the work), `undo`"),
        _text("list", "the usage list or sender that it speaks of; empty: any"),
        _text("sender_number", "the sender's own number of the song, as reported; empty where unknown"),
        _text("title", "title of the lines, as reported"),
        Column("performers", TEXTS, "performers of the lines, as reported"),
        Column("writers", TEXTS, "writers of the lines, as reported"),
        _text("work_id", "the work; empty in an undo, and in a `not_same` of lines for which no work was proposed"),
        _text("undoes", "the decision that an undo takes back; empty otherwise"),
        _text("note", "why, in the decider's words"),
    ),
)

ALL: dict[str, Table] = {
    table.name: table
    for table in (
        PROBLEMS, REPERTOIRE, SHARES, REGISTRATIONS, DUPLICATES, USAGE, MATCHES, LICENCES, CHARGES, CHARGE_STEPS,
        POOLS, ALLOCATIONS, SUSPENSE, PAYOUTS, JOURNAL,
        COVERAGE, SCENARIOS, RATES, COMPARABLES, RECOUNTS,
        DECISIONS,
    )
}
# fmt: on


def conform(data: pa.Table, table: Table) -> pa.Table:
    """`data` with exactly the columns, order and types of `table`; raises ValueError that names what differs."""
    missing = [c.name for c in table.columns if c.name not in data.column_names]
    if missing:
        raise ValueError(f"table {table.name}: columns missing: {', '.join(missing)}")
    result = data.select([c.name for c in table.columns]).cast(table.schema)
    for column in table.columns:
        nulls = result.column(column.name).null_count
        if nulls and not column.null:
            raise ValueError(f"table {table.name}: {nulls} nulls in {column.name}, which may not be null")
    return result
