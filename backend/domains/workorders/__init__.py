"""Work orders 工单: from a report to a finished, accepted, rated job.

reported 已报修 → triaged 已受理 → dispatched 已派单 → accepted 已接单 → on_site 处理中 → finished 待验收
        → accepted_by_owner 已验收 → closed 已完成
beside the way: suspended 挂起 · reopened 返修 · cancelled 已取消 · merged 已合并. The moves are ``domain.MOVES``.
"""
