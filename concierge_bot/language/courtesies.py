"""Courtesies: thanks, greetings and short assents, by which people ask a butler for nothing."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from concierge_bot.language.typed import comparable, normalised

LONGEST = 120
"""A longer text says more than a courtesy."""


class Courtesy(StrEnum):
    """The courtesy that a text without any wish expresses."""

    THANKS = "thanks"
    GREETING = "greeting"
    ASSENT = "assent"


THANKS = (
    *("thank you", "thank u", "thankyou", "thanks", "thank", "thx", "thnx", "tks", "ty", "tysm", "tyvm", "cheers"),
    *("much appreciated", "appreciated", "appreciate it", "appreciate that", "appreciate your help", "grateful"),
    *("you are the best", "you re the best", "well done", "good job", "great job", "excellent service"),
    *("great service", "merci", "merci beaucoup", "danke", "danke schön", "vielen dank", "gracias", "muchas gracias"),
    *("grazie", "obrigado", "obrigada", "arigato", "ありがとう", "ありがとうございます", "감사합니다", "спасибо"),
    *(
        "谢谢",
        "谢谢谢谢",
        "多谢",
        "感谢",
        "太感谢",
        "谢了",
        "谢啦",
        "谢过",
        "谢",
        "辛苦了",
        "辛苦啦",
        "辛苦你了",
        "辛苦您了",
    ),
    *(
        "辛苦你们了",
        "辛苦大家了",
        "您辛苦了",
        "你辛苦了",
        "辛苦",
        "麻烦了",
        "麻烦你了",
        "麻烦您了",
        "麻烦你们了",
        "有劳了",
        "有劳",
    ),
    *("给你们点赞", "点赞", "赞", "给力", "謝謝", "多謝", "感謝", "辛苦晒", "唔該", "唔該晒", "麻煩了", "麻煩您了"),
)
GREETINGS = (
    *("hi", "hello", "hey", "hiya", "hi there", "hello there", "hey there", "good morning", "good afternoon"),
    *("good evening", "good day", "good night", "morning", "afternoon", "evening", "goodnight", "greetings"),
    *("how are you", "how are you doing", "how do you do", "are you there", "anybody there", "anyone there"),
    *(
        "is anybody there",
        "is anyone there",
        "nice to meet you",
        "bye",
        "goodbye",
        "bye bye",
        "see you",
        "see you later",
    ),
    *(
        "see you soon",
        "see you tomorrow",
        "have a nice day",
        "have a good day",
        "have a great day",
        "have a good night",
    ),
    *("have a nice evening", "have a nice weekend", "happy new year", "merry christmas", "happy holidays"),
    *("happy chinese new year", "bonjour", "bonsoir", "guten morgen", "guten tag", "guten abend", "hallo", "hola"),
    *("buongiorno", "ciao", "konnichiwa", "こんにちは", "おはようございます", "안녕하세요", "здравствуйте", "привет"),
    *(
        "您好",
        "你好",
        "你们好",
        "大家好",
        "早",
        "早上好",
        "早安",
        "上午好",
        "中午好",
        "下午好",
        "晚上好",
        "晚安",
        "哈喽",
        "哈啰",
    ),
    *(
        "嗨",
        "嘿",
        "喂",
        "在吗",
        "在么",
        "在不在",
        "有人吗",
        "有人在吗",
        "再见",
        "拜拜",
        "回头见",
        "明天见",
        "新年好",
        "新年快乐",
    ),
    *(
        "春节快乐",
        "中秋快乐",
        "中秋节快乐",
        "国庆快乐",
        "端午安康",
        "节日快乐",
        "周末愉快",
        "圣诞快乐",
        "恭喜发财",
        "万事如意",
    ),
    *("早晨", "您們好", "你們好", "在嗎", "有人嗎", "再見", "新年快樂"),
)
ASSENTS = (
    *("ok", "okay", "okey", "okie", "k", "kk", "alright", "all right", "all good", "fine", "good", "great", "perfect"),
    *("wonderful", "lovely", "excellent", "brilliant", "fantastic", "amazing", "awesome", "super", "nice", "very nice"),
    *("very good", "very well", "sounds good", "sounds great", "that s great", "that s fine", "that s good", "noted"),
    *("that s perfect", "that is great", "that is fine", "got it", "understood", "i see", "will do", "no problem"),
    *("no worries", "never mind", "nevermind", "you re welcome", "you are welcome", "my pleasure", "received", "done"),
    *("it works", "works now", "all done", "all set", "well received"),
    *(
        "好",
        "好的",
        "好滴",
        "好嘞",
        "好吧",
        "好哒",
        "好了",
        "嗯",
        "嗯嗯",
        "哦",
        "噢",
        "行",
        "可以",
        "可以的",
        "没问题",
        "没事",
        "没事了",
    ),
    *(
        "知道了",
        "知道",
        "明白",
        "明白了",
        "了解",
        "收到",
        "太好了",
        "很好",
        "非常好",
        "不错",
        "挺好",
        "挺好的",
        "真棒",
        "太棒了",
        "棒",
    ),
    *(
        "不客气",
        "不用谢",
        "不用了",
        "没关系",
        "完美",
        "满意",
        "很满意",
        "非常满意",
        "没問題",
        "沒問題",
        "沒事",
        "收到了",
        "已收到",
    ),
)
FILLERS = (
    *("so", "very", "much", "so much", "very much", "many", "a lot", "lots", "a million", "a bunch", "again", "indeed"),
    *(
        "really",
        "truly",
        "kindly",
        "all",
        "everyone",
        "everybody",
        "both",
        "team",
        "guys",
        "folks",
        "friend",
        "friends",
    ),
    *(
        "my friend",
        "dear",
        "sir",
        "madam",
        "ma am",
        "concierge",
        "butler",
        "butlers",
        "oh",
        "ah",
        "aw",
        "wow",
        "yes",
        "no",
    ),
    *("yeah", "yep", "i", "we", "you", "u", "it", "am", "are", "for", "for everything", "for all", "for all your help"),
    *("for your help", "for your kind help", "for the help", "for helping", "for helping us", "for helping me"),
    *(
        "for your service",
        "for the service",
        "for your support",
        "for your time",
        "for your reply",
        "for your patience",
    ),
    *(
        "for your kindness",
        "for your assistance",
        "for the quick help",
        "for the quick reply",
        "for the quick response",
    ),
    *("for your quick help", "for your quick reply", "for your quick response", "for coming", "for coming so quickly"),
    *("in advance", "to you", "to you all", "to all", "to everyone", "to the team", "from us", "from all of us", "and"),
    *("to you and the team", "the team", "your team", "your help", "the whole team", "there", "then", "that", "of you"),
    *(
        "啊",
        "呀",
        "啦",
        "了",
        "哦",
        "噢",
        "哈",
        "哈哈",
        "呢",
        "吧",
        "嘛",
        "哟",
        "喔",
        "您",
        "你",
        "您们",
        "你们",
        "大家",
        "各位",
        "我们",
    ),
    *(
        "我",
        "非常",
        "十分",
        "万分",
        "太",
        "真的",
        "真",
        "很",
        "都",
        "也",
        "的",
        "帮忙",
        "帮助",
        "的帮忙",
        "的帮助",
        "的服务",
        "服务",
    ),
    *(
        "的支持",
        "支持",
        "关照",
        "的关照",
        "一下",
        "先",
        "那",
        "就",
        "这么快",
        "师傅",
        "师傅们",
        "管家",
        "经理",
        "小姐",
        "先生",
    ),
    *("女士", "小哥", "小姐姐", "大哥", "大姐", "亲", "们", "團隊", "团队", "您們", "你們"),
)
TIMES_OF_DAY = frozenset({"morning", "afternoon", "evening", "早", "早晨"})
"""Greetings that answer the question at what time."""
DECLINES = frozenset(
    {
        *(
            "no",
            "nope",
            "none",
            "nothing",
            "no thanks",
            "no thank you",
            "not really",
            "nothing else",
            "nothing special",
        ),
        *(
            "no nothing",
            "n a",
            "na",
            "没有",
            "没有了",
            "没",
            "没了",
            "无",
            "不用",
            "不用了",
            "不需要",
            "没什么",
            "没啥",
            "沒有",
            "無",
        ),
        "不必",
    }
)
"""How people say that they have nothing to say to a question that they may skip."""
CONFIRMS = frozenset(
    {
        *(
            "yes",
            "yes please",
            "yes send it",
            "send",
            "send it",
            "please send",
            "please send it",
            "confirm",
            "confirmed",
        ),
        *(
            "go ahead",
            "please do",
            "yep",
            "sure",
            "correct",
            "that s right",
            "right",
            "是",
            "是的",
            "对",
            "对的",
            "发",
            "发送",
        ),
        *("发吧", "发送吧", "提交", "提交吧", "确认", "确定", "请发送", "送出", "發送", "確認"),
    }
)
EMOJI = frozenset("👍👌🙏❤♥🧡💛💚💙💜🤍😊☺🙂😀😁😃😄😅😆😍🥰🤗👏💐🌹🌷🎉✅💯🫶🤝💪😘✨🙌")
JOINED_TO_EMOJI = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff\\s]")
HONORIFIC = re.compile(r".{0,2}(?:师傅|管家|经理|小姐|先生|女士|老师|姐|哥|師傅|管家|經理)")
CALLED = re.compile(r"(?<![.!?。！？])(?<![.!?。！？] )(?<![A-Za-z])([A-Z][a-z]{1,20})\W*$")
SCRIPTS = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])(?=[a-z0-9])|(?<=[a-z0-9])(?=[\u3040-\u30ff\u3400-\u9fff])")
"""Where letters of one script follow those of another without a blank."""
HAN = re.compile(r"[\u3400-\u9fff]")


def of(text: str, names: Collection[str] = ()) -> Courtesy | None:
    """Returns the courtesy of a text that asks for nothing; None where it may say more.

    Args:
        text: the text as written.
        names: single words, comparable, of the names by which the staff may be called.
    """
    if len(text) > LONGEST:
        return None
    if is_emoji(text):
        return Courtesy.THANKS
    kinds, rest = _taken_apart(comparable(text))
    if not kinds or not all(word in names or HONORIFIC.fullmatch(word) or word == _called(text) for word in rest):
        return None
    return next(kind for kind in Courtesy if kind in kinds)


def _called(text: str) -> str | None:
    """Returns the name of the person addressed at the end of a sentence, as in "Thank you, Anna!"."""
    found = CALLED.search(normalised(text))
    return comparable(found[1]) if found else None


def rest_of(text: str) -> list[str]:
    """Returns the words of a courtesy outside its phrases, such as names; empty where it is no courtesy."""
    kinds, rest = _taken_apart(comparable(text)) if len(text) <= LONGEST else (set(), [])
    return rest if kinds else []


def is_time_of_day(text: str) -> bool:
    """Tells whether a greeting may just as well be the answer to the question when."""
    return comparable(text) in TIMES_OF_DAY


def confirms(text: str) -> bool:
    """Tells whether a text says yes to the question whether to send."""
    return comparable(text) in CONFIRMS or of(text) is Courtesy.ASSENT


def declines(text: str) -> bool:
    """Tells whether a text says that there is nothing to say."""
    return comparable(text) in DECLINES


def is_emoji(text: str) -> bool:
    """Tells whether a text consists of friendly emoji only."""
    bare = JOINED_TO_EMOJI.sub("", text)
    return bool(bare) and set(bare) <= EMOJI


def _taken_apart(said: str) -> tuple[set[Courtesy], list[str]]:
    """Returns the courtesies in a text, and the words that belong to none."""
    kinds: set[Courtesy] = set()
    rest: list[str] = []
    for word in _pieces(SCRIPTS.sub(" ", said)):
        kind = MEANING.get(word)
        if kind is not None:
            kinds.add(kind)
        elif word not in FILLER_WORDS:
            rest.append(word)
    return kinds, rest


def _pieces(said: str) -> list[str]:
    """Splits a text into the longest known phrases, and single words."""
    found: list[str] = []
    while said:
        match = KNOWN.match(said) or HAN_KNOWN.match(said) or re.match(r"\S+", said)
        piece = match[0] if match else said
        found.append(piece)
        said = said[len(piece) :].lstrip()
    return found


MEANING: dict[str, Courtesy] = {
    phrase: kind
    for kind, phrases in ((Courtesy.ASSENT, ASSENTS), (Courtesy.GREETING, GREETINGS), (Courtesy.THANKS, THANKS))
    for phrase in phrases
}
FILLER_WORDS = frozenset(FILLERS)


def _any_of(phrases: Collection[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


ALL = frozenset(MEANING) | FILLER_WORDS
KNOWN = re.compile(rf"(?:{_any_of([phrase for phrase in ALL if not HAN.search(phrase)])})(?!\S)")
HAN_KNOWN = re.compile(_any_of([phrase for phrase in ALL if HAN.search(phrase)]))
