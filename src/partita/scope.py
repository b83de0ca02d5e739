"""What a statement about use speaks of: purpose, AI system, territory; which rights a purpose needs; how scopes meet.

The purposes are Partita's own and do not change with any signal's vocabulary: each carrier is translated to them and
from them. A purpose is a set of leaves; two purposes meet where they share a leaf, and one covers another where it
holds all of its leaves. Systems are `*` (any), a provider (`suno`) or a system of it (`suno/v5`). Territories are
`world`, `EU`, or an ISO 3166-1 alpha-2 code.
"""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE = "world"
ANYONE = "*"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One indivisible purpose: its name in English and Chinese, what it means, and the rights that can license it."""

    name: str
    english: str
    chinese: str
    meaning: str
    rights: tuple[str, ...]


RIGHTS = (
    "performing",
    "reproduction",
    "making_available",
    "adaptation",
    "text_and_data_mining",
    "ai_training",
    "likeness",
)
"""Rights that a mandate can name."""

_COPYING = ("reproduction",)
LEAVES = (
    Leaf(
        "data_mining",
        "data mining",
        "資料探勘",
        "automated analysis that trains no AI",
        ("text_and_data_mining", *_COPYING),
    ),
    Leaf(
        "train_generative",
        "training generative AI",
        "訓練生成式 AI",
        "training a model that makes content",
        ("ai_training", *_COPYING),
    ),
    Leaf(
        "train_other",
        "training other AI",
        "訓練其他 AI",
        "training a model that makes no content",
        ("ai_training", *_COPYING),
    ),
    Leaf("ground", "AI input", "AI 輸入", "inference on the content: grounding, retrieval, prompts", _COPYING),
    Leaf("search", "search", "搜尋", "a search index that leads to the source", _COPYING),
    Leaf(
        "imitate", "imitation in outputs", "輸出模仿", "outputs made to imitate the work or its maker", ("adaptation",)
    ),
    Leaf("clone_voice", "voice cloning", "聲音複製", "outputs in a person's voice", ("likeness",)),
    Leaf("clone_face", "face cloning", "臉部複製", "outputs with a person's face or body", ("likeness",)),
    Leaf("perform", "public performance", "公開演出", "playing or showing the work in public", ("performing",)),
    Leaf("reproduce", "copies", "重製", "making copies for people, not for machines", _COPYING),
    Leaf("make_available", "making available", "公開傳輸", "offering the work online", ("making_available",)),
)
"""In the order of their bits."""

LEAF = {leaf.name: leaf for leaf in LEAVES}
_BIT = {leaf.name: 1 << place for place, leaf in enumerate(LEAVES)}
EVERY_LEAF = (1 << len(LEAVES)) - 1

_TOGETHER = {
    "any": tuple(_BIT),
    "any_ai": ("train_generative", "train_other", "ground", "imitate", "clone_voice", "clone_face"),
    "train": ("train_generative", "train_other"),
    "mining": ("data_mining", "train_generative", "train_other"),
    "likeness": ("clone_voice", "clone_face"),
}
"""Purposes that are several leaves. `mining` is text and data mining in the sense of Directive 2019/790, Art 2(2)."""

PURPOSES: dict[str, int] = {name: sum(_BIT[leaf] for leaf in leaves) for name, leaves in _TOGETHER.items()} | _BIT
"""Each purpose by name, as the bits of its leaves."""

AI = PURPOSES["any_ai"] | _BIT["data_mining"]
"""Purposes that a mandate must name: one for `any` reproduction was not given with AI in mind."""

EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())  # noqa: SIM905
"""The European Union's members since 2020-02-01."""

GROUPS: dict[str, frozenset[str]] = {"EU": EU}


def leaves(purpose: str) -> tuple[str, ...]:
    """The leaves of a purpose, in order; raises KeyError for a name that is none."""
    bits = PURPOSES[purpose]
    return tuple(name for name, bit in _BIT.items() if bits & bit)


def place_covers(wide: str, narrow: str) -> bool:
    """Whether the territory `wide` holds all of `narrow`."""
    return wide in (EVERYWHERE, narrow) or narrow in GROUPS.get(wide, ())


def places_meet(one: str, other: str) -> bool:
    """Whether two territories have a place in common."""
    return place_covers(one, other) or place_covers(other, one)


def system_covers(wide: str, narrow: str) -> bool:
    """Whether `wide` speaks of all that `narrow` names: `*` of everything, `suno` of `suno/v5`."""
    return wide in (ANYONE, narrow) or narrow.startswith(wide + "/")


def systems_meet(one: str, other: str) -> bool:
    """Whether two scopes have a system in common."""
    return system_covers(one, other) or system_covers(other, one)


def system_depth(system: str) -> int:
    """How narrowly a system is named: 0 for anybody, 1 for a provider, 2 for one of its systems."""
    return 0 if system == ANYONE else 1 + system.count("/")
