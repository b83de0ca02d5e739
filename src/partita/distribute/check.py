"""What the stage asks of its inputs before any money moves: each failed question is a ValueError that names the row."""

from __future__ import annotations

from partita.engine.duck import Duck

OUTCOMES = "('matched', 'ambiguous', 'unmatched', 'out_of_scope')"
HEADROOM = 9_000_000_000_000
"""Most plays (times points) in one run: a millionth of 2^63, so that weights in parts per million fit."""

_LINES = (
    ("SELECT line_id FROM lines GROUP BY line_id HAVING COUNT(*) > 1", "usage line {} stands twice"),
    (f"SELECT line_id FROM lines WHERE outcome NOT IN {OUTCOMES}", "usage line {}: its outcome is none of the four"),
)
_DECISIONS = (
    ("SELECT title FROM decisions GROUP BY title HAVING COUNT(*) > 1", "title {} is decided twice"),
    (f"SELECT title FROM decisions WHERE outcome NOT IN {OUTCOMES}", "title {!r}: its outcome is none of the four"),
)
_NEGATIVE = ("SELECT line_id FROM lines WHERE plays < 0 OR weight < 0", "usage line {}: plays or weight below zero")
_COUNTS = (
    (
        "SELECT category FROM points WHERE points < 0 OR points IS NULL",
        "category {!r}: its point value is missing or below zero",
    ),
    (
        "SELECT category FROM points GROUP BY category HAVING COUNT(*) > 1",
        "category {!r}: its point value stands twice",
    ),
    ("SELECT work_id FROM shares WHERE share_ppm < 0", "work {}: a share below zero"),
)
_GIVEN = (
    "SELECT line_id FROM counted WHERE allocation_key = 'given' AND base IS NULL",
    "usage line {} has no weight, and its pool is allocated by given weights",
)
_POINTS = (
    "SELECT line_id FROM counted WHERE allocation_key = 'points' AND base IS NULL",
    "usage line {}: its category has no point value, and its pool is allocated by points",
)
_SIZES = """SELECT s.plays + q.plays AS plays, s.weight AS weight, s.least < 0 AS negative, s.unweighed AS unweighed,
    v.points AS points, v.wrong OR (SELECT COUNT(*) FROM shares AS h WHERE h.share_ppm < 0) > 0 AS wrong FROM
    (SELECT COALESCE(SUM(l.plays), 0) AS plays, COALESCE(SUM(l.weight), 0) AS weight, MIN(l.least) AS least,
            COALESCE(SUM(l.unweighed), 0) AS unweighed FROM licensees AS l) AS s
    CROSS JOIN (SELECT COALESCE(SUM(plays), 0) AS plays FROM quarantined) AS q
    CROSS JOIN (SELECT COALESCE(MAX(points), 1) AS points,
                       COALESCE(MIN(points), 0) < 0 OR COUNT(*) > COUNT(points)
                       OR COUNT(*) > COUNT(DISTINCT category) AS wrong
                FROM points) AS v"""


def unique(duck: Duck) -> None:
    """Raises ValueError unless each usage line stands once, with an outcome."""
    _ask(duck, *_LINES)


def decisions(duck: Duck) -> None:
    """Raises ValueError unless each title is decided once, with an outcome."""
    _ask(duck, *_DECISIONS)


def counts(duck: Duck) -> bool:
    """Whether every line has a weight; raises ValueError where a count is negative or all are too large to be added."""
    sizes = duck.get(_SIZES).to_pylist()[0]
    _ask(duck, *([_NEGATIVE] if sizes["negative"] else []), *(_COUNTS if sizes["wrong"] else []))
    if int(sizes["plays"]) * max(1, sizes["points"]) > HEADROOM or int(sizes["weight"]) > HEADROOM:
        raise ValueError(
            f"plays (times points) or weights add up to more than {HEADROOM:,}, beyond what 64 bits can share"
        )
    return not sizes["unweighed"]


def weights(duck: Duck, *, given: bool) -> None:
    """Raises ValueError unless every counted line has what its pool's allocation key asks for; `given`: all weights."""
    keys = duck.get("SELECT DISTINCT allocation_key AS allocation_key FROM pools").column(0).to_pylist()
    _ask(duck, *([_GIVEN] if "given" in keys and not given else []), *([_POINTS] if "points" in keys else []))


def _ask(duck: Duck, *questions: tuple[str, str]) -> None:
    """One query for all questions; the first that finds a row is said, with the least value found."""
    asked = [
        f"SELECT {n} AS n, MIN(CAST(q.found AS VARCHAR)) AS found FROM ({query}) AS q(found)"
        for n, (query, _) in enumerate(questions)
    ]
    if not asked:
        return
    for row in duck.get(
        f"SELECT * FROM ({' UNION ALL '.join(asked)}) AS x WHERE found IS NOT NULL ORDER BY n"
    ).to_pylist():
        raise ValueError(questions[row["n"]][1].format(row["found"]))
