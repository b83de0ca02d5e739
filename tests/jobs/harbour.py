"""A small case for tests: two societies, one karaoke house, ten works, and a log with everything that can go wrong."""

from __future__ import annotations

import random
from pathlib import Path

WORKS = """work_id,title,alt_titles,composer,lyricist,performers,language,society
N-1,望春風,,鄧雨賢,李臨秋,,nan,NORTH
N-2,雨夜花,,鄧雨賢,周添旺,,nan,NORTH
N-3,送別,,John Pond Ordway,李叔同,,cmn,NORTH
N-4,茉莉花,,,,,cmn,NORTH
S-1,四季紅,,鄧雨賢,李臨秋,,nan,SOUTH
S-2,月夜愁,,鄧雨賢,周添旺,,nan,SOUTH
S-3,花,,滝廉太郎,武島羽衣,,ja,SOUTH
S-4,花,,Robert Schumann,Heinrich Heine,,de,SOUTH
"""

SHARES = """work_id,party_id,party_name,role,society,share
N-1,N-H1,Heirs of the composer (fictional),C,NORTH,1/2
N-1,N-H2,Heirs of the lyricist (fictional),A,NORTH,1/2
N-2,N-H1,Heirs of the composer (fictional),C,NORTH,50 %
N-2,S-H3,Heirs of the second lyricist (fictional),A,SOUTH,50 %
N-3,N-P1,"Publisher One (fictional)",E,NORTH,33.33
N-4,N-A1,Archive (fictional),CA,NORTH,1/3
N-4,N-A2,Archive Two (fictional),CA,NORTH,1/3
N-4,N-A3,Archive Three (fictional),CA,NORTH,1/3
S-1,N-H1,Heirs of the composer (fictional),C,NORTH,50
S-1,S-H4,Heirs of the third lyricist (fictional),A,SOUTH,50
S-2,S-H3,Heirs of the second lyricist (fictional),A,SOUTH,70
S-2,S-H5,Somebody else (fictional),C,SOUTH,60
S-3,S-P2,Publisher Two (fictional),E,SOUTH,100
S-4,S-P3,Publisher Three (fictional),E,SOUTH,100
"""

LOG_HEADER = "編號,歌名,作詞,作曲,語別,點播次數,日期"
LOG_ROWS = [
    "L1,望春風,李臨秋,鄧雨賢,台語,40,2019-03-01",
    "L2,雨夜花 (KTV版),周添旺,,台語,25,2019/04/01",
    "L3,送别,李叔同,,國語,10,108/05/02",
    "L4,茉莉花,,,國語,7,2019-05-03",
    "L5,四季紅,,鄧雨賢,台語,5,2019-05-03",
    "L6,月夜愁,周添旺,鄧雨賢,台語,5,2019-05-04",
    "L7,花,,,,9,2019-06-01",
    "L8,沒有人登記的歌,某甲,某乙,國語,11,2019-06-01",
    "L9,An English Song That Nobody Manages,,,英語,13,2019-06-01",
    "L10,望春風,,,台語,-3,2019-06-01",
    "L11,,,,國語,2,2019-06-02",
    "L12,茉莉花,,,國語,1,2020-01-01",
]

JOB = """
[job]
title = { en = "Harbour Karaoke 2019", zh-Hant = "海港卡拉OK 2019" }
currency = "TWD"
period_from = 2019-01-01
period_to = 2019-12-31
contact = "desk@example.org"

[identify]
languages_out = ["en"]

[distribute]
minimum_payout = "50"
payout_unit = "1"

[[society]]
id = "NORTH"
name = { en = "Society North (fictional)", zh-Hant = "北協（虛構）" }
management_fee = "12.5 %"
fund = "3 %"
fictional = true

[[society]]
id = "SOUTH"
name = { en = "Society South (fictional)", zh-Hant = "南協（虛構）" }
management_fee = "10 %"
fictional = true

[[licensee]]
id = "harbour"
name = { en = "Harbour Karaoke (fictional)", zh-Hant = "海港卡拉OK（虛構）" }

[[repertoire]]
file = "works.csv"

[[shares]]
file = "shares.csv"

[[usage]]
file = "log.csv"
licensee = "harbour"

[[pool]]
id = "harbour-north"
amount = "100000"
society = "NORTH"
licensee = "harbour"

[[pool]]
id = "harbour-south"
amount = "33333.33"
society = "SOUTH"
licensee = "harbour"

[[pool]]
id = "harbour-joint"
amount = "1000"
licensee = "harbour"
"""


def write(folder: Path, *, shuffle: int | None = None, encoding: str = "utf-8") -> Path:
    """Writes the case's files into `folder` and returns the job file; `shuffle` seeds another order of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("works.csv", WORKS), ("shares.csv", SHARES), ("log.csv", "\n".join([LOG_HEADER, *LOG_ROWS]))):
        header, *rows = text.strip().splitlines()
        if shuffle is not None:
            random.Random(shuffle).shuffle(rows)  # noqa: S311 - a seeded order, no secret
        body = "\n".join([header, *rows]) + "\n"
        (folder / name).write_bytes(body.encode(encoding if name == "log.csv" else "utf-8"))
    (folder / "job.toml").write_text(JOB, encoding="utf-8")
    return folder / "job.toml"
