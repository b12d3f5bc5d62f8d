"""Problems of training."""

from backend.kit.problems import Conflict, NotFound


class NoSuchSample(NotFound):
    """No sample with this id."""

    type, title = "/problems/no-such-sample", "No such sample"
    default_detail = "没有找到这条消息，可能已经被清理。"


class NoSuchRun(NotFound):
    """No run with this id."""

    type, title = "/problems/no-such-run", "No such training run"
    default_detail = "没有找到这次训练。"


class NoSuchModel(NotFound):
    """No model with this id."""

    type, title = "/problems/no-such-model", "No such model"
    default_detail = "没有找到这个模型。"


class AlreadyTraining(Conflict):
    """One training at a time, whoever starts it."""

    type, title = "/problems/already-training", "Already training"
    default_detail = "已经有一次训练在进行，等它结束再开始。"


class AlreadySwitching(Conflict):
    """One change of the model at a time."""

    type, title = "/problems/already-switching", "Already switching"
    default_detail = "正在切换模型，请稍等几秒再试。"


class NothingToLearn(Conflict):
    """No label at all."""

    type, title = "/problems/nothing-to-learn", "Nothing to learn"
    default_detail = "还没有标注，训练出来会和现在一样。请先在「待标注」里标几条。"


class NotPromotable(Conflict):
    """The gate refused it, it is not ready, or it was compared with a model that is no longer in use."""

    type, title = "/problems/not-promotable", "Not promotable"
    default_detail = "这次训练的模型不能启用。"


class ModelGone(Conflict):
    """Its file has been tidied away."""

    type, title = "/problems/model-gone", "Model gone"
    default_detail = "这个模型的文件已经清理掉了，不能再用。"
