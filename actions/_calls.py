"""Calls for somebody and impatience, said of any fault: no part of it. Pure."""

import re
from typing import Any

_CALL = re.compile(
    r"(?:(?:烦|急|气)死(?:人|我)?了[\s,，。!！]*|"
    r"(?:你们)?(?:麻烦|赶紧|赶快|马上|立刻|快点?儿?|尽快|速度)(?:帮我?)?再?(?:叫|派|喊|找|安排|来)(?:一?个|位)?(?:人|师傅|维修工?|电工|水工)"
    r"(?:过?来|上门)?(?:[瞧看修弄查]{1,2}(?:一?下)?)?[啊呀吧呢嘛啦]*)+(?=$|[\s,，。!！])"
)
_NARROW = re.compile(r"(?<=[\u4e00-\u9fff])\s*,\s*(?=[\u4e00-\u9fff])")
_AROUND = " ,，。!！、;；"


def calls(words: str | None) -> bool:
    """Whether the words call for somebody or are impatient."""
    return bool(_CALL.search(words or ""))


def tidy(item: dict[str, Any]) -> dict[str, Any]:
    """Return a reported item whose fault is the fault alone, with Chinese commas; its text stays as it was said."""
    fault = str(item.get("fault") or "")
    made = _NARROW.sub("，", fault)
    if calls(made):
        made = re.sub(r"[\s,，。!！]{2,}", " ", _CALL.sub("", made)).strip(_AROUND)
    return {**item, "fault": made} if made and made != fault else item
