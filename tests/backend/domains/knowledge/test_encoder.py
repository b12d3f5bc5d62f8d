"""The one module with the real encoder: what is meant is found in other words, and what is not there is not."""

import pytest

from backend.domains.knowledge import service
from backend.kit import encoder
from tests.backend.conftest import sqlite_only
from tests.backend.domains.knowledge import making
from tests.backend.domains.knowledge.conftest import Place, index_all
from tests.backend.domains.knowledge.making import FakeEncoder

HANDBOOK = making.markdown(
    "住户手册",
    门禁卡办理和补办="门禁卡每户首次免费领 4 张，之后加办或丢失补办每张 20 元工本费。带身份证到服务中心，10 分钟办好。",
    垃圾分类="生活垃圾分四类，投放时间每天 7:00–9:00、18:00–21:00，投放点在 2 号楼、5 号楼旁。",
    装修施工时间="装修施工时间为周一至周五 8:00–12:00、14:00–18:00，周末和法定节假日不得做有噪声的工序。",
    监控录像查看="公共区域监控录像保存 30 天。本人权益受损需要看的，带身份证到服务中心填申请。",
    不住能不能不交物业费="没有入住也要交物业费，业主不得以没有接受服务为由拒绝支付。",
)


@pytest.fixture
def place_indexed(place: Place, fake: FakeEncoder) -> Place:
    encoder.use(None)
    encoder.get_encoder()
    place.put(HANDBOOK)
    index_all()
    return place


@sqlite_only
class TestRealEncoder:
    def test_meaning(self, place_indexed: Place) -> None:
        assert place_indexed.sections("星期天可以砸墙吗")[0] == "装修施工时间"
        assert place_indexed.sections("我的车被刮了，想看看录像")[0] == "监控录像查看"
        assert place_indexed.sections("你知道附近哪个小学好吗") == []
        assert place_indexed.sections("公积金贷款怎么办") == []
        assert service.embed_some(0) == 0
