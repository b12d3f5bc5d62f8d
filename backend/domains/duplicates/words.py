"""The words of a fault without its address and without the speaker: what is embedded and compared. Pure."""

import re

from backend.domains.estate import service as estate

_ADDRESS = re.compile(
    r"\d{1,2}-\d{1,2}(?:-\d{3,4})?的?|\d{3,4}(?:室|号房|房|户)的?|[Bb负]\d[层楼]?"
    r"|(?:\d{1,2}(?:号楼|栋|幢|座|单元|楼|层))+的?|[A-Da-d]区|地下(?:车库|停车场)|地库|车库|停车场"
    r"|[东西南北]大?门(?:口|那里|那儿|那边|那)?|羽毛球[场馆]|健身房里?|会议室里?|儿童(?:乐园|区)|游乐[区场]"
    r"|花园里?|园区里?|水泵房|配电[房室]|垃圾(?:站|点|房)(?:那儿|那里|旁边|边)?|充电棚|车棚|天台|楼顶"
    r"|大堂里?|大厅里?|楼道里?|走廊里?|过道里?|走道里?|楼梯间|电梯(?:[厅口]|里[面头]?的?)|单元楼?门口|楼门口"
    r"|(?:单元)?楼(?:底?下|底)|我们?这?层|单元(?!门)"
)
_SPEAKER = re.compile(
    r"(?:你好|您好|喂|麻烦|请问|请|师傅|物业|管家|谢谢|在吗|帮忙|赶紧|快点?)(?:你们|一下|啊|呀)?|[我咱俺你](?:们|家)?(?:这?[栋边里个])?的?"
)
_GAP = re.compile(r"[\s，,。.！!？?、；;：:…~～—-]+")
SHORTEST = 2


def fault_words(text: str) -> str:
    """Return what is wrong, without where and without courtesies; the text itself when nothing else is in it."""
    plain = estate.normalise(text)
    left = _SPEAKER.sub(" ", _ADDRESS.sub(" ", plain))
    left = _GAP.sub(" ", left).strip(" 的那")
    return left if len(left) >= SHORTEST else _GAP.sub(" ", plain).strip()
