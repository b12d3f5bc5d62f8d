"""Channels 渠道: which account of a channel (a WeChat openid) is which person, and the way out to it.

An account is bound by a phone number, a one-time code sent to it, and the home: bound → unbound → bound again.
Conversations hear what comes in and decide what goes out; this package knows neither orders nor words of the bot.
"""
