"""What a problem of the backend sounds like: one table from problem type to Chinese. Raw errors are never shown."""

import logging

from actions._client import BackendError

logger = logging.getLogger(__name__)

FAILED = "这一步没办成，我已经转给客服，请稍等。"

REPLY_FOR: dict[str, str] = {
    "/problems/not-logged-in": "刚才耽搁得久了点，这一步没赶上。请您再说一次。",
    "/problems/invalid-input": "这句话我没能登记上，请换个说法再说一次。",
    "/problems/too-many-requests": "您说得有点快，请稍等一下再发。",
}
"""Where the backend's own words do not suit a conversation."""


def reply_for(error: BackendError) -> str | None:
    """Return what to say, None when only customer service can help."""
    if error.type in REPLY_FOR:
        return REPLY_FOR[error.type]
    if 400 <= error.status < 500 and error.detail:
        return error.detail
    logger.error("backend failed: %s, trace %s", error, error.trace_id)
    return None
