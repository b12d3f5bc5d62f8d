"""Personal data taken out of what people said, for those who label it and for the training data. Pure.

Each piece becomes a mark, 〔手机〕, so that nothing of it is left; before training a mark is filled with an invented value
of the same shape, so that the model still sees what people really write. Rather one number too many than one too few:
a number of three or four digits is a room unless what stands around it says otherwise.
"""

import re
from collections.abc import Collection

ID_CARD, PHONE, PLATE, ROOM, NAME, MAIL, ACCOUNT = (
    "〔证件〕",
    "〔电话〕",
    "〔车牌〕",
    "〔房号〕",
    "〔姓名〕",
    "〔邮箱〕",
    "〔账号〕",
)
INVENTED: dict[str, str] = {
    ID_CARD: "110101199001010000",
    PHONE: "13800000000",
    PLATE: "粤A12345",
    ROOM: "101",
    NAME: "李明",
    MAIL: "liming@example.com",
    ACCOUNT: "6200000000000000",
}
_MARK = re.compile("|".join(map(re.escape, INVENTED)))

_D = "0-9０-９"
_N = "零〇一二三四五六七八九十两幺"
_PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"[\s\-—－.·]?"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), MAIL),
    (re.compile(rf"(?<![{_D}A-Za-z])[1-9１-９][{_D}]{{16}}[{_D}Xxｘ](?![{_D}A-Za-z])"), ID_CARD),
    (re.compile(rf"(?<![{_D}])(?:\+?86{_GAP})?[1１][3-9３-９][{_D}](?:{_GAP}[{_D}]){{8}}(?![{_D}])"), PHONE),
    (re.compile(rf"(?<![{_D}])0[{_D}]{{2,3}}[\s\-—－]?[{_D}]{{7,8}}(?![{_D}])"), PHONE),
    (
        re.compile(rf"(?:电话|手机|微信|号码|打给?|联系)(?:号码?|是|为|[:：\s])*(?<![{_D}])([{_D}]{{7,10}})(?![{_D}])"),
        PHONE,
    ),
    (re.compile(rf"[1幺一][{_N}]{{10}}(?![{_N}])"), PHONE),
    (
        re.compile(
            rf"[{_PLACES}]\s?[A-Za-zＡ-Ｚ]{_GAP}(?=[A-Za-z{_D}]*[{_D}])[A-Za-z{_D}]{{4,6}}[挂学警港澳]?(?![A-Za-z{_D}])"
        ),
        PLATE,
    ),
    (re.compile(rf"(?:车牌|车号|牌照)(?:号码?|是|为|[:：\s])*([A-Za-z{_D}]{{4,7}})(?![A-Za-z{_D}])"), PLATE),
    (re.compile(rf"(?<![A-Za-z{_D}-])[{_D}]{{11,30}}(?![{_D}])"), ACCOUNT),
    (re.compile(rf"(?:身份证|证件|护照)(?:号码?|是|为|[:：\s])*([A-Za-z{_D}]{{6,18}})"), ID_CARD),
)

_NOT_ROOM_BEFORE = r"(?:SH|第|[¥￥$]|读数|度数|示数|用水|用电|水表|电表|气表|表[底码]|编号|工号|型号|频道|密码|[A-Za-z]|[0-9０-９.:：/\-—－])"
_NOT_ROOM_AFTER = (
    r"(?:[0-9０-９.:：/]|[A-Za-z%％℃°]|-[0-9]|号楼|号梯|栋|幢|座|单元|号门|号机|元|块|毛|分钱?|度|吨|方|立方|平|米|公里|"
    r"个|次|条|天|年|月|日|点|时|小时|秒|人|户人|岁|斤|瓦|伏|兆|号线|路|万|千|多|来)"
)
_SERVICE = frozenset(
    {"110", "119", "120", "122", "114", "12345", "400", "800", "100", "200", "300", "500", "1000", "2000"}
)
_ROOM = re.compile(rf"([{_D}]{{3,4}})(?!{_NOT_ROOM_AFTER})")
_BEFORE = re.compile(rf"{_NOT_ROOM_BEFORE}\s?$")
_ROOM_SAID = re.compile(rf"[{_D}]{{3,4}}(?=\s?(?:室|房|户(?!人)|号房|住户|业主|租户|家))")
_ROOM_DASHED = re.compile(
    rf"(?<![{_D}A-Za-z-])([{_D}]{{1,2}}\s?[-—－#＃]\s?(?:[{_D}]{{1,2}}\s?[-—－#＃]\s?)?)([{_D}]{{3,4}})(?![{_D}-])"
)
_ROOM_CHINESE = re.compile(
    rf"(?:(?<=单元)|(?<=号楼)|(?<=栋)|(?<=幢)|(?<=座))[{_N}]{{3,4}}(?![{_N}]|楼|层|单元)|[{_N}]{{3,5}}(?=室|房)"
)
_ROOM_OF_FLOOR = re.compile(rf"(?<=[楼层])(?:[零〇][{_N}]|0[{_D}])(?=室|房|户|的|$|[\s,，。])")

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任"
    "袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴宋庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓郁单洪包"
    "左石崔吉龚程邢裴陆荣翁荀惠甄曲封芮靳段侯全班秋仲伊宫宁仇甘祖武符刘景詹束龙叶司黎乔苍双闻莘党翟谭姬申冉桑牛边燕尚农温庄"
    "晏柴瞿阎慕连习艾容向古易廖终居衡步耿满弘匡文寇广欧沃越隆师巩聂晁勾敖融冷辛那简饶曾沙丰关查游权盖益桓公"
)
_INTRODUCED = re.compile(
    rf"(?:我叫|我是|名字叫|姓名[:：是]?|名叫|联系人[:：是]?|业主是|户主是|租客是|本人|户主|业主|租客|师傅)\s?([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
    r"(?=[，。,.！!？?；;\s的]|$|住|家|在|电话|手机|〔|[0-9])"
)
_NOT_A_NAME = frozenset(
    "物业 业主 租客 管家 师傅 房东 楼上 楼下 那个 这个 和家 应该 任何 管理 单元 路过 时候 万一 关于 全家 全部 平时 成天 "
    "高层 包租 明天 安全 方便".split()
)
_TITLED = re.compile(
    rf"([{_SURNAMES}])(?=(?:先生|女士|小姐|太太|老师|总|阿姨|大爷|大妈|叔叔?|奶奶|爷爷|哥|姐)(?!妹|夫))"
)


def mask(text: str, names: Collection[str] = ()) -> str:
    """Return the text without phones, ID cards, plates, rooms, mail addresses, accounts, and the given people's names."""
    for name in sorted({n.strip() for n in names if len(n.strip()) >= 2}, key=len, reverse=True):
        text = text.replace(name, NAME)
    for pattern, mark in _RULES:
        text = pattern.sub(lambda found, mark=mark: _put(found, mark), text)  # type: ignore[misc]
    text = _INTRODUCED.sub(lambda found: found.group(0) if found.group(1) in _NOT_A_NAME else _put(found, NAME), text)
    text = _TITLED.sub("某", text)
    return _mask_rooms(text)


def _put(found: re.Match[str], mark: str) -> str:
    """Replace the group, or the whole match when there is no group."""
    if not found.re.groups:
        return mark
    whole, start = found.group(0), found.start()
    return whole[: found.start(1) - start] + mark + whole[found.end(1) - start :]


def _mask_rooms(text: str) -> str:
    text = _ROOM_DASHED.sub(lambda found: found.group(1) + ROOM, text)
    text = _ROOM_SAID.sub(ROOM, text)
    text = _ROOM_CHINESE.sub(ROOM, text)
    text = _ROOM_OF_FLOOR.sub(ROOM, text)
    return _ROOM.sub(lambda found: _maybe_room(text, found), text)


def _maybe_room(text: str, found: re.Match[str]) -> str:
    number = found.group(1)
    if number in _SERVICE or _BEFORE.search(text[: found.start()]):
        return number
    return ROOM


def fill(text: str) -> str:
    """Return the text with an invented value in the place of each mark."""
    return _MARK.sub(lambda found: INVENTED[found.group(0)], text)
