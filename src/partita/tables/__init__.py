"""The contract: every table that one room hands to another, column by column.

A table here is a name, a line of meaning and its columns (name, Arrow type, unit, null or not, one line of meaning).
`docs/tables.md` is made from this room. Tables of works, usage and money stand here, those of rights in `rights.py`,
those of training in `training.py`, those of a what-if in `whatif.py`.
"""

from __future__ import annotations

import pyarrow as pa

from partita.tables import rights, training, whatif
from partita.tables.shape import TEXTS, Column, Table, conform, count, day, text

__all__ = ["ALL", "TEXTS", "Column", "Table", "conform", "rights", "training", "whatif"]

CANDIDATES = pa.list_(pa.struct([pa.field("work_id", pa.string()), pa.field("probability", pa.float64())]))

# fmt: off
LINE_ID = text("line_id", "the usage line, by its list's own id; `LIST:ID` where a job reads several lists")
POOL_ID = text("pool_id", "the pool: one licensee, tariff and period")
CURRENCY = text("currency", "ISO 4217 code")
AMOUNT = count("amount_micro", "amount", "millionths of the currency unit")

PROBLEMS = Table(
    "problems",
    "Rows that were set aside and remarks on what was read: data, never an exception.",
    ("file", "line", "code", "column"),
    (
        text("file", "the input file, as the job names it"),
        count("line", "line of the file (row of the sheet), counted from 1; 0 speaks of the whole file", "line"),
        text("code", "the kind of problem, e.g. `usage.plays`; docs/problems.md explains each"),
        text("severity", "`quarantined`: the row was set aside; `warning`: the row was used as mended; `note`: a remark"),
        text("column", "the column at fault, in the file's own words; empty where it is the whole row"),
        text("value", "what stood there, cut to 80 characters"),
        text("reason", "what is wrong"),
        text("mend", "how to mend it"),
        text("list", "name of the usage list or repertoire in the job"),
        count("plays", "plays that a quarantined usage row holds back; 1 where unreadable, 0 for other rows", "plays"),
    ),
)

REPERTOIRE = Table(
    "repertoire",
    "Works as societies registered them; the same work may stand in several repertoires.",
    ("work_id", "society"),
    (
        text("work_id", "the society's work number; after `registry.works.merge`, one id for all registrations of a work"),
        text("title", "title as registered, never changed"),
        Column("alt_titles", TEXTS, "other titles of the same work"),
        Column("writers", TEXTS, "composers, lyricists, arrangers, as registered"),
        Column("performers", TEXTS, "performers known for the work"),
        text("iswc", "ISWC, T and ten digits, no punctuation", null=True),
        Column("isrc", TEXTS, "ISRCs of recordings of the work"),
        text("language", "BCP 47 tag, e.g. `nan`, `cmn`, `ja`, `en`", null=True),
        text("society", "the society whose repertoire this row stands in; empty where unknown"),
    ),
)

SHARES = Table(
    "shares",
    "Who is paid for a work, and by which society.",
    ("work_id", "society", "party_id", "role"),
    (
        text("work_id", "the work"),
        text("party_id", "the party: an IPI where known, else the society's own number or the name"),
        text("party_name", "name as registered"),
        text("role", "`C` composer, `A` lyricist, `CA` both, `AR` arranger, `AD` adaptor, `E` publisher, `SE` sub-publisher, `W` writer of unstated role"),
        text("society", "the society that collects this share; empty where unknown"),
        count("share_ppm", "share of the whole work", "parts per million"),
    ),
)

REGISTRATIONS = Table(
    "registrations",
    "Which society registered a work under which number.",
    ("society", "registered_id", "work_id"),
    (
        text("society", "the society whose repertoire lists the work; empty where unknown"),
        text("registered_id", "the work's number in that repertoire"),
        text("work_id", "the work's one id in this run"),
    ),
)

DUPLICATES = Table(
    "duplicates",
    "Pairs of works that are probably one and the same: for people to decide; nothing is merged by it.",
    ("work_id", "other_work_id"),
    (
        text("work_id", "the work with the smaller id"),
        text("other_work_id", "the other work"),
        text("society", "the societies that list the work, with `, ` between; empty where unknown"),
        text("other_society", "the societies that list the other work"),
        Column("probability", pa.float64(), "how surely they are one", "0 to 1"),
        text("rule", "what agrees, e.g. `title+writers`, `near title+performers`, `iswc`"),
        text("reason", "the same in words"),
    ),
)

USAGE = Table(
    "usage",
    "What a licensee reported: one row a line.",
    ("line_id",),
    (
        LINE_ID,
        text("list", "name of the usage list in the job"),
        text("licensee", "who used it; empty where unknown"),
        text("title", "title as reported, never changed"),
        Column("performers", TEXTS, "performers as reported"),
        Column("writers", TEXTS, "writers as reported"),
        text("isrc", "ISRC as reported, without punctuation", null=True),
        text("iswc", "ISWC as reported, without punctuation", null=True),
        text("work_number", "a society's work number as reported", null=True),
        text("sender_number", "the sender's own number of the song, e.g. a karaoke song number", null=True),
        text("language", "language as reported, as a BCP 47 tag", null=True),
        text("territory", "ISO 3166 code as reported", null=True),
        text("category", "the list's own class of use (hour, programme, branch), for point values", null=True),
        count("plays", "times used; 1 where the list does not say", "plays"),
        count("seconds", "seconds used", "seconds", null=True),
        count("weight", "weight given by the list itself", "weight", null=True),
        Column("used_at", pa.timestamp("s"), "when, in the licensee's local time", "second", null=True),
        text("file", "the input file"),
        count("line", "line of the file, counted from 1", "line"),
    ),
)

MATCHES = Table(
    "matches",
    "What `identify` says of each usage line.",
    ("line_id",),
    (
        LINE_ID,
        text("outcome", "`matched`, `ambiguous`, `unmatched` or `out_of_scope`"),
        text("work_id", "the work; null unless matched", null=True),
        Column("probability", pa.float64(), "calibrated probability that the best candidate is right; 0 where there is none", "0 to 1"),
        text("rule", "the step that decided, e.g. `isrc`, `title+performer`, `scored`, `language`"),
        Column("candidates", CANDIDATES, "best first; filled for matched and ambiguous lines"),
    ),
)

LICENCES = Table(
    "licences",
    "Which licensee uses which tariff, with the quantities that the tariff asks for.",
    ("licensee", "tariff_id", "period_from"),
    (
        text("licensee", "who is charged"),
        text("tariff_id", "the tariff"),
        text("method", "a method of the tariff, or `cheapest`: the licensee's choice"),
        text("user_class", "class of user for reductions, e.g. `commercial`, `public_interest`, `non_profit`"),
        day("period_from", "first day charged"),
        day("period_to", "last day charged"),
        Column("quantities", pa.map_(pa.string(), pa.string()), "exact decimals by unit: `room`, `hall`, `machine`, `play`, `revenue`, ..."),
        text("paid_provisionally", "exact decimal paid before, net of tax, to be trued up; `0` where nothing was"),
    ),
)

CHARGES = Table(
    "charges",
    "What each licensee owes by each tariff and method, chosen or not.",
    ("charge_id",),
    (
        text("charge_id", "`LICENSEE/TARIFF/FROM/METHOD`"),
        text("licensee", "who owes"),
        text("society", "the collecting society"),
        Column("societies", TEXTS, "the societies whose shares it pays for: one, or all of a joint tariff; empty for every share"),
        text("tariff_id", "the tariff"),
        text("method", "the method of the tariff"),
        Column("chosen", pa.bool_(), "true for the method that is charged; the others stand beside it for comparison"),
        text("kind", "`charge`, or `true_up` for the difference to what was paid provisionally"),
        text("status", "status of the rate on the period's last day: `proposed`, `under_review`, `determined`, `provisional`"),
        day("period_from", "first day charged"),
        day("period_to", "last day charged"),
        CURRENCY,
        count("amount_micro", "net amount, before tax; negative in a true-up that refunds", "millionths of the currency unit"),
        count("tax_micro", "tax on it", "millionths of the currency unit"),
    ),
)

CHARGE_STEPS = Table(
    "charge_steps",
    "How each charge was computed, step by step, so that it can be repeated by hand.",
    ("charge_id", "step"),
    (
        text("charge_id", "the charge"),
        count("step", "order, from 1", "step"),
        text("label", "what the step does: `rate`, `quantity`, `proration`, `reduction`, `minimum`, `ratio`, `tax`, ..."),
        text("formula", "the arithmetic in figures, e.g. `500 x 120 rooms`"),
        count("amount_micro", "amount after the step", "millionths of the currency unit"),
        text("source", "the legal reference of the figure used; empty where the licence gives it"),
    ),
)

POOLS = Table(
    "pools",
    "Money to be distributed: one pool per licensee, tariff and period.",
    ("pool_id",),
    (
        POOL_ID,
        text("licensee", "who paid; empty: every usage line of the run counts"),
        text("society", "the collecting society; empty where the pool belongs to none"),
        Column("societies", TEXTS, "societies whose shares are paid from it; empty: every share"),
        text("tariff_id", "the tariff; `given` for a pool stated in the job"),
        text("method", "the method charged"),
        day("period_from", "first day of use that counts"),
        day("period_to", "last day of use that counts"),
        CURRENCY,
        count("amount_micro", "money collected, net of tax, before fees", "millionths of the currency unit"),
        text("allocation_key", "`plays`, `points`, `equal` or `given`"),
    ),
)

ALLOCATIONS = Table(
    "allocations",
    "Each party's gross part of each pool, by work.",
    ("pool_id", "work_id", "party_id", "role"),
    (
        POOL_ID,
        text("work_id", "the work"),
        text("party_id", "the party"),
        text("role", "the party's role in the work"),
        text("society", "the society that collects the share"),
        count("share_ppm", "the share paid", "parts per million"),
        count("weight", "the work's weight in the pool (plays, points, ...)", "weight"),
        count("amount_micro", "gross amount, before management fee and fund", "millionths of the currency unit"),
    ),
)

SUSPENSE = Table(
    "suspense",
    "Money that waits, with its reason and its age.",
    ("pool_id", "reason", "line_id", "work_id"),
    (
        POOL_ID,
        text("reason", "`ambiguous`, `unmatched`, `quarantined`, `unclaimed_share`, `overclaimed`, `no_shares`, `no_usage`"),
        text("line_id", "the usage line that holds it back; empty where the work does"),
        text("work_id", "the work that holds it back; empty where the line does"),
        count("weight", "weight in the pool", "weight"),
        day("since", "last day of the pool's period: suspense ages from there"),
        AMOUNT,
    ),
)

PAYOUTS = Table(
    "payouts",
    "One row a party, society and currency: what it earned there, what was taken off, paid and carried.",
    ("party_id", "society", "currency"),
    (
        text("party_id", "the party"),
        text("party_name", "name as registered"),
        text("society", "the society that pays; none pays or recovers what another owes or is owed"),
        CURRENCY,
        count("gross_micro", "sum of allocations of this run (of differences, where it adjusts an earlier run)", "millionths of the currency unit"),
        count("fee_micro", "management fee", "millionths of the currency unit"),
        count("fund_micro", "social and cultural fund", "millionths of the currency unit"),
        count("carried_in_micro", "brought forward from the run before; negative: owed back by the party", "millionths of the currency unit"),
        count("paid_micro", "paid now, a whole number of minor units, never negative", "millionths of the currency unit"),
        count("carried_out_micro", "carried forward; negative: recoverable from the party", "millionths of the currency unit"),
    ),
)

JOURNAL = Table(
    "journal",
    "Double entry: the amounts of each entry sum to zero.",
    ("entry_id", "account", "party_id"),
    (
        text("entry_id", "the entry"),
        text("account", "`receivable`, `pool`, `tax`, `fee`, `fund`, `payable`, `suspense`, `paid`, `carried`"),
        text("party_id", "licensee, society or payee of the posting; the reason, for suspense"),
        CURRENCY,
        count("amount_micro", "signed: debits positive, credits negative", "millionths of the currency unit"),
        text("pool_id", "the pool; empty in entries that belong to a party"),
        text("reason", "`charge`, `distribution`, `fees`, `payout`, `carried_in`, `adjustment`"),
    ),
)

_RATE = text("rate", "`reproduction` (重製率: of the songs in the catalogue) or `play` (點播率: of the plays)")
_LEVEL = text("level", "`operator`; `pooled`: all operators counted as one; `mean`: the operators' rates averaged")
_OPERATOR = text("operator", "whose catalogue and plays; empty where `level` is not `operator`")
_PART = count("part", "what counts for the society; at level `mean`, the sum of the rates", "millionths of a song or play")
_WHOLE = count("whole", "what it is a part of; at level `mean`, the number of operators", "songs, plays or operators")
_RATE_PPM = count("rate_ppm", "part // whole, truncated; null where whole is 0", "parts per million", null=True)

COVERAGE = Table(
    "coverage",
    "What became of each line of a catalogue or play log: counted, or left out and why.",
    ("rate", "operator", "fate"),
    (
        _RATE,
        text("operator", "whose list"),
        text("fate", "`matched`, `ambiguous`, `unmatched`, `foreign_language`, `out_of_scope` or `quarantined`"),
        count("lines", "lines", "lines"),
        count("plays", "songs of a catalogue, plays of a log", "songs or plays"),
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
        text("society", "whose rate"),
        text("scenario", "the six assumptions in one text, `FOREIGN/AMBIGUOUS/UNMATCHED/QUARANTINED/MATCHING/COUNTING`"),
        text("foreign", "foreign-language lines in the whole: `in` or `out`"),
        text("ambiguous", "ambiguous lines: `for` (part and whole), `against` (whole alone) or `out` (neither)"),
        text("unmatched", "unmatched lines in the whole: `in` or `out`"),
        text("quarantined", "quarantined lines in the whole: `in` or `out`"),
        text("matching", "`identified` (title, writers, performers, codes), or `title` (also by the title alone)"),
        text("counting", "a work counts `whole`, or by the society's `share`"),
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
        text("society", "whose rate"),
        text("party", "`authority`, `society` or `licensee`: whose assumptions"),
        text("scenario", "the party's scenario"),
        _PART,
        _WHOLE,
        _RATE_PPM,
        count("low_ppm", "lowest rate of all scenarios", "parts per million", null=True),
        count("high_ppm", "highest rate of all scenarios", "parts per million", null=True),
    ),
)

COMPARABLES = Table(
    "comparables",
    "What other tariffs, counts and rates say of the tariff in dispute, each with its arithmetic.",
    ("comparable_id",),
    (
        text("comparable_id", "the comparable; `ID@PARTY` where it is computed from a party's measured rates"),
        text("argued_by", "who argues it"),
        text("society", "the society whose tariff is in dispute"),
        text("method", "`proportional_by_rate`, `proportional_by_catalogue`, `proportional_by_remainder`, `part_of_whole` or `difference`"),
        text("formula", "the arithmetic in figures"),
        text("exact", "the exact value, a fraction in lowest terms"),
        count("value_micro", "the value, truncated", "millionths of the unit"),
        text("shown", "the value as argued, rounded as `rounding` says"),
        text("rounding", "`none`, or `truncate`, `up` or `half_up` and the number of decimals, e.g. `truncate 2`"),
        text("unit", "e.g. `TWD/room-year`, `%`"),
        text("source", "where its figures stand"),
    ),
)

RECOUNTS = Table(
    "recounts",
    "Two counts of the same log, and what lies between them.",
    ("operator", "society", "first_party", "second_party"),
    (
        text("operator", "whose log"),
        text("society", "whose plays; empty for all plays"),
        text("first_party", "who counted first"),
        count("first_plays", "the first count", "plays"),
        text("second_party", "who counted next; `partita` and a party's name for the count of this run"),
        count("second_plays", "the second count", "plays"),
        count("difference", "first less second", "plays"),
        text("percent", "the difference in per cent of the first count, half up, two decimals"),
        text("source", "where the counts stand"),
    ),
)

DECISIONS = Table(
    "decisions",
    "What people decided of usage lines, by what the lines say: nothing is overwritten, an undo is a row of its own.",
    ("recorded_at", "decision_id"),
    (
        text("decision_id", "its number in the file, and eight hex digits of what was decided, by whom and when: `000001-9f3a52c1`"),
        Column("recorded_at", pa.timestamp("s"), "when it was recorded, in UTC", "second"),
        text("recorded_by", "who decided"),
        text("kind", "`same` (the lines are that work), `not_same` (they are not), `alt_title` (the title is another title of the work), `undo`"),
        text("list", "the usage list or sender that it speaks of; empty: any"),
        text("sender_number", "the sender's own number of the song, as reported; empty where unknown"),
        text("title", "title of the lines, as reported"),
        Column("performers", TEXTS, "performers of the lines, as reported"),
        Column("writers", TEXTS, "writers of the lines, as reported"),
        text("work_id", "the work; empty in an undo, and in a `not_same` of lines for which no work was proposed"),
        text("undoes", "the decision that an undo takes back; empty otherwise"),
        text("note", "why, in the decider's words"),
    ),
)

CLEARANCES = Table(
    "clearances",
    "May what was matched be used? By licensee, work and society: licensed, or not, and why. Only what is allowed is charged and paid.",
    ("licensee", "work_id", "society", "party_id", "code"),
    (
        text("licensee", "who used it; empty where unknown"),
        text("work_id", "the work"),
        text("society", "the society of the share; empty where none represents it"),
        text("party_id", "the holder, where the answer is of one share alone; empty where it is of all shares of the society"),
        text("answer", "`allowed`, `refused` or `unknown`"),
        text("code", "why, as one of `clear.reasons`, e.g. `licensed`, `unlicensed`, `no_mandate`, `reserved`"),
        text("reason", "the same in words"),
        count("lines", "usage lines", "lines"),
        count("plays", "plays", "plays"),
        count("share_ppm", "share of the work that it speaks of", "parts per million"),
        day("first_use", "day of the first of these uses; null where the lists have no days", null=True),
        day("last_use", "day of the last", null=True),
    ),
)

UNLICENSED = Table(
    "unlicensed",
    "Uses without a licence, and what the society could claim for them by each of its tariffs; nothing of it is charged.",
    ("licensee", "society", "tariff_id", "method"),
    (
        text("licensee", "who used it without a licence; of a training run, the model"),
        text("society", "the society whose works were used"),
        text("tariff_id", "a tariff of the society that could be claimed, of a training run an offer; empty where it has none here"),
        text("method", "method of the tariff, or component of the offer; empty where none can be computed"),
        count("works", "works used", "works"),
        count("plays", "plays of them; of a training run, items", "plays"),
        day("first_use", "day of the first of these uses", null=True),
        day("last_use", "day of the last", null=True),
        CURRENCY,
        count("claim_micro", "what could be claimed, net of tax; null where a quantity is missing", "millionths of the currency unit", null=True),
        text("formula", "the arithmetic in figures, or what is missing"),
    ),
)

MAKING_SHARES = Table(
    "making_shares",
    "Plays and money by month of use and by how the works were made; absent where nothing is known of any work.",
    ("month", "making"),
    (
        text("month", "month of use, `2026-11`; empty for lines without a day, and for money without plays"),
        text("making", "`human`, `assisted` (by a machine, throughout or in parts), `generated`, or `unknown`: nobody recorded it"),
        count("works", "works used or paid", "works"),
        count("lines", "matched usage lines", "lines"),
        count("plays", "plays of them", "plays"),
        count("amount_micro", "what the run's pools paid for the works, laid to months by the plays that each pool counted", "millionths of the currency unit"),
    ),
)

ALL: dict[str, Table] = {
    table.name: table
    for table in (
        PROBLEMS, REPERTOIRE, SHARES, REGISTRATIONS, DUPLICATES, USAGE, MATCHES, LICENCES, CHARGES, CHARGE_STEPS,
        POOLS, ALLOCATIONS, SUSPENSE, PAYOUTS, JOURNAL,
        COVERAGE, SCENARIOS, RATES, COMPARABLES, RECOUNTS,
        DECISIONS, CLEARANCES, UNLICENSED, MAKING_SHARES,
        *rights.ALL,
        *training.ALL,
        *whatif.ALL,
    )
}
# fmt: on
