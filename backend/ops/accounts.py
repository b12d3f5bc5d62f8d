"""What a person reads when everything is up: addresses, demo accounts, where the logs are."""

from __future__ import annotations

from backend.ops.config import Config
from backend.ops.console import Board

PAGES = (("业主聊天 owner chat", "/"), ("员工控制台 staff console", "/console"), ("接口文档 API", "/docs"))

DEMO_PASSWORD = "demo1234"
DEMO_ACCOUNTS = (
    ("zhangwei", "业主 owner"),
    ("lishifu", "维修师傅 technician"),
    ("kefu", "客服 customer service"),
    ("jingli", "项目经理 manager"),
    ("admin", "管理员 administrator"),
)


def greet(config: Config, board: Board, took_s: float) -> None:
    """Say that everything is up and how to get in."""
    board.say(f"\n管家已就绪 · ready in {took_s:.1f} s")
    for title, path in PAGES:
        board.say(f"  {config.public_url}{path}  {title}")
    if config.emulates_wechat:
        board.say(f"  {config.emulator_url}/  微信聊天（模拟器） WeChat, emulated")
    if config.demo:
        names = " · ".join(f"{name}（{title}）" for name, title in DEMO_ACCOUNTS)
        board.say(f"  演示账号 demo accounts: {names}")
        board.say(f"  密码 password: {DEMO_PASSWORD}")
    board.say(f"  日志 logs: {config.shown(config.log_dir)}/ · 停止 stop: Ctrl-C\n")
