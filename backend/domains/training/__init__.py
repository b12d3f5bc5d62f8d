"""Training 训练: what the bot got wrong, what people say it should have been, and the models that learn from it.

sample: waiting 待标注 → labelled 已标注 | skipped 不用; each can be undone.
run:    queued → snapshot → training → scoring → ready | refused | failed; ready → promoted → superseded ⇄ promoted.
model:  kept | in_use | gone (its file was tidied away). ``var/models/current`` says which one is in use.
The worker gathers samples from messages and from the audit log, trains in a process of its own and scores the new model
beside the one in use (``pipeline``); ``gate`` decides whether it may be promoted (ADR 0014).
"""
