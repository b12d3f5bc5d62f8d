"""Problems of identity."""

from backend.kit.problems import Problem, TooManyRequests


class WrongCredentials(Problem):
    """The username or the password is wrong; which one is not said."""

    status, type, title = 401, "/problems/wrong-credentials", "Wrong credentials"
    default_detail = "用户名或密码不对，请再试一次。"


class TooManyFailures(TooManyRequests):
    """Somebody is guessing."""

    type, title = "/problems/too-many-failures", "Too many failed log-ins"
    default_detail = "输错次数太多，请过几分钟再试，或联系客服重置密码。"
