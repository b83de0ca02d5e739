"""What stands beside titles in file names and addresses, as patterns of RE2: endings, tags, numbers, machines' names."""

# ruff: noqa: E501 - lists of words

from __future__ import annotations

BYTES_MOST = 2_000
TITLE_MOST = 200
ID_LENGTH = 11
"""Signs of the ids of a large video site."""

ENDING = (
    r"(?i)\.(?:mp3|wav|wave|flac|ogg|oga|opus|m4a|aac|aiff?|wma|midi?|kar|ape|wv|alac|mp4|mkv|webm|mov|avi|wmv|flv|m4v|mpe?g|3gp|vob|dat|"
    r"jpe?g|png|gif|webp|bmp|tiff?|txt|html?|xhtml|php\d?|aspx?|jsp|shtml|pdf|docx?|odt|rtf|lrc|srt|vtt|cdg|krc|json|xml|md|epub|mscz|musicxml|mxl|abc|gz|zip|parquet|csv|tsv|jsonl|npy|npz|tar|bin)$"
)

_HEX = r"(?:[0-9a-f]{16,}|[0-9A-F]{16,}|[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12})"
_WORDS_OF_MACHINES = (
    r"track|audio|aud|sound|snd|file|img|image|dsc|dscn|dscf|video|vid|mvi|mov|pxl|clip|rec|recording|voice|sample|untitled|output|out|part|chunk|"
    r"segment|seg|shard|data|train|test|valid|val|dev|wav|song|songs|music|page|doc|document|item|id|entry|record|screenshot|screen shot|cover|folder|front|"
    r"artwork|index|unknown|download|new recording|new track|my song|temp|tmp|aux|media|stream|playlist|album|utterance|utt|batch|row|example|"
    r"common voice(?: [a-z]{2,3}(?:-[a-z]+)?)?|vid|wa|whatsapp audio|ptt|mix|final|final mix|master|bounce|project|export|"
    r"新錄音|新录音|錄音|录音|未命名|音轨|音軌|曲目|歌曲|檔案|文件|音频|音訊|トラック|録音|無題|新規録音|트랙|녹음|무제|제목 없음|새로운 녹음"
)
MACHINE = rf"^(?:{_HEX}|[\d\s_.,+()\-]+|[A-Z]{{2}}-?[A-Z0-9]{{3}}-?\d{{2}}-?\d{{5}}|T-?\d{{3}}\.?\d{{3}}\.?\d{{3}}-?\d|[a-z]+\.\d{{4,}}|(?:ISCC:)?[KAEGIM][A-Z2-7]{{14,}})$"
"""Hashes, UUIDs, numbers, dates, ISRC, ISWC and ISCC."""
NO_NAME = rf"(?i)^[\s_\-]*(?:{_WORDS_OF_MACHINES})[\s_\-.#]*(?:[a-z]?\d[\d\s_.\-x]*(?:wa\d+)?[a-z]?)?$"
NO_TITLE = r"^(?:[A-Za-z]|[A-Z]{1,4}\d{3,})$"
NO_PART = (
    r"(?i)^(?:|[a-z]{1,2}|[a-z]{2}-[a-z]{2}|(?:index|watch|play|player|view|viewer|download|downloads|listen|lyrics?|songs?|page|pages|default|home|main|track|tracks|embed|stream|"
    r"video|videos|audio|music|show|detail|details|item|items|song-lyrics|search|results?|get|file|files|media|wiki|blog|posts?|article|articles|news|category|tags?|"
    r"artists?|albums?|users?|shorts|live|v|w|p|id|api|static|content|assets|uploads?|images?|img|public|data|karaoke|ktv|mp3|chords?|tabs?|comments?|archive|playlist|"
    r"original|master|full|raw|low|high|preview|thumb|large|small|medium|\d+k(?:bps)?)(?:\.(?:html?|php\d?|aspx?|jsp|shtml|cgi|json|xml))?)$"
)
"""Parts of a path that name no thing."""

TITLE_KEYS = (
    "title",
    "song_title",
    "songtitle",
    "song",
    "track",
    "track_title",
    "track_name",
    "songname",
    "song_name",
    "name",
    "曲名",
    "歌名",
)
NAME_KEYS = ("artist", "singer", "performer", "artist_name", "artistname", "by", "歌手")
PARAMETERS = r"(?i)[?&](?:(?:song|track)_?(?:title|name)?|title|name|%E6%9B%B2%E5%90%8D|%E6%AD%8C%E5%90%8D)=[^&]"

_TAG = (
    r"official|music video|lyrics?|lyric video|with lyrics|visuali[sz]er|audio|video|m/?v|mtv|hd|hq|4k|uhd|\d{3,4}p|60fps|live|remaster(?:ed)?|karaoke|ktv|instrumental|"
    r"cover|acoustic|explicit|clean|demo|radio edit|album version|single version|extended(?: mix| version)?|full (?:song|album|version|audio)|free download|"
    r"off vocal|backing track|mono|stereo|sub(?:bed|titles?)?|eng sub|topic|copyright free|no copyright|\d{2,3} ?kbps|\d{2,3}k|vevo|bonus track|slowed(?: (?:and|\+|&) reverb)?|sped up|nightcore|8d audio|cc"
)
_HAN_TAG = (
    r"動態歌詞|动态歌词|歌詞|歌词|官方|完整版|高清|高音質|高音质|無損|无损|伴奏|伴唱|純音樂|纯音乐|現場|现场|演唱會|演唱会|卡拉\s?ok|導唱|导唱|原版|中字|字幕|原聲帶|主題曲|主题曲|片尾曲|片頭曲|片头曲|插曲|"
    r"カラオケ|歌ってみた|弾いてみた|公式|フル|ライブ|歌詞付き|オリジナル|가사|공식|뮤직비디오|노래방|라이브|반주|ktv"
)
_OPEN, _CLOSE, _IN = r"[(\[{【（［〔]", r"[)\]}】）］〕]", r"[^()\[\]{}【】（）［］〔〕]*"
_SITE = r"(?:www\.)?[a-z0-9][a-z0-9-]{1,30}\.(?:com|net|org|io|cc|me|tv|ru|cn|info|to|co|fm|app|xyz|club|biz|vn|in|id|example)(?:\.[a-z]{2})?"
DROPPED = (
    (
        rf"{_OPEN}[^)\]]*\.",
        rf"(?i){_OPEN}\s*{_SITE}\s*{_CLOSE}",
    ),
    (
        r"\.",
        rf"(?i)(?:^{_SITE}\s*[-_–~|]+\s*)|(?:[\s_]*[-_–~|@ ]+[\s_]*{_SITE}$)",
    ),
    (
        _OPEN,
        rf"(?i){_OPEN}[\s_]*(?:(?:{_TAG})(?:[\s_\-.:,|/]{_IN})?|(?:{_IN}[\s_\-.])?(?:{_TAG})[\s_]*|{_IN}(?:{_HAN_TAG}){_IN})[\s_]*{_CLOSE}",
    ),
    (
        r"(?i)(?:\)|copy)$",
        r"[\s_]*\(\d{1,2}\)$|(?i)[\s_]+-?[\s_]*copy(?:[\s_]*\(\d+\))?$",
    ),
    (
        r"(?i)(?:video|audio|mv|m/v|clip|i[sz]er|lyrics?|youtube|soundcloud|spotify|topic|vevo|k(?:bps)?|\dp|h[qd]|download|music|chords|karaoke|mp3)$",
        (
            r"(?i)[\s_\-–|~]+(?:official(?:[\s_\-](?:music|lyrics?|hd|audio|4k))*[\s_\-](?:video|audio|mv|clip|visuali[sz]er)|official[\s_\-]m/?v|lyrics?[\s_\-]video|music[\s_\-]video|(?:with[\s_\-])?lyrics?|"
            r"youtube|soundcloud|spotify|topic|vevo|(?:\d{2,3}[\s_]?k(?:bps)?|\d{3,4}p|hq|hd)|free[\s_\-](?:mp3[\s_\-])?download|mp3[\s_\-]download|sheet[\s_\-]music|guitar[\s_\-]chords|chords|karaoke|mp3)$"
        ),
    ),
    (
        r"(?i)(?:[^\x00-\x7f]|mv|ktv|lyrics?)$",
        r"(?i)[\s_\-–|~]*(?:動態歌詞|动态歌词|歌詞|歌词|官方mv|官方版|完整版|高清|高音質|高音质|無損|无损|伴奏|伴唱|純音樂|纯音乐|現場版|现场版|ktv版?|カラオケ|歌詞付き|公式mv|가사|공식|뮤직비디오|노래방)(?:lyrics?)?$",
    ),
    (
        r"(?i)(?:[^\x00-\x7f]|live|m/?v|ktv|ok|karaoke|instrumental|remaster(?:ed)?|\d{4}|acoustic)$",
        rf"(?i)[\s_]*(?:[-–|~]+[\s_]*|[\s_]+)(?:{_HAN_TAG}|live|m/?v|karaoke|instrumental|remaster(?:ed)?(?:[\s_]\d{{4}})?|\d{{4}}[\s_]remaster(?:ed)?|acoustic)$",
    ),
)
"""What is left out, in this order: how a first glance tells where it may stand, and the whole of it."""

SPACED_DASH = r"\s*--+\s*|\s+[-–—−~|]+\s+|\s*[—―－｜]+\s*|\s+[-–|]+|[-–|]+\s+"
SLUG = r"^[a-z0-9'.,!&]+(?:[-\x1f][a-z0-9'.,!&]+)+$"
TITLED_SLUG = r"^[A-Z0-9][A-Za-z0-9'.,!&]*(?:[-\x1f][A-Za-z0-9'.,!&]+)+$"
_WIDE = r"\x{3040}-\x{30ff}\x{3400}-\x{9fff}\x{ac00}-\x{d7a3}"
TWO_WIDE_PARTS = rf"^[^-\x1f]*[{_WIDE}][^-\x1f]*-[^-\x1f]+$|^[^-\x1f]+-[^-\x1f]*[{_WIDE}][^-\x1f]*$"
TWO_PARTS = rf"^[A-Z][^-\s\x1f]*-[A-Z][^-\s\x1f]*$|{TWO_WIDE_PARTS}"
"""One hyphen between two parts that each could be a name or a title."""

NUMBERS = (
    (
        r"(?i)^(?:(?:cd|disc|disk)\s*\d{1,2}[\s\x1f.]*)?(?:track|no\.?|曲目|第)?\s*[(\[]?(?:\d{1,2}[-.])?\d{1,3}[)\]首曲]?\s*(?:\x1f|[.)、,:：．]\s*)\s*([^\d\s\x1f])",
        r"\1",
    ),
    (r"^(?:\d-)?0\d{1,2}[\s\-]*([^\d\s])", r"\1"),
    (r"^[A-H]\d{1,2}(?:\x1f|[.)]\s*)", ""),
    (r"\x1f\s*\d{1,3}\s*\x1f", "\x1f"),
    (r"\x1f\s*\d{1,3}[.)、]\s*([^\d\s])", "\x1f\\1"),
    (r"^(\d{1,3})([\x{3400}-\x{9fff}\x{3040}-\x{30ff}\x{ac00}-\x{d7a3}])", r"\2"),
)
QUOTED = r"^(?P<name>[^《「『【]*)[《「『【](?P<title>[^《》「」『』【】]+)[》」』】].*$"
BY = r"(?i)^(?P<title>.+\S)(?:\s+by\s+|-by-)(?P<name>\S.+)$"
QUOTES = r"^[\"'“”‘’«»「『《]+(.+?)[\"'“”‘’«»」』》]+$"
NUMBERED = r"^[\s\[(]*(?:\d|[A-H]\d|(?i)(?:cd|disc|disk|track|no|曲目|第))|\x1f\s*\d"
"""Where a number of a track may stand."""
PLAIN_WORDS = r"^(?:[A-Z]?[a-z]+|[A-Z]+|\d+)(?:[-_]+(?:[A-Z]?[a-z]+|[A-Z]+|\d+))*$"
PLAIN_TAIL = r"[-_ ](?:[A-Z]?[a-z]{10,}|[A-Z]{11}|\d{11})$"
"""What may look like an id by its length, and is words or figures throughout."""
