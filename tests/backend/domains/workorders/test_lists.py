"""What the search of the order list finds."""

import pytest

from tests.backend.support import World


def found(world: World, q: str) -> list[str]:
    answer = world.kefu.get("/work-orders", q=q, limit=200)
    assert answer.status_code == 200, answer.text
    return [o["number"] for o in answer.json()["items"]]


class TestWords:
    def test_who_reported_it(self, world: World) -> None:
        number = world.zhangwei.open_order()["number"]
        other = world.kefu.open_order()["number"]
        mine = found(world, "张伟")
        assert number in mine
        assert other not in mine

    @pytest.mark.parametrize("q", ["3号楼2单元1201", "三号楼二单元1201", "3-2-1201", "1201", "1201室", "三号楼"])
    def test_where_it_is(self, world: World, q: str) -> None:
        number = world.zhangwei.open_order()["number"]
        elsewhere = world.kefu.open_order(
            scope="public", location={"community": "sunshine", "building": "5", "unit": "1", "place": "大堂"}
        )["number"]
        assert number in found(world, q)
        assert elsewhere not in found(world, q)

    def test_a_place_of_a_building(self, world: World) -> None:
        where = {"community": "sunshine", "building": "5", "unit": "1", "place": "大堂"}
        number = world.kefu.open_order(scope="public", location=where)["number"]
        assert number in found(world, "五号楼一单元大堂")

    def test_percent_is_a_letter(self, world: World) -> None:
        number = world.kefu.open_order(fault="湿度到了100%")["number"]
        assert found(world, "0%") == [number]
