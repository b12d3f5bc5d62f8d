"""What can go wrong with targets and the calendar."""

from backend.kit.problems import Forbidden


class CompanyWide(Forbidden):
    """The defaults and the calendar are the same for every estate."""

    type, title = "/problems/company-wide", "For the whole company"
    default_detail = "放假安排和全公司的时限要由区域经理或管理员来改；您可以改自己小区的时限。"
