"""The one guess of language that a script allows: kana, Japanese; Hangul, Korean."""

from __future__ import annotations

import re

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_HANGUL = re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")


def guess_language(*texts: str) -> str | None:
    """`ja` where kana stand, `ko` where Hangul does (kana first), else None: Han and Latin tell nothing."""
    whole = " ".join(texts)
    if _KANA.search(whole):
        return "ja"
    return "ko" if _HANGUL.search(whole) else None


def primary(tag: str) -> str:
    """The primary language of a BCP 47 tag, in lower case: `zh-Hant-TW` is `zh`, and so are `cmn` and `zho`."""
    first = tag.strip().replace("_", "-").split("-")[0].lower()
    return {"cmn": "zh", "zho": "zh", "chi": "zh", "jpn": "ja", "kor": "ko", "eng": "en"}.get(first, first)
