"""What lies in the store of a demo estate, and a price list. Prices are invented."""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.domains.stock import repository
from backend.domains.stock.domain import HOUR, IN, LABOUR, MILLI, SERVICE
from backend.domains.stock.models import PriceItem, StockBalance, StockItem, StockMovement
from backend.kit import clock

DEMO_NOTE = "演示价格，请按本项目公示的价目修改"
OPENING = "期初库存"

# code, name, what technicians say, unit, price in fen, on hand, minimum
ITEMS: tuple[tuple[str, str, tuple[str, ...], str, int, int, int], ...] = (
    ("DG-001", "LED灯泡9W", ("灯泡", "LED灯泡", "节能灯泡"), "个", 1200, 60, 20),
    ("DG-002", "LED灯管18W", ("灯管", "日光灯管"), "支", 1800, 40, 10),
    ("DG-003", "声控感应灯", ("声控灯", "感应灯", "楼道灯"), "个", 3500, 20, 6),
    ("DG-004", "吸顶灯24W", ("吸顶灯",), "个", 5800, 8, 3),
    ("DQ-001", "五孔插座", ("插座", "插座面板"), "个", 1500, 40, 10),
    ("DQ-002", "单开开关", ("开关", "开关面板", "墙壁开关"), "个", 1200, 40, 10),
    ("DQ-003", "空气开关2P 32A", ("空开", "空气开关", "断路器"), "个", 3800, 12, 4),
    ("DQ-004", "漏电保护器2P 40A", ("漏保", "漏电保护器"), "个", 6800, 8, 3),
    ("DQ-005", "铜芯线2.5平方", ("电线", "铜线"), "米", 350, 300, 50),
    ("DQ-006", "电工胶布", ("胶布", "绝缘胶布"), "卷", 300, 50, 10),
    ("SN-001", "角阀DN15", ("角阀", "三角阀"), "个", 2500, 30, 8),
    ("SN-002", "生料带", ("生胶带", "水胶布"), "卷", 200, 80, 20),
    ("SN-003", "不锈钢软管50cm", ("软管", "上水软管", "波纹管"), "根", 1800, 30, 8),
    ("SN-004", "面盆水龙头", ("水龙头", "龙头"), "个", 8800, 10, 3),
    ("SN-005", "厨房水龙头", ("菜盆龙头", "厨房龙头"), "个", 12800, 8, 2),
    ("SN-006", "马桶水箱配件", ("水箱配件", "马桶配件", "进水阀"), "套", 4500, 12, 4),
    ("SN-007", "下水管", ("下水器", "排水管"), "根", 2200, 15, 5),
    ("SN-008", "花洒软管1.5m", ("花洒管", "淋浴软管"), "根", 2500, 10, 3),
    ("SN-009", "地漏芯", ("地漏", "防臭芯"), "个", 1600, 20, 5),
    ("SN-010", "PPR水管20", ("水管", "PPR管"), "米", 800, 60, 20),
    ("SN-011", "玻璃胶", ("密封胶", "结构胶"), "支", 1500, 24, 6),
    ("MC-001", "C级锁芯", ("锁芯", "门锁芯"), "个", 12000, 6, 2),
    ("MC-002", "门合页", ("合页", "铰链"), "个", 800, 40, 10),
    ("MC-003", "闭门器", ("闭门器弹簧",), "个", 9500, 6, 2),
    ("MC-004", "膨胀螺丝M8", ("膨胀螺丝", "膨胀螺栓"), "个", 100, 200, 50),
    ("RD-001", "五号电池", ("5号电池", "电池"), "节", 250, 60, 20),
)

# code, name, category, kind, unit, labour in fen
PRICES: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("GS", "维修工时", "综合", LABOUR, HOUR, 8000),
    ("RG-01", "换水龙头", "给排水", LABOUR, "个", 4000),
    ("RG-02", "换角阀或软管", "给排水", LABOUR, "个", 3000),
    ("RG-03", "换马桶水箱配件", "给排水", LABOUR, "套", 5000),
    ("RG-04", "换开关插座", "强电", LABOUR, "个", 2000),
    ("RG-05", "换灯泡灯管", "照明", LABOUR, "个", 1500),
    ("RG-06", "换吸顶灯", "照明", LABOUR, "个", 4000),
    ("RG-07", "换空气开关", "强电", LABOUR, "个", 5000),
    ("RG-08", "换锁芯", "门窗", LABOUR, "个", 6000),
    ("RG-09", "换合页", "门窗", LABOUR, "扇", 3500),
    ("RG-10", "打胶", "门窗", LABOUR, "米", 1000),
    ("RG-11", "墙面打孔挂件", "综合", LABOUR, "处", 1500),
    ("FW-01", "疏通下水", "给排水", SERVICE, "次", 8000),
    ("FW-02", "疏通马桶", "给排水", SERVICE, "次", 10000),
    ("FW-03", "开锁", "门窗", SERVICE, "次", 12000),
    ("FW-04", "查漏水", "给排水", SERVICE, "次", 15000),
    ("FW-05", "查线路短路", "强电", SERVICE, "次", 10000),
    ("FW-06", "清洗空调滤网", "空调", SERVICE, "台", 6000),
    ("FW-07", "上门检测", "综合", SERVICE, "次", 3000),
)


def seed(session: Session, community_id: int) -> None:
    """Fill the store and the price list of an estate that has none. System work."""
    here, moment = {"community_id": community_id}, clock.now()
    if not repository.count(session, community_id):
        session.execute(insert(StockItem), [_item(row) | here | {"created_at": moment} for row in ITEMS])
        ids = {
            code: item.id for code, item in repository.by_codes(session, community_id, [i[0] for i in ITEMS]).items()
        }
        opening = [(ids[row[0]], row[5] * MILLI) for row in ITEMS]
        balances = [here | {"item_id": i, "on_hand_milli": there, "low_told": False} for i, there in opening]
        session.execute(insert(StockBalance), balances)
        lines = [here | {"item_id": i, "change_milli": there, "balance_milli": there} for i, there in opening]
        common: dict[str, Any] = {"kind": IN, "reason": OPENING, "by_name": "系统", "at": moment}
        session.execute(insert(StockMovement), [line | common for line in lines])
    if not repository.prices(session, community_id, None, True):
        session.execute(insert(PriceItem), [_price(row) | here | {"updated_at": moment} for row in PRICES])


def _item(row: tuple[str, str, tuple[str, ...], str, int, int, int]) -> dict[str, Any]:
    code, name, aliases, unit, price_fen, _, minimum = row
    return {
        "code": code,
        "name": name,
        "aliases": list(aliases),
        "unit": unit,
        "price_fen": price_fen,
        "minimum_milli": minimum * MILLI,
        "active": True,
    }


def _price(row: tuple[str, str, str, str, str, int]) -> dict[str, Any]:
    code, name, category, kind, unit, labour_fen = row
    return {
        "code": code,
        "name": name,
        "category": category,
        "kind": kind,
        "unit": unit,
        "labour_fen": labour_fen,
        "note": DEMO_NOTE,
        "active": True,
    }
