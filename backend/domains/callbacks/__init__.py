"""Call-backs 回访: somebody calls the owner after a bad rating, or to ask how it went.

    open 待回访 ── reached ──▶ done 已回访
      │                         ▲
      └─ nobody answers ─▶ unreachable 未接通 ── tried again ─┘   (after the third time nobody tries any more)

What a call-back is about is named by (subject_type, subject_id) and a label; this domain knows no orders. What is not
done in time is told to the manager, once.
"""
