"""Words and names from which `identify_data` makes titles and people. None is a real credit."""

# ruff: noqa: E501, SIM905 - word lists read best as running text

from __future__ import annotations

ENGLISH = (
    "love you me my the a in of to heart night baby on and is dont your it i we one time all for day go life like world "
    "girl home way down never good let blue dance song be come back with what no man little know sun moon rain dream "
    "summer city light fire eyes tonight forever away up another sweet lonely tears wish sky river road star angel "
    "boy big true new old lost broken crazy happy sad black white red gold money street train stay run walk talk "
    "hold feel need want gonna cant wont aint got give take make break shake kiss touch goodbye hello again alone "
    "together apart over under beautiful wild young free born die living dancing falling waiting running dreaming "
    "thinking believe remember forget tomorrow yesterday today morning midnight sunday monday friday saturday "
    "christmas winter spring autumn snow wind storm thunder ocean island mountain valley garden rose flower bird "
    "wings shadow mirror window door house king queen devil heaven hell soul body mind hand face smile voice "
    "radio rock roll blues jazz soul groove rhythm beat boogie waltz lullaby symphony serenade ballad echo silence "
    "ghost stranger hero fool rebel gypsy cowboy sailor soldier lady mama papa brother sister child children "
    "california texas memphis georgia paris london tokyo rio havana highway freight bottle whiskey wine coffee "
    "sugar honey candy diamond silver crystal velvet neon electric cosmic satellite rocket planet gravity paradise "
    "secret promise reason season story letter picture memory miracle magic mystery destiny glory mercy grace"
).split()

ROMANCE = (
    "amor corazón vida noche sol luna mi tu el la de en no te quiero por qué contigo canción bésame adiós siempre "
    "cielo mar fuego alma sueño mañana niña señorita je t'aime mon amour la vie été cœur nuit rêve où chanson ciel "
    "étoile toujours Liebe Nacht Herz über für Mädchen schön Träume não saudade coração você manhã"
).split()

HAN_WORDS = (
    "愛情 月亮 思念 心願 回憶 眼淚 夢想 天空 明天 永遠 幸福 寂寞 相思 故鄉 春風 雨夜 等待 溫柔 世界 時間 青春 朋友 "
    "玫瑰 蝴蝶 星星 太陽 海洋 城市 故事 秘密 承諾 離開 再見 想你 愛你 我愛 等你 不要 如果 可以 沒有 一個 一生 今夜 "
    "昨天 花開 落葉 秋天 冬天 夏天 雪花 車站 港口 黃昏 燈火 流浪 漂泊 酒醉 無情 有緣 緣份 情人 知己 少年 姑娘 媽媽 "
    "阿爸 望你 早歸 傷心 心事 手牽手 背影 遠方 方向 自由 孤單 勇敢 驕傲 放手 擁抱 微笑 呼吸 心跳 影子 風箏 煙火 "
    "彩虹 翅膀 浪漫 煙雨 江南 長城 草原 大海 紅塵 滄海 千年 來生 前世 命運 傳說 英雄 江湖 兄弟 山水 明月 桃花 "
    "茉莉 牡丹 梅花 蘭花 咖啡 電話 信箱 火車 飛機 口琴 吉他 鋼琴 舞女 舞伴 歌聲 旋律 搖籃 童年 校園 畢業 同桌"
).split()

HAN_CHARS = (
    "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可里后小心多天"
    "風花雪月山水雲雨夢情愛恨悲歡離合聚散春夏秋冬日夜晨昏紅黃藍綠白黑金銀飛落開謝香甜苦酸淚笑歌舞琴酒茶路橋船"
    "海河江湖城門窗燈火星光影塵土石木林草葉鳥魚馬龍鳳虎兔狗貓手眼眉唇臉髮身魂命緣份思念憶忘記問答聽看走跑停留"
)

SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴徐周葉蘇莊江何呂羅高蕭潘簡朱鍾彭詹胡施沈余盧梁趙顏柯孫魏翁"
GIVEN = (
    "雅婷怡君家豪志明淑芬美玲俊傑宗翰冠宇承恩子涵詩涵佳穎欣怡宜蓁麗華文雄正義國榮金龍秀英玉蘭春嬌天德信宏建志"
    "偉倫靜宜惠敏曉琪語彤品妍柏翰彥廷心怡思妤若曦夢潔浩然晨曦一鳴海波雪梅永康東昇青峰小燕大衛安琪樂天"
)

KANA = (
    "さくら あなた 恋 夢 空 夜 雨 ありがとう さよなら 涙 キミ 僕 私 愛 心 風 花火 夏 冬 春 桜 青い 赤い 星 月 海 街 "
    "メロディー ラブ スター ドリーム ハート メモリー キス ダンス ロック サマー の に へ が と は まで から だけ 君 "
    "いつか きっと ずっと もう一度 明日 今日 昨日 世界 未来 永遠 約束 笑顔 手紙 太陽 虹 翼 道 旅 光 影 声 歌"
).split()

KANA_NAMES = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 松本 井上 木村 清水 林 斎藤 山崎 美咲 陽子 "
    "健太 翔 さくら 葵 直樹 大輔 ひろし まゆみ アキラ ユキ リョウ ケンジ サチコ マリ レイ ハルカ ナナ ミカ"
).split()

HANGUL = (
    "사랑 그대 나의 너를 이별 눈물 하늘 바람 별 달 밤 봄 여름 가을 겨울 꿈 추억 행복 안녕 오늘 내일 어제 비 눈 꽃 길 "
    "노래 친구 마음 시간 영원 약속 기억 그리움 기다림 너에게 나에게 우리 세상 처음 마지막 다시 함께 혼자 좋은 날"
).split()

HANGUL_NAMES = "김 이 박 최 정 강 조 윤 장 임 민준 서연 지훈 수빈 하늘 예은 도윤 지우 현우 유진 성민 보라 은지".split()

FIRST = (
    "James Mary John Linda Robert Susan Michael Karen William Nancy David Lisa Richard Betty Joseph Helen Thomas "
    "Sandra Charles Donna Daniel Carol Matthew Ruth Anthony Sharon Mark Laura Paul Sarah Steven Kim Andrew Jessica "
    "Kenneth Shirley George Cynthia Joshua Angela Kevin Melissa Brian Brenda Edward Amy Ronald Anna Timothy Rebecca "
    "Jason Virginia Jeffrey Kathleen Ryan Pamela Gary Martha Jacob Debra Eric Amanda Stephen Stephanie Jonathan Carolyn "
    "José Björn Zoë François Łukasz Søren Anaïs Günther Dolores Marcel Ines Paolo Chiara Luca Pedro Rosa"
).split()

LAST = (
    "Smith Johnson Brown Jones Miller Davis Garcia Wilson Anderson Taylor Thomas Moore Martin Jackson Thompson White "
    "Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Rivera Campbell "
    "Mitchell Carter Roberts Gomez Phillips Evans Turner Parker Edwards Collins Stewart Morris Murphy Cook Rogers Morgan "
    "Peterson Cooper Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray James Reyes Cruz "
    "Hughes Price Myers Long Foster Sanders Ross Powell Sullivan Russell Ortiz Jenkins Perry Butler Barnes Fisher "
    "Müller Fernández O'Connor Dubois Kowalski Rossi Silva Nilsson Jensen Novák MacDonald DeLuca"
).split()

BANDS = (
    "Lights Wolves Rivers Kings Saints Riders Ghosts Pilots Strangers Lovers Tigers Ravens Sisters Brothers Boys Girls "
    "Machine Orchestra Band Crew Project Collective Avenue Parade Circus Club Express Quartet Trio Sound System"
).split()

LATIN_TAGS = (
    "Live", "Remastered 2009", "2011 Remaster", "Radio Edit", "Karaoke Version", "Instrumental", "Acoustic", "Album Version",
    "Single Version", "Demo", "Official Video", "Extended Mix", "Mono", "Bonus Track", "Lyric Video", "Unplugged", "Clean",
    "Piano Version", "Deluxe Edition", "Remix", "Session", "From the Motion Picture", "Club Mix", "TV Size", "Off Vocal",
)  # fmt: skip
HAN_TAGS = (
    "KTV版", "伴奏", "現場版", "Live版", "粵語版", "國語版", "台語版", "原版", "伴唱", "DJ版", "女聲版", "男聲版", "純音樂", "片尾曲",
    "主題曲", "演唱會版", "吉他版", "鋼琴版", "合唱版", "完整版", "電影主題曲", "翻唱", "卡拉OK", "童聲版", "國", "台", "粵", "Live", "Remix",
    "官方MV", "完整MV", "抖音版", "加速版", "舞曲版", "慢版", "歌詞版", "試聽版", "新版", "男調伴奏", "0.8x", "1.2x",
)  # fmt: skip
LOOKALIKES = (
    "台臺", "裏裡", "為爲", "妳你", "羣群", "峯峰", "綫線", "迴回", "着著", "她他", "底的", "拼拚", "嘸毋", "佇置", "祢你", "牠它", "沈沉", "份分",
    "箇個", "週周", "煙菸", "喫吃", "儘盡", "象像", "做作", "的地", "得的", "那哪", "喲唷", "癡痴", "輓挽", "采彩", "佔占", "豔艷", "曬晒", "雞鷄",
)  # fmt: skip
OWN_TAGS = (" (Live at {})", " - {} Version", " ({} Mix)", " -{} ver.-", " - Album Version ({})")
"""Tags that no list knows, each with a word of its own."""
NOBODY = ("Traditional", "Unknown", "n.a.", "Various Artists", "佚名", "群星", "无", "null")
"""What stands where nobody is named."""
OWN_LANGUAGE = {"zh": 0.88, "en": 1.0, "ja": 0.75, "ko": 0.7}
"""How often a performer's titles are in the performer's language; the others are in English."""
