"""Phrases of a few words, and where they stand in what people write.

A phrase is words in their order: `…` is a gap of a few words (between Chinese characters: of a few characters), `|`
parts alternatives, `_` joins the words of one alternative, `*` at the end of a word is any ending, and a phrase that
begins with `=` is all that was said up to a comma or full stop. Phrases joined by `+` are one where all of them stand
in the same sentence, in any order. Case, punctuation, emoji and blanks between Chinese characters do not matter;
Chinese is read in both scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from concierge_bot.language.spelling import Spelling
from concierge_bot.language.typed import comparable

GAP, WHOLE, ANY_ENDING, TOGETHER = "…", "=", "*", " + "
GAP_OF_WORDS, GAP_OF_CHARACTERS = 6, 8
ENDS, PAUSES = ".!?;…\n。！？；", ",:()，、：（）"
END, PAUSE = "|", ","
"""How the end of a sentence, and a pause within one, stand in a prepared text."""
HAN = "\u3400-\u9fff"
LETTER = "a-z0-9\u00df-\u024f"
BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")
IS_HAN = re.compile(f"[{HAN}]")
IS_LETTER = re.compile(f"[{LETTER}]")
PARTS = re.compile(f"([{re.escape(ENDS)}])|([{re.escape(PAUSES)}])")
REST_OF_WORD = re.compile(f"[{LETTER}]*")
STARTS = re.compile(f"[{HAN}]|(?<![{LETTER}])[{LETTER}]+")
"""Where a phrase can begin: at each Chinese character, and at each word."""
STEM = 3
"""By so many letters stems are found; shorter ones there are not."""


class PhraseError(ValueError):
    """Raised where a phrase cannot be parsed."""


@dataclass(frozen=True)
class Found:
    """A phrase found in a prepared text: its place, and the entry it was found for."""

    start: int
    end: int
    meaning: str
    part: tuple[int, int, int] | None = None
    """Of a phrase that is only part of several: which these are, which of them it is, and how many there are."""

    def overlaps(self, other: Found) -> bool:
        """Tells whether two phrases share a part."""
        return self.start < other.end and other.start < self.end

    def holds_more_than(self, other: Found) -> bool:
        """Tells whether this phrase holds the whole other one, and more."""
        return self.start <= other.start and other.end <= self.end and self.end - self.start > other.end - other.start


@dataclass(frozen=True)
class _Piece:
    """The alternatives at one place of a phrase, and whether a gap may come before them."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    """Words with any ending."""
    after_gap: bool

    def ends(self, text: str, at: int) -> Iterator[int]:
        """Yields the ends of this piece where it stands at a place of a text."""
        for word in self.words if text.startswith(self.words, at) else ():
            end = at + len(word)
            if text.startswith(word, at) and (IS_HAN.match(word) or not IS_LETTER.match(text, end)):
                yield end
        for stem in self.stems if text.startswith(self.stems, at) else ():
            if text.startswith(stem, at):
                found = REST_OF_WORD.match(text, at + len(stem))
                yield found.end() if found else at + len(stem)


@dataclass(frozen=True)
class _Phrase:
    meaning: str
    part: tuple[int, int, int] | None
    pieces: tuple[_Piece, ...]
    is_whole: bool
    is_han: bool

    def end(self, text: str, at: int, place: int = 0) -> int | None:
        """Returns the end of the phrase, or of its remaining pieces, where they stand at a place of a text."""
        if place == len(self.pieces):
            return at
        for start in self._starts(text, at, place):
            for ended in self.pieces[place].ends(text, start):
                if (found := self.end(text, ended, place + 1)) is not None:
                    return found
        return None

    def _starts(self, text: str, at: int, place: int) -> Iterator[int]:
        """Yields the places where a piece may stand, the nearest first."""
        if place == 0:
            yield at
        elif self.is_han:
            yield from self._after_characters(text, at, GAP_OF_CHARACTERS if self.pieces[place].after_gap else 0)
        else:
            yield from self._after_words(text, at, GAP_OF_WORDS if self.pieces[place].after_gap else 0)

    def _after_characters(self, text: str, at: int, most: int) -> Iterator[int]:
        for start in range(at, min(at + most, len(text)) + 1):
            yield start
            if text[start : start + 1] == END:
                return

    def _after_words(self, text: str, at: int, most: int) -> Iterator[int]:
        for _ in range(most + 1):
            if text[at : at + 1] != " ":
                return
            yield at + 1
            ended = text.find(" ", at + 1)
            if ended < 0 or text[at + 1] == END:
                return
            at = ended


class Phrases:
    """An index of phrases, each with a meaning, by the characters with which they begin."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._by_beginning: dict[str, list[_Phrase]] = {}
        known: set[str] = set()
        written = ((meaning, several) for meaning, said in phrases.items() for several in said)
        for number, (meaning, several) in enumerate(written):
            for phrase in _read(meaning, several.split(TOGETHER), number):
                for beginning in _beginnings(phrase.pieces[0]):
                    self._by_beginning.setdefault(beginning, []).append(phrase)
                known.update(word for piece in phrase.pieces for words in piece.words for word in words.split())
        self._spelling = Spelling(known)

    def prepared(self, text: str) -> str:
        """Prepares a text for the search, with the slips in its words mended."""
        return self._spelling.mended(prepared(text))

    def find(self, text: str) -> Iterator[Found]:
        """Yields each phrase that stands in a prepared text."""
        for start in STARTS.finditer(text):
            at, begun = start.start(), start[0]
            for beginning in _keys(text, at, begun):
                for phrase in self._by_beginning.get(beginning, ()):
                    end = phrase.end(text, at)
                    if end is not None and not (phrase.is_whole and not _is_all(text, at, end)):
                        yield Found(at, end, phrase.meaning, phrase.part)


def prepared(text: str) -> str:
    """Prepares a text for the search: comparable, with a sign for each end of a sentence and pause."""
    pieces = []
    for piece in filter(None, PARTS.split(text)):
        if piece in ENDS:
            pieces.append(END)
        elif piece in PAUSES:
            pieces.append(PAUSE)
        else:
            pieces.append(comparable(piece))
    return BETWEEN_HAN.sub("", " ".join(" ".join(pieces).split())).translate(SIMPLIFIED)


def _is_all(text: str, start: int, end: int) -> bool:
    """Tells whether a phrase fills all between two signs."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    return (not before or before[-1] in (END, PAUSE)) and (not after or after[0] in (END, PAUSE))


def _keys(text: str, at: int, begun: str) -> tuple[str, ...]:
    """Returns the index keys of the phrases that may begin at a place of a text."""
    return (begun, text[at : at + 2]) if IS_HAN.match(begun) else (begun, f"{begun[:STEM]}{ANY_ENDING}")


def _beginnings(piece: _Piece) -> set[str]:
    """Returns the index keys of a beginning: a word, the first letters of a stem, one or two Chinese characters."""
    words = {word[:2] if IS_HAN.match(word) else word.split()[0] for word in piece.words}
    return words | {f"{stem[:STEM]}{ANY_ENDING}" for stem in piece.stems}


def _read(meaning: str, several: list[str], number: int) -> Iterator[_Phrase]:
    """Parses an entry of the catalogue and yields its parts. Raises PhraseError where it cannot be read."""
    for place, written in enumerate(several):
        parts = written.removeprefix(WHOLE).split()
        if not parts or GAP in (parts[0], parts[-1]):
            raise PhraseError(f"{written!r} must begin and end with words")
        pieces = [_piece(part, after_gap=before == GAP) for before, part in pairwise(["", *parts]) if part != GAP]
        is_han = IS_HAN.search(written) is not None
        part_of = (number, place, len(several)) if len(several) > 1 else None
        if any(len(stem) < STEM for stem in pieces[0].stems):
            raise PhraseError(f"{written!r} begins with fewer than {STEM} letters before the {ANY_ENDING}")
        yield _Phrase(meaning, part_of, tuple(pieces), written.startswith(WHOLE), is_han)


def _piece(written: str, *, after_gap: bool) -> _Piece:
    words: list[str] = []
    stems: list[str] = []
    for alternative in written.split("|"):
        word = _word(alternative)
        if not word:
            raise PhraseError(f"{written!r} lacks a word")
        spelled = {word, word.replace(" ", "")}  # "can't" is typed "cant" as well, "break in" "breakin"
        (stems if alternative.endswith(ANY_ENDING) else words).extend(sorted(spelled, reverse=True))
    return _Piece(tuple(words), tuple(stems), after_gap)


def _word(written: str) -> str:
    bare = written.removesuffix(ANY_ENDING)
    return bare if bare.isascii() and bare.isalpha() and bare.islower() else comparable(bare).translate(SIMPLIFIED)


SIMPLIFIED = str.maketrans(
    "丟亂來個們偵傷價兒凍劇劑動勢協厲員問喪單嗆嗎嘔嘩噴嚇嚥嚨嚴圍園團報塊墊墜壓壞夾婦媽寶尋對屍層帳帶幫庫廁廚廣廳"
    "強彈後從悶惡惱愛慘憶應懷戀戶掃換揮搶撐撥撲擊擋擠擰擾攝敗敵斷昇時暈暫會東柵條業極槍樓樣樹橋機檢欄歲歸殺氣決沒"
    "況洩淚測湧湯溫溼滅滲滾滿漢漲潑潔潰澆濃濕濺瀉灑灣災為無煙熱燈燒燙爐爛爺牆狀獨獲獻現環產畫異當瘋療癇癲發盜盡監"
    "盤磚礙禍積窩窺竊筆節範簾籃籠糞紅紙級終組結絕絞統綁綠維緊緒線緩練縫縮總繩繳纜義習聞聯聲職聽肅脅脈脫腦腫腳膠臉"
    "臟臨臺與舊著蒼蕁藍藥處號蟲裏補裝裡複褻襪襲見規視親覺觸訂計訊記設許診試話該認語誤說誰課調談請論謝證識護變讓貓"
    "貝貨買費資賊賣質賴購贏趕趙趨蹤躍車軍軟較載輕輪輸轉辦農這連週進運過達違遠適遲選還邊郵鄰醫釋釘針鈴銀鋼錄錢錯錶"
    "鍋鍵鎖鏡鐘鐵鑰長門閃閉開間閘閥闆闖關陰陳陸陽隊階際隨險雖雙雜雞離難雲電霧靈靜韓響頁頂項順須預頭頻顆題額願類顧"
    "風飄飛飯飲餅養餓館馬駐駕騙騷驗驚驟髒體髮鬆鬥鬧魚鹽麥麵麼黃點齒龍",
    "丢乱来个们侦伤价儿冻剧剂动势协厉员问丧单呛吗呕哗喷吓咽咙严围园团报块垫坠压坏夹妇妈宝寻对尸层账带帮库厕厨广厅"
    "强弹后从闷恶恼爱惨忆应怀恋户扫换挥抢撑拨扑击挡挤拧扰摄败敌断升时晕暂会东栅条业极枪楼样树桥机检栏岁归杀气决没"
    "况泄泪测涌汤温湿灭渗滚满汉涨泼洁溃浇浓湿溅泻洒湾灾为无烟热灯烧烫炉烂爷墙状独获献现环产画异当疯疗痫癫发盗尽监"
    "盘砖碍祸积窝窥窃笔节范帘篮笼粪红纸级终组结绝绞统绑绿维紧绪线缓练缝缩总绳缴缆义习闻联声职听肃胁脉脱脑肿脚胶脸"
    "脏临台与旧着苍荨蓝药处号虫里补装里复亵袜袭见规视亲觉触订计讯记设许诊试话该认语误说谁课调谈请论谢证识护变让猫"
    "贝货买费资贼卖质赖购赢赶赵趋踪跃车军软较载轻轮输转办农这连周进运过达违远适迟选还边邮邻医释钉针铃银钢录钱错表"
    "锅键锁镜钟铁钥长门闪闭开间闸阀板闯关阴陈陆阳队阶际随险虽双杂鸡离难云电雾灵静韩响页顶项顺须预头频颗题额愿类顾"
    "风飘飞饭饮饼养饿馆马驻驾骗骚验惊骤脏体发松斗闹鱼盐麦面么黄点齿龙",
)
"""Of the characters that phrases are likely to hold, those that Hong Kong and Taiwan write otherwise."""
