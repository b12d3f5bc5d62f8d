"""The same fault again 重复报修: how alike two reports are, and which pairs people said are not the same.

Knows reports only as facts that it is given (``domain.Fault``) and vectors of their words; orders belong to ``workorders``.
"""
