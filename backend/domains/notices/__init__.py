"""Notices 通知: who is told and over which channel. The words belong to the domain that has something to say."""
