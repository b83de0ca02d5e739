"""Tables of the second noise model: what looks alike, sounds alike, or is read otherwise. Written for it alone."""

# ruff: noqa: E501, SIM905 - tables read best as running text

from __future__ import annotations

SHAPES = (
    "未末 土士 己已 日曰 人入 大太 大犬 千干 于干 天夭 木本 王玉 白百 白自 田由 甲申 戊戌 刀力 目且 折拆 析折 侯候 情晴 思恩 夏复 "
    "雪雷 鳥烏 鳥島 免兔 幻幼 遂逐 愛受 買賣 買貿 今令 冷泠 午牛 失矢 夫失 間問 間聞 開閉 因困 困囚 園圓 圍團 微徵 徒徙 待侍 持待 "
    "住往 佳隹 推堆 唯惟 漢溪 淡談 清請 波坡 河何 海梅 悔海 晚挽 眼眠 根恨 恨很 跟銀 玲鈴 頭題 顏頻 願顧 風鳳 春舂 泰秦 秋秒 和知 "
    "如加 好奴 她地 他地 池他 心必 忘志 念忿 怒恕 感惑 憶億 戀變 燭濁 獨濁 昨作 明朋 暖緩 月用 期朝 朝潮 歌軟 歡觀 權歡 永水 江汀 "
    "紅紡 緣綠 線綠 網綱 結給 終絡 經輕 花化 落洛 夢蒙 薄簿 藍籃 雨兩 雲雪 電雷 露路 青責 靜淨 章童 鄉卿 郎朗 娘狼 酒洒 重童 金全 "
    "門鬥 陽陰 隨墮 難雖 鳴嗚 點默 爱受 梦楚 风凤 问间 闻问 头买 买卖 见贝 华毕 乡多 让认 泪泊 恋变 鸟乌 车东 飞气 无元 万方 开井 "
    "シツ ソン ノソ クワ ロ口 カ力 タ夕 ニ二 エ工 ト卜 ヌス チテ ラヲ ぬめ ねれ わね さき はほ るろ いり うつ たに 오우 어아 으이 리라 시지"
).split()

LATIN_SHAPES = (
    ("rn", "m"), ("m", "rn"), ("l", "1"), ("I", "l"), ("O", "0"), ("o", "0"), ("cl", "d"), ("d", "cl"), ("vv", "w"), ("w", "vv"), ("S", "5"),
    ("B", "8"), ("g", "q"), ("h", "b"), ("ii", "u"), ("li", "h"), ("e", "c"), ("ti", "h"), ("t", "f"), ("u", "ii"), ("nn", "im"), ("a", "o"),
)  # fmt: skip

KEYS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "ol", "a": "qsz", "s": "awdz",
    "d": "sefx", "f": "drgc", "g": "fthv", "h": "gyjb", "j": "hukn", "k": "jilm", "l": "kop", "z": "asx", "x": "zsdc", "c": "xdfv", "v": "cfgb",
    "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip

HEARD = (
    "their there|they're there|night knight|for four|four for|to two|two to|too to|write right|right write|sea see|see sea|your you're|you're your|"
    "one won|won one|son sun|sun son|heart hart|because cause|cause cause|going gonna|gonna going to|wanna want to|want wanna|gotta got to|"
    "eye I|I eye|by buy|buy by|bye by|hear here|here hear|know no|no know|new knew|blue blew|blew blue|red read|road rode|rode road|rain reign|"
    "reign rain|way weigh|wait weight|would wood|wood would|you u|are r|be bee|been bin|through threw|threw through|whole hole|our hour|hour our|"
    "flower flour|peace piece|piece peace|rose rows|tide tied|tears tiers|dear deer|break brake|sail sale|tail tale|tale tail|meet meat|steal steel|"
    "and in|an and|than then|then than|of off|off of|I'm am|it's its|its it's|don't dont|can't can|ain't and|'em them|them 'em|till until|until till|"
    "baby babe|babe baby|lady ladies|love lovin|loving lovin'|lovin' loving|nothing nothin|dancing dancin|running runnin|morning mourning|angel angle|"
    "desert dessert|wear where|where wear|which witch|who's whose|whose who's|light lite|lite light|high hi|hi high|say sey|ride wride|more moor|poor pour|"
    "soul sole|sole soul|idol idle|great grate|die dye|fly fly|stars stairs|world whirled|girl gurl|boys boyz|boyz boys|thing ting|street straight|mama mamma"
).split("|")

SPELT_LIKE = (
    ("ph", "f"), ("ck", "k"), ("tion", "shun"), ("ee", "ea"), ("ea", "ee"), ("ou", "oo"), ("ie", "y"), ("y", "ie"), ("c", "k"), ("k", "c"), ("s", "z"),
    ("z", "s"), ("gh", ""), ("wh", "w"), ("kn", "n"), ("ll", "l"), ("ss", "s"), ("tt", "t"), ("rr", "r"), ("nn", "n"), ("x", "ks"), ("qu", "kw"),
    ("ei", "ie"), ("au", "o"), ("er", "a"), ("th", "d"), ("ai", "ay"), ("oo", "u"),
)  # fmt: skip

CANTONESE = {
    han: spelt
    for group in (
        "陳陈Chan 李Lee 張张Cheung 黃黄王汪Wong 林Lam 劉刘柳Lau 梁Leung 吳吴Ng 何Ho 周Chow 鄭郑Cheng 楊杨Yeung 郭Kwok 許许Hui 謝谢Tse 鍾钟Chung 葉叶Yip "
        "蔡Choi 盧卢羅罗Lo 鄧邓Tang 馮冯Fung 曾Tsang 蕭萧Siu 徐Tsui 馬马Ma 譚谭Tam 關关Kwan 古Koo 莫Mok 容Yung 學学Hok 友Yau 德Tak 華华Wah 富Fu 城成Shing "
        "明Ming 國国Kwok 榮荣永Wing 家Ka 輝辉Fai 文敏Man 偉伟慧Wai 強强Keung 志Chi 豪浩Ho 俊Chun 傑杰Kit 美Mei 玲Ling 芳Fong 麗丽Lai 君均Kwan 詩诗Sze "
        "儀仪兒儿Yee 嘉Ka 欣Yan 祖Cho 健Kin 康Hong 安On 子Tsz 宇Yu 天Tin 龍龙Lung 小Siu 鳳凤Fung 英Ying 蘭兰Lan 珠Chu 寶宝Po 玉Yuk 金Kam 銀银Ngan 雲云Wan "
        "山Shan 水Shui 心Sum 思Sze 愛爱Oi 情Ching 月Yuet 花Fa 夢梦Mung 秋Chau 春Chun 冬Tung 夏Ha 雪Suet 星Sing 光Kwong 海Hoi 江Kong 河Ho 風风Fung 雨Yu "
        "夜Ye 日Yat 年Nin 人Yan 大Tai 中Chung 生Sang 一Yat 二Yee 三Sam 千Chin 百Pak 我Ngo 你Nei 他她Ta 的Dik 不Bat 有Yau 無无Mo 好Ho 如Yu 果Gwo 最Jeui "
        "梅Mui 艷艳Yim 柏Pak 泳Wing 妍Yin 濤涛Tou 麟Lun 鋒锋Fung 廷Ting 霆Ting 菲Fei 琪Ki 倩Sin 怡Yee 衛卫Wai 蘇苏So 阮Yuen 湯汤Tong 溫温Wan 甄Yan 彭Pang "
        "杜To 方Fong 石Shek 袁Yuen 程Ching 顧顾Koo 胡Wu 洪Hung 呂吕Lui 高Ko 姚Yiu 麥麦Mak 余Yu 戴Tai 關关Kwan 雷Lui 卓Cheuk 韋韦Wai 鄺邝Kwong 伍Ng 區区Au 力Lik 宏Wang 俞Yu 孫孙Suen 朱Chu 宋Sung 唐Tong 韓韩Hon 曹Tso 白Pak 江Kong 侯Hau 樂乐Lok 潔洁Kit 婷Ting 佳Kai 雅Nga 琳Lam 穎颖Wing 靜静Ching 峰Fung 超Chiu 凱凯Hoi 軒轩Hin 晴Ching 芬Fan 萍Ping 紅红Hung 青Ching 東东Tung 西Sai 南Nam 北Pak 新Sun"
    ).split()
    for spelt in ["".join(c for c in group if c.isascii())]
    for han in group
    if not han.isascii()
}

ROMAJI = dict(zip(
    "あ い う え お か き く け こ さ し す せ そ た ち つ て と な に ぬ ね の は ひ ふ へ ほ ま み む め も や ゆ よ ら り る れ ろ わ を ん が ぎ ぐ げ ご ざ じ ず ぜ ぞ だ で ど ば び ぶ べ ぼ ぱ ぴ ぷ ぺ ぽ きゃ きゅ きょ しゃ しゅ しょ ちゃ ちゅ ちょ にゃ にゅ にょ ひゃ ひょ みゃ りゃ りゅ りょ ぎゃ ぎょ じゃ じゅ じょ びょ ぴょ ふぁ ふぃ ふぇ ふぉ てぃ でぃ うぃ うぇ ヴ ー".split(),
    "a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo ya yu yo ra ri ru re ro wa o n ga gi gu ge go za ji zu ze zo da de do ba bi bu be bo pa pi pu pe po kya kyu kyo sha shu sho cha chu cho nya nyu nyo hya hyo mya rya ryu ryo gya gyo ja ju jo byo pyo fa fi fe fo ti di wi we vu -".split(),
    strict=True,
))  # fmt: skip

UPLOADS = (
    "【MV】{a}『{t}』Official Music Video",
    "{a} - {t} (Official Video) [HD]",
    "{a} {t} 高音質 歌詞",
    "{t} - {a} (Lyrics)",
    "[Vietsub] {a} - {t}",
    "{a} 《{t}》 官方MV",
    "{a}【{t}】動態歌詞 Lyrics",
    "♪ {t} ♪ {a}",
    "{a} | {t} | Official Audio",
    "{t} / {a} (cover)",
    "{a}「{t}」歌ってみた",
    "《{t}》{a} 完整版 無損音質",
    "{a} ★ {t} ★ 1080p",
    "{t} - {a} 🎤 #karaoke",
    "{a}: {t} | live at the club | 4K",
    "[MV] {a} _ {t}",
    "{t} {a} with lyrics",
    "{a}-{t}【字幕】",
    "{t} ｜ {a} ｜ 華語經典老歌",
)
"""Titles as people upload songs: `{t}` the title, `{a}` the performers."""

SETS = (
    "{n}. {t} ({a} cover)",
    "{n}) {t} [{a}]",
    "{n} - {t} (orig. {a})",
    "#{n} {t} by {a}",
    "{n}、{t}（原唱：{a}）",
    "Encore: {t} ({a})",
    "{t} (in the style of {a})",
    "{t} (originally by {a})",
)
CODES = ("TJ {n} {t}", "{n}_{t}_國", "{t}-{n}", "[{n}]{t}", "{n}{t}(HD)", "K{n} {t}", "{t}(國)-{n}", "{t}|{n}|MTV")
CHANNELS = (
    "{a} Official",
    "{a} - Topic",
    "{a}VEVO",
    "{a} 官方專屬頻道",
    "{a} Fan Club",
    "music4u",
    "老歌回憶錄",
    "KaraokeHits",
    "Various Artists",
    "群星",
    "",
)

NUMERALS = (
    ("II", "2"), ("III", "3"), ("IV", "4"), ("1", "One"), ("2", "Two"), ("2", "II"), ("3", "III"), ("3", "Three"), ("4", "Four"), ("5", "Five"), ("One", "1"),
    ("Two", "2"), ("Three", "3"), ("Four", "4"), ("Five", "5"), ("Seven", "7"), ("Ten", "10"), ("7", "Seven"), ("10", "Ten"), ("First", "1st"), ("Second", "2nd"), ("1st", "First"),
    ("Pt.", "Part"), ("Part", "Pt."), ("No.", "Number"), ("Number", "No."), ("Vol.", "Volume"), ("100", "One Hundred"),
)  # fmt: skip
HAN_NUMERALS = (
    "一1",
    "二2",
    "三3",
    "四4",
    "五5",
    "六6",
    "七7",
    "八8",
    "九9",
    "兩2",
    "两2",
    "1一",
    "2二",
    "3三",
    "0〇",
    "十10",
    "百100",
    "千1000",
)
ANDS = (
    ("&", "and"),
    ("and", "&"),
    ("And", "&"),
    ("and", "n'"),
    ("'n'", "and"),
    ("&", "+"),
    ("與", "&"),
    ("和", "與"),
    ("with", "w/"),
    ("vs.", "x"),
    ("for", "4"),
    ("n'", "and"),
    ("&", "und"),
    ("y", "&"),
)
