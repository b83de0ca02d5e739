"""Every reason that an answer can have: a code, the answer that it means, and words in English and Chinese.

The list is closed: what is not in it cannot be answered. Templates have the fields of `FIELDS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from partita.scope import ANYONE, EVERYWHERE, LEAF

ALLOWED, REFUSED, UNKNOWN = "allowed", "refused", "unknown"
LANGUAGES = ("en", "zh-Hant")
FIELDS = ("party", "purpose", "system", "asked", "territory", "level", "target")
"""Who spoke; the purpose asked; the system of the statement; the system and place asked; where the statement hangs."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One code: the answer that it means and its templates."""

    code: str
    answer: str
    english: str
    chinese: str

    def template(self, language: str) -> str:
        """The template in a language of `LANGUAGES`; raises ValueError for another."""
        if language not in LANGUAGES:
            raise ValueError(f"no reasons in {language}; there are {', '.join(LANGUAGES)}")
        return self.english if language == "en" else self.chinese


# fmt: off
REASONS = (
    # The answer is allowed.
    Reason("statutory", ALLOWED,
           "The law itself allows {purpose} by {system} in {territory}; remuneration is owed",
           "{territory}之法律允許{system}為{purpose}之利用，但應支付報酬"),
    Reason("licensed", ALLOWED,
           "{party} licensed {purpose} to {system} ({level} {target})",
           "{party} 已授權{system}為{purpose}之利用（{level} {target}）"),
    Reason("consented", ALLOWED,
           "{party} consented to {purpose} by {system} ({level} {target})",
           "{party} 已同意{system}為{purpose}之利用（{level} {target}）"),
    Reason("permitted", ALLOWED,
           "{party} permits {purpose} to {system} ({level} {target})",
           "{party} 允許{system}為{purpose}之利用（{level} {target}）"),
    # The answer is refused.
    Reason("contradicted", REFUSED,
           "{party} reserved {purpose} ({level} {target}); an equally near statement permits it: the stricter counts",
           "{party} 保留{purpose}（{level} {target}）；另有同層級聲明允許，以較嚴者為準"),
    Reason("reserved_in_part", REFUSED,
           "{party} reserved {purpose}, in whole or part ({level} {target}); other shares or parts of it are allowed",
           "{party} 就{purpose}之全部或一部聲明保留（{level} {target}）；其餘持分或部分則獲允許"),
    Reason("reserved_by_unknown", REFUSED,
           "{purpose} is reserved at {level} {target} by {party}: respected for all shares",
           "{level} {target} 由{party}聲明保留{purpose}，對全部持分均予尊重"),
    Reason("reserved_for_system", REFUSED,
           "{party} reserved {purpose} against {system} ({level} {target})",
           "{party} 對{system}保留{purpose}（{level} {target}）"),
    Reason("reserved", REFUSED,
           "{party} reserved {purpose} ({level} {target})",
           "{party} 保留{purpose}（{level} {target}）"),
    # The answer is unknown, because of the question.
    Reason("purpose_unknown", UNKNOWN, "The question names no purpose that is known", "所問之利用目的不在已知之列"),
    Reason("territory_unknown", UNKNOWN, "The question names no territory that is known", "所問之地域不在已知之列"),
    Reason("system_unknown", UNKNOWN, "The question names no system that can be read", "所問之系統無法辨識"),
    Reason("kind_unknown", UNKNOWN, "The question names no kind of target that is known", "所問之標的種類不在已知之列"),
    Reason("target_unreadable", UNKNOWN, "The target of the question cannot be read", "所問之標的無法辨識"),
    # The answer is unknown, because of the thing itself.
    Reason("several_works", UNKNOWN,
           "The target belongs to more than one work: ask for each of them",
           "標的屬於一個以上之著作，請逐一查詢"),
    Reason("shares_over", UNKNOWN,
           "The shares recorded are more than the whole: whose they are is in dispute",
           "登記之持分逾越全部，歸屬有爭議"),
    # The answer is unknown for a share: the first of these that holds for one is the code.
    Reason("unreadable", UNKNOWN,
           "{party} made a statement that cannot be read ({level} {target}): it may be a reservation",
           "{party} 之聲明無法判讀（{level} {target}），可能為保留"),
    Reason("mandate_withdrawn", UNKNOWN,
           "{party} cannot license {purpose} in {territory}: the member withdrew that right",
           "{party} 無法授權{territory}之{purpose}：會員已撤回該權利"),
    Reason("no_mandate", UNKNOWN,
           "{party} administers rights here but holds no mandate for {purpose} in {territory}: it cannot license it",
           "{party} 管理此處部分權利，但未受託{territory}之{purpose}，無從授權"),
    Reason("permission_of_unknown", UNKNOWN,
           "The yes at {level} {target} comes from {party}, who is not known to hold the right",
           "{level} {target} 之允許出自{party}，無從確認其享有權利"),
    Reason("other_system", UNKNOWN,
           "{party} said yes to {system}, not to {asked}: a licence for one system or version is none for another",
           "{party} 允許的是{system}，並非{asked}：對一系統或版本之授權，不及於其他"),
    Reason("other_territory", UNKNOWN,
           "{party} said yes to {purpose}, but not for all of {territory}",
           "{party} 雖允許{purpose}，但未及於{territory}全境"),
    Reason("claim_only", UNKNOWN,
           "Only parties who hold no right in it, as far as is known, spoke of {purpose}",
           "就{purpose}發言者，依現有資料均未享有權利"),
    Reason("silent", UNKNOWN,
           "Nobody who holds a right spoke of {purpose} by {asked} in {territory}: silence is no permission",
           "就{asked}在{territory}為{purpose}之利用，無權利人表示意見：沉默並非允許"),
    Reason("partly", UNKNOWN,
           "{purpose} by {asked} is allowed for some shares or parts of it; of the rest nobody who holds a right spoke",
           "{asked}為{purpose}之利用，部分持分或部分目的已獲允許；其餘無權利人表示意見"),
    Reason("target_unknown", UNKNOWN,
           "It is not known which work this is or belongs to",
           "不知標的為何著作，或屬於何著作"),
    Reason("shares_unknown", UNKNOWN,
           "It is not known who holds all shares: a yes for the rest can be nobody's",
           "持分歸屬未盡明瞭，其餘部分無人可為允許"),
)
# fmt: on

REASON = {reason.code: reason for reason in REASONS}
NUMBER = {reason.code: place for place, reason in enumerate(REASONS)}
"""A code's place in the list; among the codes of a share the lower one is the answer's."""

_TOGETHER = {
    "any": ("any use", "任何利用"),
    "any_ai": ("any use by AI", "任何 AI 利用"),
    "train": ("training AI", "訓練 AI"),
    "mining": ("text and data mining", "文字與資料探勘"),
    "likeness": ("voice or face cloning", "聲音或臉部複製"),
}
_LEVELS = {
    "url": ("URL", "網址"),
    "content": ("content", "內容"),
    "recording": ("recording", "錄音"),
    "work": ("work", "著作"),
    "party": ("party", "權利人"),
    "repertoire": ("repertoire", "管理目錄"),
}


def _place(language: str) -> int:
    return LANGUAGES.index(language)


def purpose_words(purpose: str, language: str = "en") -> str:
    """A purpose in words; a name that is none stays as it is."""
    if purpose in LEAF:
        return LEAF[purpose].chinese if _place(language) else LEAF[purpose].english
    return _TOGETHER.get(purpose, (purpose, purpose))[_place(language)]


def system_words(system: str, language: str = "en") -> str:
    """A system in words: `*` is anybody."""
    return ("anybody", "任何人")[_place(language)] if system == ANYONE else system


def territory_words(territory: str, language: str = "en") -> str:
    """A territory in words."""
    return ("the world", "全球")[_place(language)] if territory == EVERYWHERE else territory


def party_words(party: str, language: str = "en") -> str:
    """A party by its id; an empty one is a speaker who is not named."""
    return party or ("a speaker who is not named", "未具名者")[_place(language)]


def level_words(level: str, language: str = "en") -> str:
    """A level in words; one that is none stays as it is."""
    return _LEVELS.get(level, (level, level))[_place(language)]


def pieces(code: str, language: str) -> list[tuple[str, str]]:
    """A template as pairs: text as it stands, then the field that follows it (empty behind the last)."""
    return [(text, field or "") for text, field, _, _ in Formatter().parse(REASON[code].template(language))]
