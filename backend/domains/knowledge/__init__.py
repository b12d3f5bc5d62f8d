"""Knowledge 知识库: the documents of an estate, cut into sections, and the passages that answer a question.

A document: uploaded 等待索引 → indexing 正在索引 → ready 可用; failed 索引失败 on the way, and uploaded again by 「重新索引」.
Its sections answer by their words from the first second; the API adds their meaning (vectors) later, section by section.
"""
