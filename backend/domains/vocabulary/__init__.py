"""Vocabulary 词表: the estate's own names (buildings, places, devices, technicians) found in a message.

Built from the database by spaCy (``zh`` with jieba) and rebuilt as soon as a name changes, so that a device entered in
the console is understood with the next message.
"""
