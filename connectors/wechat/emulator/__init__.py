"""An emulator of the WeChat platform, for people without an account: its API with its error codes, and a page to chat from.

Its encryption is wechatpy's own, not the one of the callback. Demo runs start it; it is no part of a real installation.
"""
