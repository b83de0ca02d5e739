"""Tables of a model's training: what was taken, from where, when; whose it was; whether it might be; what outputs earned.

An item is one thing that a manifest lists: a page, a recording, a picture, a text. It is never changed: what is found of
it stands in `findings`, one row for each model that it was used for.
"""

from __future__ import annotations

import pyarrow as pa

from partita.tables.rights import moment
from partita.tables.shape import TEXTS, Column, Table, count, day, text

MODALITIES = ("text", "image", "audio", "video", "other")
ORIGINS = ("public_dataset", "licensed", "private", "crawled", "user", "synthetic", "other")
"""Where data comes from, as sections 2.1 to 2.6 of the Commission's template ask."""

# fmt: off
ITEM_ID = text("item_id", "the item, by its manifest's own id or the row number from 0; `DATASET:ID` where a job reads several manifests")

ITEMS = Table(
    "items",
    "What a manifest lists: one row for each thing that was taken for training.",
    ("item_id",),
    (
        ITEM_ID,
        text("dataset", "the dataset that it belongs to: the manifest's own column, else the manifest's name"),
        text("origin", "`public_dataset`, `licensed`, `private`, `crawled`, `user`, `synthetic` or `other`; empty where unknown"),
        text("url", "where it was taken from, in its one spelling, without user, password and fragment", null=True),
        text("domain", "registrable part of the URL's host as far as it is known without a list: the host without `www.`; empty for none"),
        text("file_name", "name of the file as stored, without folders", null=True),
        text("sha256", "SHA-256 of its bytes as stated, 64 hex digits", null=True),
        text("isrc", "ISRC as stated, without punctuation", null=True),
        text("iswc", "ISWC as stated, without punctuation", null=True),
        text("iscc", "ISCC as stated, in its one spelling", null=True),
        text("title", "title as stated; empty for none"),
        Column("performers", TEXTS, "performers as stated"),
        Column("writers", TEXTS, "writers as stated"),
        text("modality", "`text`, `image`, `audio`, `video` or `other`; from the file name where it is not stated; empty where unknown"),
        count("tokens", "size of a text", "tokens", null=True),
        count("images", "number of pictures", "pictures", null=True),
        count("milliseconds", "length of sound or film", "milliseconds", null=True),
        count("bytes", "size as stored", "bytes", null=True),
        text("language", "BCP 47 tag as stated", null=True),
        text("territory", "ISO 3166-1 alpha-2 code of where it was copied, as stated", null=True),
        moment("taken_at", "when it was copied, in UTC", null=True),
        text("crawler", "name of the crawler as stated; empty for none"),
        text("licence_claim", "the licence under which the developer says it was taken; empty for none"),
        text("file", "the manifest's file"),
        count("line", "line of the file (row of a Parquet file), counted from 1", "line"),
    ),
)

DATASETS = Table(
    "datasets",
    "Datasets as their own metadata describe them.",
    ("dataset",),
    (
        text("dataset", "the dataset's name in this job"),
        text("title", "its own name"),
        text("origin", "as in ITEMS; empty where unknown"),
        text("publisher", "who published it; empty where unknown"),
        text("url", "where it is described"),
        text("version", "version as stated; empty for none"),
        text("licence", "licence as stated; empty for none"),
        text("description", "description as stated"),
        Column("collection", TEXTS, "how it was collected, as stated, e.g. `Web Scraping`"),
        day("published", "day of publication", null=True),
        text("file", "the metadata's file"),
    ),
)

READINGS = Table(
    "readings",
    "Titles and names that an item's URL or file name can be read as; an item has none, one or two of them.",
    ("item_id", "reading"),
    (
        ITEM_ID,
        text("reading", "`title`, or `name-title` and `title-name` where a dash stands between two parts"),
        text("title", "the title read"),
        Column("performers", TEXTS, "the performers read"),
        text("read_from", "`file_name` or `url`"),
    ),
)

OUTPUTS = Table(
    "outputs",
    "What a model made, what it earned, and which works shaped it, as far as somebody attributed them.",
    ("model", "output_id", "work_id"),
    (
        text("model", "the model that made it"),
        text("output_id", "the output"),
        Column("made_at", pa.timestamp("s"), "when, in UTC", "second", True),
        text("use", "what was done with it, e.g. `download`, `stream`, `background`; empty where unknown"),
        count("income_micro", "what it earned; the same on each row of an output", "millionths of the currency unit", null=True),
        text("work_id", "a work that shaped it; empty where none is attributed"),
        count("weight", "attribution weight of that work among those of the output; 0 where none is attributed", "weight"),
        text("attributed_by", "the method or service that says so; empty for none"),
    ),
)

FINDINGS = Table(
    "findings",
    "What was found of each item for each model: whose work, whether it might be used when it was taken and when it was trained on, and under which licence.",
    ("model", "item_id"),
    (
        text("model", "the model trained on it"),
        ITEM_ID,
        text("outcome", "`matched`, `ambiguous` or `unmatched`"),
        text("work_id", "the work; null unless matched", null=True),
        text("rule", "how it was found: `url`, `iscc`, `isrc` (the registry knows it), `sha256`, `same_url` (a copy of an identified item), or the rule of MATCHES"),
        Column("probability", pa.float64(), "probability that the work is right; 1 for a code", "0 to 1"),
        day("taken_on", "the day asked of: when it was copied, else (`dated` is false) the day of training"),
        Column("dated", pa.bool_(), "whether the manifest says when it was copied"),
        text("answer", "`allowed`, `refused` or `unknown` on that day"),
        text("code", "why, as one of `clear.reasons`"),
        text("reason", "the same in words"),
        text("statement_id", "the statement that decided; null where none did", null=True),
        text("carrier", "the carrier that it was read from; empty for none"),
        text("evidence", "its evidence grade; empty for none"),
        text("source", "where it was read; empty for none"),
        text("sha256", "hash of the bytes read; empty where none were"),
        day("since", "first day of the statement that decided", null=True),
        count("allowed_ppm", "shares of the work for which it is allowed", "parts per million"),
        day("trained_on", "the day of training"),
        text("answer_trained", "the answer on the day of training"),
        text("code_trained", "why"),
        Column("licences", TEXTS, "licences of the job that allow shares of the work on both days"),
        text("claim", "what became of the developer's licence claim: empty (none made), `covers`, `other_model`, `expired`, `expired_before_training`, `not_yet`, `other_repertoire`, `no_such_licence`, `unmatched`"),
        Column("offers", TEXTS, "ids of the offers that would license it"),
        text("payee", "who is to be paid for a licence or an offer; empty for nobody known"),
    ),
)

ALL = (ITEMS, DATASETS, READINGS, OUTPUTS, FINDINGS)
# fmt: on

__all__ = ["ALL", "DATASETS", "FINDINGS", "ITEMS", "MODALITIES", "ORIGINS", "OUTPUTS", "READINGS"]
