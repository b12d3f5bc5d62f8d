"""Conversations 会话: the inbox every message lands in first, who answers it, and what was said.

inbox row: received → answering → answered | handed_over | failed; taken up again after a crash (``tasks``).
Who answers: a person while they have the conversation, the danger layer at once, else the bot.
"""
