"""One cell as a value: counts, durations, dates, names, codes. Each function raises ValueError for what it refuses."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

COUNT_MOST = 10_000_000_000
WEIGHT_MOST = 1_000_000_000_000

_WHOLE = re.compile(r"\+?(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.0*)?")
_SECONDS = re.compile(r"(\d{1,12})(?:\.\d*)?")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):([0-5]?\d)(?:\.\d*)?")
_DATE = re.compile(
    r"(?P<era>民國|民国|中華民國|ROC)?\s*(?P<year>\d{1,4})\s*(?:[-/.]|年)\s*(?P<month>\d{1,2})\s*(?:[-/.]|月)\s*(?P<day>\d{1,2})\s*日?"
    r"(?:(?:\s*T\s*|\s+|(?=[上下午]))(?P<time>.+))?"
)
_TIME = re.compile(
    r"(?P<before>上午|下午|AM|PM)?\s*(?P<hour>\d{1,2})(?::|時|点|點)(?P<minute>\d{1,2})(?:(?::|分)(?P<second>\d{1,2})?(?:[.,]\d+)?秒?)?"
    r"\s*(?P<after>AM|PM|A\.M\.|P\.M\.)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2}|\[.*\])?",
    re.IGNORECASE,
)
_DIGITS = re.compile(
    r"(?P<year>\d{4}|\d{3})(?P<month>\d{2})(?P<day>\d{2})(?:\s*T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2}))?"
)
_SERIAL = re.compile(r"([2-7]\d{4})(\.\d+)?")
_SERIAL_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001  local time, as reported
_BCP47 = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,4}")
_ROC_SHORT = 60
"""Below this a year of one or two digits may as well be short for 20xx: it is refused."""

_SPACED = re.compile(
    r"\s+/\s+|\s*;\s+|\s+;\s*|(?<=[\u3040-\u9fff\uac00-\ud7a3])\s*/\s*(?=[\u3040-\u9fff\uac00-\ud7a3])"
)
_WIDE = re.compile(_SPACED.pattern + r"|[、，／；;]")
_WIDE_TITLES = re.compile(_SPACED.pattern + r"|[／；]")


def count(text: str, most: int = COUNT_MOST) -> int:
    """`12`, `1,234`, `３`, `3.0`; nothing negative, no fraction."""
    found = _WHOLE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    value = int(found[1].replace(",", "")) if found else most + 1
    if value > most:
        raise ValueError(text)
    return value


def weight(text: str) -> int:
    """A whole number up to `WEIGHT_MOST`."""
    return count(text, WEIGHT_MOST)


def seconds(text: str) -> int:
    """`225`, `225.4` (rounded down), `3:45` or `0:03:45`, in whole seconds."""
    body = unicodedata.normalize("NFKC", text).strip().removesuffix("秒").removesuffix("s").replace(",", "").strip()
    if plain := _SECONDS.fullmatch(body):
        value = int(plain[1])
    elif clock := _CLOCK.fullmatch(body):
        value = int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    else:
        raise ValueError(text)
    if value > COUNT_MOST:
        raise ValueError(text)
    return value


def moment(text: str) -> dt.datetime:
    """Local date and time: ISO, `2019/1/5 14:03`, ROC `108/01/05`, `20190105`, Excel serial; an offset is dropped."""
    if text[4:5] == "-" and text.isascii():
        try:
            return _in_range(dt.datetime.fromisoformat(text).replace(tzinfo=None))
        except ValueError as error:
            if text[10:] == "":
                raise ValueError(text) from error
    body = unicodedata.normalize("NFKC", text[:100]).strip()
    if found := _DATE.fullmatch(body):
        year = _year(found["year"], found["era"])
        day = dt.datetime(year, int(found["month"]), int(found["day"]))  # noqa: DTZ001
        return day + _clock(found["time"]) if found["time"] else day
    if found := _DIGITS.fullmatch(body):
        year = _year(found["year"], None)
        hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
        return dt.datetime(year, int(found["month"]), int(found["day"]), hour, minute, second)  # noqa: DTZ001
    if found := _SERIAL.fullmatch(body):
        part = found[2] or ".0"
        return _SERIAL_ZERO + dt.timedelta(
            days=int(found[1]), seconds=(int(part[1:10]) * 86_400) // 10 ** len(part[1:10])
        )
    raise ValueError(text)


def _in_range(when: dt.datetime) -> dt.datetime:
    _year(str(when.year), None)
    return when.replace(microsecond=0)


def _year(digits: str, era: str | None) -> int:
    year = int(digits)
    if era or (len(digits) <= 3 and _ROC_SHORT <= year < 200) or (len(digits) == 3 and year < _ROC_SHORT):
        year += 1911
    if not 1900 <= year <= 2199:
        raise ValueError(digits)
    return year


def _clock(text: str) -> dt.timedelta:
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    half = (found["before"] or found["after"] or "").upper().replace(".", "")
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if half in {"下午", "PM"} and hour < 12:
        hour += 12
    if half in {"上午", "AM"} and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError(text)
    return dt.timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def names(text: str) -> list[str]:
    """Names apart by ` / ` or ` ; `, or by `/` between Han characters; no comma parts, nor a slash within a name."""
    return _parts(_SPACED, text)


def names_wide(text: str) -> list[str]:
    """As `names`, and by the marks that lists under a Chinese header use: 、 ， ／ ；."""
    return _parts(_WIDE, text)


def titles_wide(text: str) -> list[str]:
    """As `names`, and by ／ and ；; a comma belongs to the title."""
    return _parts(_WIDE_TITLES, text)


def _parts(pattern: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(part for piece in pattern.split(text) if (part := piece.strip())))


def tag(text: str) -> str:
    """A BCP 47 tag as it is written there: language small, region in capitals."""
    found = _BCP47.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    first, *rest = found[0].replace("_", "-").split("-")
    return "-".join(
        [first.lower(), *(p.upper() if len(p) == 2 else p.title() if len(p) == 4 else p.lower() for p in rest)]
    )


def country(text: str) -> str:
    """An ISO 3166 alpha-2 or alpha-3 code, or a four-figure TIS code."""
    code = text.strip().upper()
    if not re.fullmatch(r"[A-Z]{2,3}|2?\d{3,4}", code):
        raise ValueError(text)
    return code
