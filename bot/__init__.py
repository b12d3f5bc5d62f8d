"""Guanjia's understanding and dialogue: a Rasa 3.6 process (Python 3.10).

Nothing outside this package may depend on Rasa's shapes; the door is `bot.channel` (HTTP).
"""
