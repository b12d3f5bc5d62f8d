"""Equipment 设备: the ledger of what can break, and which one the words of a report mean."""
