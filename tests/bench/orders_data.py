"""A company with many orders, laid into PostgreSQL by the server itself: estates, people, orders, words, history.

Shares are those of a company that has worked for three years: 98 % of the orders have ended, the open ones are recent.
"""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from backend.domains.workorders.domain import CATEGORIES

BUILDINGS, UNITS, FLOORS, DOORS = 30, 2, 18, 2
TECHNICIANS = 40
OBJECTS = (
    "水龙头 水管 马桶 下水道 地漏 楼道灯 路灯 车库灯 空调 电梯 电梯按键 门禁 单元门 门锁 窗户 墙面 天花板 插座 开关 配电箱"
    " 网络 摄像头 道闸 树枝 垃圾桶 消防栓 灭火器 热水器 洗手盆 淋浴 防盗门 对讲机 井盖 台阶 扶手 玻璃 阳台 厨房 燃气表 水表"
).split()
TROUBLES = (
    "漏水 滴水 渗水 不亮 一直闪 堵了 坏了 异响 打不开 关不上 松动 脱落 没电 跳闸 有异味 开裂 积水 不制冷 断网 黑屏 卡住"
    " 生锈 掉漆 倒了 没人清 压力低 发热 冒烟 失灵 反水"
).split()
TAILS = (
    "",
    "，麻烦尽快",
    "，昨天开始的",
    "，请师傅来看看",
    "，家里有老人",
    "，晚上更明显",
    "，下班后在家",
    "，已经三天了",
)
PLACES = ("", "楼道", "大堂", "电梯厅", "地下车库A区", "厨房", "卫生间", "阳台", "天台", "东门")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲飞梅鑫波斌莉宇浩凯健俊帆雪琳晨阳子涵梓轩欣怡佳颖建国志"
OPEN_SHARES = (
    ("triaged", 2), ("dispatched", 6), ("accepted", 4), ("on_site", 2), ("finished", 3), ("accepted_by_owner", 1),
    ("suspended", 1), ("reopened", 1),
)  # fmt: skip
ENDED_SHARES = (("closed", 94), ("cancelled", 4), ("merged", 2))
LOADED = ("people", "memberships", "rooms", "work_orders", "work_order_words", "work_order_events")


@dataclass(frozen=True)
class Laid:
    """What was laid: the desk of one estate, the manager of all, the estates' codes."""

    desk_id: int
    region_id: int
    technician_id: int
    owner_id: int
    codes: tuple[str, ...]
    estate_ids: tuple[int, ...]


def _array(words: Any) -> sql.Composed:
    return sql.SQL("ARRAY[{}]::text[]").format(sql.SQL(", ").join(sql.Literal(w) for w in words))


def _pick(words: Any) -> sql.Composed:
    """Return SQL for one of the words, by chance."""
    words = list(words)
    return sql.SQL("({})[1 + floor(random() * {})::int]").format(_array(words), sql.Literal(len(words)))


def _shares(shares: tuple[tuple[str, int], ...]) -> list[str]:
    return [status for status, share in shares for _ in range(share)]


def lay(connection: psycopg.Connection[Any], orders: int, estates: int = 5) -> Laid:
    """Fill a migrated and seeded database."""
    run = connection.execute
    run("SELECT setseed(0.42)")
    run("SET session_replication_role = replica")
    run("SET maintenance_work_mem = '512MB'")
    dropped = run(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisunique",
        [list(LOADED)],
    ).fetchall()
    for name, _ in dropped:
        run(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    laid = _people(connection, estates)
    _orders(connection, orders, laid.estate_ids)
    _words(connection)
    _events(connection)
    for _, definition in dropped:
        run(definition)
    for table in LOADED:
        run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))") if (
            table != "work_order_words"
        ) else None
    run("SET session_replication_role = DEFAULT")
    run("INSERT INTO work_order_counters (prefix, value) SELECT 'B' || chr(64 + n) || to_char(now(), 'YYMM'), %s"
        " FROM generate_series(1, %s) n ON CONFLICT DO NOTHING", [orders, estates])  # fmt: skip
    return laid


def _people(connection: psycopg.Connection[Any], estates: int) -> Laid:
    run = connection.execute
    company = _one(connection, "SELECT min(id) FROM companies")
    codes, ids = [], []
    for n in range(1, estates + 1):
        codes.append(f"bench{n}")
        ids.append(
            _one(
                connection,
                "INSERT INTO communities (company_id, code, name, number_prefix, phone, vocabulary_version)"
                " VALUES (%s, %s, %s, %s, '0755-88880000', 1) RETURNING id",
                [company, f"bench{n}", f"大苑{n}期", f"B{chr(64 + n)}"],
            )
        )
    for here in ids:
        run(
            "INSERT INTO buildings (community_id, number, units, floors, rooms_a_floor)"
            " SELECT %s, n::text, %s, %s, %s FROM generate_series(1, %s) n",
            [here, UNITS, FLOORS, DOORS, BUILDINGS],
        )
        run("INSERT INTO rooms (community_id, building, unit, floor, number)"
            " SELECT %s, b::text, u::text, f::text, f || lpad(d::text, 2, '0')"
            " FROM generate_series(1, %s) b, generate_series(1, %s) u, generate_series(1, %s) f, generate_series(1, %s) d",
            [here, BUILDINGS, UNITS, FLOORS, DOORS])  # fmt: skip
    name = sql.SQL("{} || {} || CASE WHEN random() < 0.6 THEN {} ELSE '' END").format(
        _pick(SURNAMES), _pick(GIVEN), _pick(GIVEN)
    )
    run(
        sql.SQL(
            "INSERT INTO people (username, name, phone, skills, created_at) SELECT 'owner' || r.id, {}, '138' ||"
            " lpad(r.id::text, 8, '0'), '[]', now() FROM rooms r WHERE r.community_id = ANY(%s)"
        ).format(name),
        [ids],
    )
    run(
        "INSERT INTO memberships (person_id, community_id, role, room_id) SELECT p.id, r.community_id, 'owner', r.id"
        " FROM people p JOIN rooms r ON p.username = 'owner' || r.id WHERE r.community_id = ANY(%s)",
        [ids],
    )
    skills = [f'["{a}", "{b}"]' for a in CATEGORIES for b in CATEGORIES if a < b]
    run(sql.SQL(
        "INSERT INTO people (username, name, phone, skills, created_at) SELECT 'tech' || e || '_' || n, {}, '139' ||"
        " lpad((e * 1000 + n)::text, 8, '0'), {}::json, now() FROM unnest(%s::bigint[]) e, generate_series(1, {}) n"
    ).format(name, _pick(skills), sql.Literal(TECHNICIANS)), [ids])  # fmt: skip
    run("INSERT INTO memberships (person_id, community_id, role)"
        " SELECT id, split_part(substr(username, 5), '_', 1)::bigint, 'technician' FROM people"
        " WHERE username LIKE 'tech%%\\_%%'", [])  # fmt: skip
    _person(connection, "benchdesk", "周小敏", "customer_service", ids[0])
    _person(connection, "benchregion", "何大区", "regional", None)
    return known(connection)


def known(connection: psycopg.Connection[Any]) -> Laid:
    """Return what was laid here."""
    estates = connection.execute("SELECT code, id FROM communities WHERE code LIKE 'bench%' ORDER BY id").fetchall()
    first = estates[0][1]

    def person(username: str) -> int:
        return _one(connection, "SELECT min(id) FROM people WHERE username LIKE %s", [username])

    return Laid(
        desk_id=person("benchdesk"),
        region_id=person("benchregion"),
        technician_id=person(f"tech{first}\\_%"),
        owner_id=_one(
            connection, "SELECT min(person_id) FROM memberships WHERE community_id = %s AND role = 'owner'", [first]
        ),
        codes=tuple(str(code) for code, _ in estates),
        estate_ids=tuple(int(i) for _, i in estates),
    )


def _person(connection: psycopg.Connection[Any], username: str, name: str, role: str, estate: int | None) -> int:
    person = _one(
        connection,
        "INSERT INTO people (username, name, skills, created_at) VALUES (%s, %s, '[]', now()) RETURNING id",
        [username, name],
    )
    connection.execute(
        "INSERT INTO memberships (person_id, community_id, role) VALUES (%s, %s, %s)", [person, estate, role]
    )
    return person


def _one(connection: psycopg.Connection[Any], query: str, values: list[Any] | None = None) -> int:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])


def _orders(connection: psycopg.Connection[Any], orders: int, estates: tuple[int, ...]) -> None:
    """Orders are spread over three years; one of the last 4 % is open by half, so 2 % are."""
    run = connection.execute
    run("CREATE TEMP TABLE homes AS SELECT row_number() OVER (ORDER BY r.id) AS n, r.*, m.person_id FROM rooms r"
        " JOIN memberships m ON m.room_id = r.id WHERE r.community_id = ANY(%s)", [list(estates)])  # fmt: skip
    run("CREATE UNIQUE INDEX ON homes (n)")
    run("CREATE TEMP TABLE hands AS SELECT community_id, array_agg(person_id) AS ids FROM memberships"
        " WHERE role = 'technician' GROUP BY community_id")  # fmt: skip
    run("ANALYZE homes")
    homes = _one(connection, "SELECT count(*) FROM homes")
    run(
        sql.SQL(
            """
INSERT INTO work_orders (number, status, category, urgency, urgency_rank, scope, building, unit, floor, room, place,
    room_id, fault, reporter_id, technician_id, promised_at, attachments, source, created_at, updated_at, version,
    community_id)
SELECT 'B' || chr((64 + 1 + h.community_id - {first})::int) || to_char(x.at, 'YYMM') || '-' || lpad(x.n::text, 7, '0'),
    x.status, x.category, x.urgency, x.rank, CASE WHEN x.private THEN 'private' ELSE 'public' END,
    h.building, h.unit, h.floor, CASE WHEN x.private THEN h.number END, nullif(x.place, ''),
    CASE WHEN x.private THEN h.id END, x.place || x.object || x.trouble || x.tail, h.person_id,
    CASE WHEN x.status NOT IN ('triaged', 'cancelled', 'merged') THEN t.ids[1 + floor(x.hand * cardinality(t.ids))::int]
    END, x.at + (ARRAY[interval '30 min', '2 h', '24 h', '72 h'])[1 + x.rank], '[]', x.source, x.at,
    least(x.at + x.hand * interval '3 days', now()), 5, h.community_id
FROM (
    SELECT n, now() - (1 - n::float8 / {orders}) * interval '1095 days' AS at,
        1 + floor(random() * {homes})::int AS home, random() AS hand, random() < 0.6 AS private,
        CASE WHEN n > {orders} * 0.96 AND random() < 0.5 THEN {open} ELSE {ended} END AS status,
        {category} AS category, u.urgency, u.rank, {source} AS source, {place} AS place, {object} AS object,
        {trouble} AS trouble, {tail} AS tail
    FROM generate_series(1, {orders}) n
    CROSS JOIN LATERAL (SELECT (ARRAY[0,1,1,2,2,2,2,2,2,3])[1 + floor(random() * 10 + n * 0)::int] AS rank) r
    CROSS JOIN LATERAL (SELECT r.rank, (ARRAY['emergency','high','normal','low'])[1 + r.rank] AS urgency) u
) x JOIN homes h ON h.n = x.home JOIN hands t ON t.community_id = h.community_id ORDER BY x.n"""
        ).format(
            first=sql.Literal(estates[0]),
            orders=sql.Literal(orders),
            homes=sql.Literal(homes),
            open=_pick(_shares(OPEN_SHARES)),
            ended=_pick(_shares(ENDED_SHARES)),
            category=_pick(CATEGORIES),
            source=_pick(("wechat", "wechat", "wechat", "web", "voice", "staff")),
            place=_pick(PLACES),
            object=_pick(OBJECTS),
            trouble=_pick(TROUBLES),
            tail=_pick(TAILS),
        )
    )
    run("ANALYZE work_orders")


def _words(connection: psycopg.Connection[Any]) -> None:
    """What ``finding`` writes of these orders."""
    connection.execute(
        """
INSERT INTO work_order_words (work_order_id, community_id, words, address)
SELECT o.id, o.community_id, E'\\n' || lower(o.number) || E'\\n' || o.fault || E'\\n' || coalesce(o.place || E'\\n', '') || p.name || E'\\n',
    E'\\n' || o.building || '号楼' || o.unit || '单元' || i.inner || i.place || E'\\n' || o.building || '号楼' || i.inner
    || i.place || E'\\n' || o.unit || '单元' || i.inner || i.place || E'\\n' || i.inner || E'\\n'
    || coalesce(o.place || E'\\n', '')
FROM work_orders o JOIN people p ON p.id = o.reporter_id
CROSS JOIN LATERAL (SELECT coalesce(o.room, o.floor || '层') AS inner, coalesce(o.place, '') AS place) i
ORDER BY o.id"""
    )


def _events(connection: psycopg.Connection[Any]) -> None:
    """Five lines for what has ended, two for what is open."""
    connection.execute(
        """
INSERT INTO work_order_events (work_order_id, community_id, at, actor_id, actor_name, actor_kind, kind, title, text,
    from_status, to_status)
SELECT o.id, o.community_id, o.created_at + s.after * (o.updated_at - o.created_at), o.reporter_id, '业主', 'person',
    s.kind, s.title, CASE s.n WHEN 1 THEN o.fault END, s.was, s.becomes
FROM work_orders o JOIN (VALUES
    (1, 0.0, 'reported', '报修', NULL, 'reported'), (2, 0.01, 'assign', '派单', 'triaged', 'dispatched'),
    (3, 0.5, 'transition', '到场', 'accepted', 'on_site'), (4, 0.8, 'transition', '完工', 'on_site', 'finished'),
    (5, 1.0, 'transition', '结单', 'accepted_by_owner', 'closed')
) s (n, after, kind, title, was, becomes) ON s.n <= 2 OR o.status = 'closed'
ORDER BY o.id, s.n"""
    )
