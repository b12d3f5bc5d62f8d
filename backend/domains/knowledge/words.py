"""How people say what documents write: everyday words beside the formal ones, and what a kind of question looks for. Pure.

A table of the trade, the same for every estate. ``formal("电瓶车能上楼吗")`` is 「电动自行车能上楼吗」.
"""

import re

_SAID: dict[str, str] = {
    # vehicles
    "电动自行车": "小电驴 电驴 电瓶车 电动车 电单车 电摩 两轮电车",
    "电池": "电瓶",
    "新能源车": "电车 电动汽车 电轿车",
    "私家充电桩": "家用充电桩 私人充电桩 自家充电桩",
    "临时停车": "临停",
    "车位月租": "包月停车 包月 月卡 月保 租车位 长租",
    "产权车位": "买断的车位 买的车位 自己的车位 私家车位",
    "车牌": "牌照 车牌号",
    "违规停车": "乱停车 堵车位 占车位 挡路",
    # money
    "违约金": "滞纳金 罚金 罚钱 罚款 利息",
    "欠费": "欠钱 欠着钱 拖欠",
    "缴费": "交钱 付钱 付款 交费 把钱交",
    "发票": "开票 票据 报销",
    "维修资金": "维修基金 大修基金 公维金 房屋养老金",
    "押金": "保证金",
    "退还": "拿回来 退给我 返还 退回来",
    "减免": "照顾 优惠 打折 少收 便宜点",
    "空置": "没人住 没住人 不住 没有人住 屋里没人 空着 闲置",
    "困难家庭": "低保户 吃低保 贫困 残疾",
    "公共收益": "广告费 广告收入 公共收入",
    "公摊": "分摊",
    # building work
    "装修": "翻新 动工 搞装潢 装潢",
    "施工": "电钻 打钻 电锤 冲击钻 敲墙 敲打 砸墙 打墙 干活",
    "承重墙": "剪力墙 主墙",
    "拆改": "打掉 敲掉 砸掉 拆掉 打通",
    "装修垃圾": "建筑垃圾 碎砖 水泥块 砖头 碎水泥 渣土 余泥",
    "延期": "宽限 延长 拖几天",
    "报备": "备案",
    "封阳台": "包阳台 阳台包 阳台封",
    "空调外机": "空调室外机 外挂机 室外机 主机",
    "闭水试验": "放水试 试水 蓄水",
    "防盗网": "防护网 防盗窗 护栏网 铁栏杆",
    # homes and neighbours
    "租户": "房客 租客 租房的",
    "出租": "租出去 租给",
    "群租": "隔断 隔成 隔间",
    "过户": "换成我的名字 名字换成 更名 改名",
    "保修": "质保 包修",
    "漏水": "渗水 滴水 漏下来 漏到 渗漏",
    "楼上楼下": "天花板",
    "犬": "狗 狗狗 小狗 金毛 泰迪 柴犬 哈士奇",
    "牵引绳": "拴绳 狗绳 绳子 牵绳",
    "宠物": "猫 小动物",
    "家禽": "鸡 鸭 鹅 鸽子 兔子",
    "高空抛物": "往下扔 往楼下扔 扔下来 楼上扔 砸到人",
    "噪音": "吵 太吵 噪声 卡拉OK 卡拉ok 唱歌 音响 扰民",
    "广场舞": "跳舞 大妈跳舞 坝坝舞",
    "晾晒": "晒被子 晒衣服 晒衣 晾衣服 晾被子 外面晒",
    "种菜": "栽葱 种葱 种点 栽点 开荒",
    "绿地": "空地 草坪 花坛",
    "烟花爆竹": "鞭炮 放炮 挂鞭 放鞭 烟花 爆竹",
    "民宿": "短租 日租 酒店",
    "儿童游乐设施": "滑梯 秋千 滑滑梯 游乐场 儿童乐园",
    "调解": "评评理 评理 说和",
    "纠纷": "闹别扭 吵架 矛盾",
    "丢失": "掉了 丢了 弄丢 不见了 丢掉",
    # rubbish, parcels, moving
    "厨余垃圾": "剩饭 剩菜 剩饭剩菜 湿垃圾 果皮 菜叶",
    "有害垃圾": "过期药 感冒药 旧电池 废灯管",
    "大件垃圾": "旧沙发 旧床垫 床垫 旧家具 旧柜子 沙发",
    "快递": "包裹 快件 邮包",
    "外卖": "送餐",
    "搬家": "搬走 搬进来 搬出去 搬东西",
    "货车": "卡车 大车",
    # doors and people
    "门禁卡": "门卡 刷门的 刷门卡 钥匙卡 门禁扣 开门卡 蓝牙卡",
    "补办": "补一张 重办 再弄一个 再办一张 补卡 补一个",
    "人脸": "录脸 刷脸 脸部",
    "访客": "客人 朋友来 亲戚来 亲戚 有人来看我 来客",
    "大门": "院门 大铁门",
    "服务中心": "办公室 前台 客服中心 服务处 管理处 物业处",
    "接待时间": "上班时间 营业时间 上班 下班",
    "夜间值班": "后半夜 半夜 夜里",
    "监控录像": "录像 监控 摄像头 探头 调监控",
    "投诉": "不服气 告你们 举报 意见",
    "证明": "开个条 开证明",
    # machines, water, power
    "二次供水": "水箱 蓄水池",
    "维保": "保养 检修 年检",
    "困人": "卡在电梯 卡在轿厢 困在 关在电梯 卡电梯",
    "停电": "断电 没电 跳闸 拉电",
    "停水": "断水 没水",
    "电费": "电钱 度电 用电",
    "水费": "水钱 用水",
    "燃气": "煤气 天然气 臭鸡蛋味 瓦斯",
    "火灾": "着火 起火 失火",
    "疏通": "通下水 通马桶 堵了",
    "灯泡": "灯管",
    "羽毛球场": "打羽毛球 羽毛球 打球 球场",
    "健身房": "跑步机 器械 举铁 健身",
    "会议室": "开会的屋子 开会的地方 会议厅",
    "取消预约": "不去了 退订 不订了",
    "预约": "占个场 订场 预订",
    # owners together
    "业主大会": "业主会 开业主",
    "表决": "投票 同意才能",
    "业主委员会": "业委会",
    "聘换物业": "换掉物业 换物业 炒掉物业 赶走物业",
    "信息公开": "账目 账本 明细公布 查账",
    # time
    "周日": "礼拜天 礼拜日 星期天 星期日",
    "周六": "礼拜六 星期六",
    "周末": "双休日 双休",
}
"""Formal word → everyday words for it."""

_TO_FORMAL = {said: formal for formal, many in _SAID.items() for said in many.split()}
_EVERYDAY = re.compile("|".join(sorted((re.escape(w) for w in {*_TO_FORMAL, *_SAID}), key=len, reverse=True)))


def formal(text: str) -> str:
    """Return the text with everyday words replaced by those that documents use."""
    return _EVERYDAY.sub(lambda found: _TO_FORMAL.get(found[0], found[0]), text)


LOOKS_FOR: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "#money",
        re.compile("多少钱|几块|几元|要钱|收钱|收费|免费|花多少|收多少|多少一|怎么算钱|贵|费用|价"),
        re.compile("元|免费|不收"),
    ),
    (
        "#clock",
        re.compile("几点|什么时候|啥时候|时间|早上|晚上|中午|上班|下班|开门|关门"),
        re.compile(r"\d{1,2}:\d{2}"),
    ),
    (
        "#span",
        re.compile("多久|几天|多少天|多长|几个月|几年|最晚|什么时候|啥时候|几号"),
        re.compile(r"\d+\s?(?:天|个工作日|小时|分钟|个月|年|日)"),
    ),
    ("#phone", re.compile("电话|号码|热线|怎么联系"), re.compile(r"\d{3,4}-\d{7,8}|\b1[12]\d{1}\b|\b9\d{4}\b")),
    ("#papers", re.compile("材料|资料|带什么|手续|要什么证|准备什么"), re.compile("身份证|不动产|合同|证明")),
    ("#may", re.compile("可以|能不能|能.*吗|行不行|行吗|允许|让不让|让.*吗"), re.compile("不得|不许|禁止|可以|不要")),
)
"""Kinds of question: a name, how one asks so, and what an answer to it contains."""


def kinds_asked(question: str) -> list[str]:
    """Return the kinds of a question."""
    return [name for name, asked, _ in LOOKS_FOR if asked.search(question)]


def kinds_answered(text: str) -> list[str]:
    """Return the kinds of question that a passage could answer."""
    return [name for name, _, answered in LOOKS_FOR if answered.search(text)]
