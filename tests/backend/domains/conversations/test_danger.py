"""Which words mean danger now, and which only sound like it."""

import pytest

from backend.domains.conversations.danger import DANGERS, find

DANGER: dict[str, str] = {
    "电梯里有人被困了": "trapped",
    "开关一按手麻了一下": "shock",
    "热水器一开就有怪味，头有点晕": "gas",
    "我被困在电梯里了": "trapped",
    "电梯门打不开，人在里面": "trapped",
    "救命电梯关着我们出不来": "trapped",
    "孩子卡在电梯里了": "trapped",
    "2号梯困人": "trapped",
    "楼道着火了": "fire",
    "我家厨房起火了": "fire",
    "配电箱在冒黑烟": "fire",
    "电动车烧起来了": "fire",
    "隔壁冒浓烟": "fire",
    "车库失火快来人": "fire",
    "充电器炸了": "fire",
    "插座那儿一股焦糊味": "sparks",
    "插座发烫有胶皮糊味": "sparks",
    "卧室插座有股烧焦的味道": "fire",
    "配电箱里面打火花": "sparks",
    "电表箱噼里啪啦响还有火花": "sparks",
    "家里煤气味好大": "gas",
    "闻到一股天然气味": "gas",
    "燃气泄漏了": "gas",
    "煤气中毒了快来": "gas",
    "厨房漏煤气": "gas",
    "有人触电了": "shock",
    "我刚被电到了": "shock",
    "热水器漏电把人电倒了": "shock",
    "电线断了掉在路上": "shock",
    "水管爆了": "burst",
    "家里爆管水喷出来了": "burst",
    "地下车库被淹了": "burst",
    "楼下有人晕倒了": "injury",
    "老人昏过去了没有呼吸": "injury",
    "有孩子掉池里了": "injury",
    "有人要跳楼": "injury",
    "有人倒在地上": "injury",
    "有人拿刀闹事": "violence",
    "楼下打起来了": "violence",
    "有人撬门进来了": "violence",
    "快报警": "violence",
    "帮我报警，楼下有人闹事": "violence",
}

CALM = [
    "洗衣机一脱水地板都震麻了吗",
    "热水器坏了，洗了个冷水澡",
    "现在有什么报警",
    "2号梯报警是怎么回事",
    "有没有未处理的报警",
    "报警收到，我去处理",
    "现在水泵房还在报警",
    "锅烧糊了已经灭了",
    "锅烧糊了一屋子糊味",
    "插座松了插不紧",
    "消防演习什么时候",
    "电梯里有人抽烟",
    "燃气灶打不着火",
    "电梯坏了",
    "电梯异响",
    "楼下的灯坏了",
    "燃气费怎么交",
    "什么时候开通燃气",
    "昨天电梯困人处理了吗",
    "灭火器过期了",
    "消防通道被堵了",
    "水龙头滴水",
    "水管漏水",
    "家里没电了",
    "邻居在阳台抽烟",
    "小区能不能烧烤",
    "如果着火了怎么办",
    "煤气报警器没电了",
    "业委会有消防讲座吗",
    "电瓶车进楼有火灾隐患",
    "天然气年检通知",
    "楼上太吵了",
    "之前水管爆了，想问赔偿",
    "",
]


class TestFind:
    @pytest.mark.parametrize(("words", "kind"), DANGER.items())
    def test_present_danger_is_seen(self, words: str, kind: str) -> None:
        found = find(words)
        assert found is not None
        assert found.kind == kind

    @pytest.mark.parametrize("words", CALM)
    def test_what_only_sounds_like_it_is_not(self, words: str) -> None:
        assert find(words) is None

    def test_old_words_do_not_hide_a_present_danger(self) -> None:
        found = find("上次演习，这次是真着火了，快来")
        assert found is not None

    def test_every_kind_says_what_to_do_and_whom_to_call(self) -> None:
        assert all(len(d.lines) == 3 and d.phones for d in DANGERS)
