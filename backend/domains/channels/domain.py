"""Words and shapes of channels. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

WECHAT = "wechat"
CHANNEL_TITLES: dict[str, str] = {WECHAT: "微信"}


class Kind(StrEnum):
    """What somebody did in a channel."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    LOCATION = "location"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    TAP = "tap"
    SCAN = "scan"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What came in over a channel. ``external_id`` is the same in every try to deliver it."""

    channel: str
    channel_user: str
    external_id: str
    kind: Kind
    text: str = ""
    media_id: str = ""
    key: str = ""
    lat: float | None = None
    lng: float | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message to a phone, to be sent once the transaction has been committed."""

    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is answered without the bot. None: nothing is said."""

    text: str | None
    sms: Sms | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be done within a window."""

    by: str
    most: int
    window_s: int


CODE_LIMITS: tuple[Limit, ...] = (Limit("account", 5, 3600), Limit("phone", 5, 3600), Limit("phone-day", 10, 86400))

TAPS: dict[str, str] = {
    "REPAIR": "我要报修",
    "PROGRESS": "我的工单到哪一步了",
    "BILL": "查一下物业费",
    "PEOPLE": "转人工",
    "NEWS": "最近有什么通知",
}
"""Key of a menu button → what it says for the person who taps it."""
BIND_TAP = "BIND"

PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
CODE_AND_HOME = re.compile(r"^\D{0,8}(\d{6})(?!\d)[\s,，:：。]*(.*)$", re.S)
SCENE = re.compile(r"[A-Za-z0-9_-]{8,64}")

UNBIND_WORDS = frozenset({"解绑", "解除绑定", "取消绑定", "我要解绑"})
UNBIND_SURE = "确认解绑"
BIND_WORDS = frozenset({"绑定", "我要绑定", "绑定房号", "绑定房屋"})

HOW_TO_BIND = "先绑定您的房屋：把在物业登记的手机号发给我，我发一条短信验证码，您回复「验证码 房号」就好。"
WELCOME = "您好，我是物业管家。报修、查进度、缴费、问事情，用一句话告诉我就行。\n" + HOW_TO_BIND
WELCOME_BACK = "{name}，欢迎回来。有事用一句话告诉我就行，例如「厨房漏水」。"
NOT_BOUND = (
    "我还不知道您住哪一户。" + HOW_TO_BIND + "\n公共区域的问题，扫一扫设备或楼道里的二维码就能报；"
    "有人被困、受伤或着火，直接说是哪个小区、几号楼、什么事，我马上通知值班。"
)
CODE_SENT = (
    "如果 {phone} 在物业登记过，验证码已经发到这个手机，{minutes} 分钟内有效。\n"
    "收到后请回复：验证码 房号，例如「123456 3号楼2单元1201」。"
)
TOO_MANY_CODES = "验证码发得太多了，请过一小时再试，或者到物业前台、打客服电话办理绑定。"
NO_SMS = "短信通道还没有开通，请到物业前台或打客服电话办理绑定。"
SMS_TEXT = "【物业管家】绑定验证码 {code}，{minutes} 分钟内有效。不是您本人操作请忽略，不要告诉别人。"
NO_CODE = "没有等着核对的验证码，可能已经过期。" + HOW_TO_BIND
HOME_WANTED = "还差房号。请回复：验证码 房号，例如「123456 3号楼2单元1201」。"
WRONG_CODE = "验证码或房号对不上，请核对后再发一次（还可以试 {left} 次）。房号请写全，例如「123456 3号楼2单元1201」。"
NO_TRIES_LEFT = "试的次数太多，这个验证码作废了。请重新发一次手机号，或者打客服电话办理。"
BOUND = "绑定好了，{name}，{home}。以后报修、查进度、缴费，直接在这里说。要解除请说「解绑」。"
ALREADY_BOUND = "已经绑定为 {name}。要换一户请先说「解绑」。"
ASK_UNBIND = "解绑后，这个微信收不到工单和通知，报修也要重新绑定。确定请回复「确认解绑」。"
UNBOUND = "已解绑。以后想用再把手机号发给我。"
SCANNED = "点这里查看或报修：{url}"
NO_SUCH_TAP = "这个菜单我还不会办，您用一句话告诉我就行。"
NOT_HEARD = "这条语音我没听清，请再说一遍，或者打字告诉我。"
CANNOT_READ = "这种消息我还看不了，请用文字、语音或图片告诉我。"
PICTURE_LOST = "图片没有收到，请再发一次。"
FAR_AWAY = "这个位置不在我们的小区里。请告诉我几号楼、哪里，例如「3号楼大堂」。"
HERE = "我在{place}"
NEAR_M = 800.0
"""Farther from every building and gate than this is not in the estate."""

NO_LONGER_BOUND = "对方已解绑"
NO_LONGER_FOLLOWS = "对方已取消关注公众号"
