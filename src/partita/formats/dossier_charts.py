"""The dossier's charts: rates by operator, lines by fate, each society's range, comparables against the tariffs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from partita.formats import charts
from partita.formats.dossier_figures import MILLION, PARTIES, RATES, Index, percent, reach

Name = Callable[[str], str]
Words = Mapping[str, str]

_FATE_COLOURS = {
    "matched": "#3c8d6e", "ambiguous": "#e0872b", "unmatched": "#b5473c", "foreign_language": "#7a6bb0",
    "out_of_scope": "#8a97a3", "quarantined": "#1f2a36",
}  # fmt: skip
_OPERATORS_MOST = 12
_WIDTH = 960
_FINE_BELOW = 0.05


def rates(index: Index, party: str, name: Name, t: Words) -> Markup:
    """Two bars a society, reproduction and play rate, under each operator."""
    colours = charts.palette([t["rate_reproduction"], t["rate_play"]])
    bars = []
    for operator in index.operators[:_OPERATORS_MOST]:
        for society in index.societies:
            for rate in RATES:
                row = index.rate(party, "operator", operator, society, rate)
                if row and row["rate_ppm"] is not None:
                    label = name(society) if rate == RATES[0] else ""
                    shown = f"{percent(row['rate_ppm'])} %"
                    bars.append(
                        charts.Bar(label, row["rate_ppm"] / MILLION, shown, t[f"rate_{rate}"], group=name(operator))
                    )
    return charts.legend(colours) + charts.bar(
        bars, title=t["chart_rates"], axis_format=".0%", colours=colours, width=_WIDTH
    )


def coverage(index: Index, name: Name, t: Words) -> Markup:
    """One bar a list, its lines by fate in per cent."""
    colours = {t[f"fate_{fate}"]: _FATE_COLOURS[fate] for fate in index.fates}
    stacks = []
    for operator in index.operators[:_OPERATORS_MOST]:
        for rate, list_, unit in (("reproduction", "catalogue", "songs"), ("play", "play_log", "plays")):
            whole = index.covered(rate, operator)
            if whole:
                shown = f"{whole:,} {t[unit]}"
                parts = tuple(_parts(index, rate, operator, t))
                stacks.append(charts.Stack(t[list_], parts, shown, group=name(operator)))
    drawn = charts.stacked_bar(stacks, title=t["chart_coverage"], axis_format=".0%", colours=colours, width=_WIDTH)
    return charts.legend(colours) + drawn


def _parts(index: Index, rate: str, operator: str, t: Words) -> Iterator[tuple[str, float, str]]:
    whole, before = index.covered(rate, operator), 0
    for fate in index.fates:
        count = index.covered(rate, operator, fate)
        size = (before + count) / whole - before / whole
        yield t[f"fate_{fate}"], size, f"{percent(count * MILLION // whole, 1)} %"
        before += count


def own_reach(index: Index, name: Name, t: Words) -> Markup:
    """Both pooled rates of the society in dispute, on a scale of their own."""
    spans = [span for rate in RATES for span in _span(index, rate, index.society, t[f"rate_{rate}"], t)]
    return _spans(spans, t["chart_range"].format(rate=name(index.society)), t)


def reach_of(index: Index, rate: str, name: Name, t: Words) -> Markup:
    """Each society's pooled rate from its lowest to its highest, with the parties' own."""
    spans = [span for society in index.societies for span in _span(index, rate, society, name(society), t)]
    return _spans(spans, t["chart_range"].format(rate=t[f"rate_{rate}"]), t)


def _span(index: Index, rate: str, society: str, label: str, t: Words) -> Iterator[charts.Span]:
    rows = {party: index.rate(party, "pooled", "", society, rate) for party in PARTIES}
    known = {party: row for party, row in rows.items() if row and row["rate_ppm"] is not None}
    if known:
        ends = next(iter(known.values()))
        points = [(ends["low_ppm"] / MILLION, t["extreme"]), (ends["high_ppm"] / MILLION, t["extreme"])]
        points += [(row["rate_ppm"] / MILLION, t[f"short_{party}"]) for party, row in known.items()]
        yield charts.Span(label, tuple(points), reach(ends["low_ppm"], ends["high_ppm"], "–"))


def _spans(spans: Sequence[charts.Span], title: str, t: Words) -> Markup:
    colours = {t["extreme"]: charts.FAINT, **charts.palette(t[f"short_{party}"] for party in PARTIES)}
    most = max((value for span in spans for value, _ in span.points), default=0)
    form = ".0%" if most > _FINE_BELOW else ".1%"
    return charts.legend(colours) + charts.span(spans, title=title, axis_format=form, colours=colours, width=_WIDTH)


def comparables(claims: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], t: Words) -> list[Markup]:
    """For each unit of tariff with a comparable: the tariffs in dispute, and below them what is compared."""
    made = []
    for unit in dict.fromkeys(row["unit"] for row in rows if row["unit"] != "%"):
        asked = [
            charts.Bar(
                f"{row['party']}, {row['status']}", _number(row["amount"]), row["amount"], row["side"], t["tariffs"]
            )
            for row in claims
            if row["unit"] == unit
        ]
        compared = [
            charts.Bar(row["bar"], row["value_micro"] / MILLION, row["shown"], row["side"], t["comparables"])
            for row in rows
            if row["unit"] == unit
        ]
        compared.sort(key=lambda bar: (bar.value, bar.label))
        bars = [*sorted(asked, key=lambda bar: (-bar.value, bar.label)), *compared]
        sides = charts.palette([*(t[f"short_{party}"] for party in PARTIES), *(bar.series for bar in bars)])
        colours = {side: colour for side, colour in sides.items() if any(bar.series == side for bar in bars)}
        title = t["chart_comparables"].format(unit=unit)
        caption = Markup('<p class="less">{}</p>').format(charts.clean(title))
        made.append(
            caption + charts.legend(colours) + charts.bar(bars, title=title, colours=colours, width=_WIDTH, labels=76)
        )
    return made


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return 0.0
