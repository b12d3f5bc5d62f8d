"""Clean Chinese chat text without moving a character.

In: the message's text. Out: `message.get("clean")`, of the same length, so that offsets found in one
are right in the other: full-width forms become half-width, Latin letters small, frequent traditional
characters simplified, line breaks and odd spaces blanks.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

CLEAN = "clean"

_TRADITIONAL = "電燈樓單號門壞漏熱間麼們這裡裏沒來過請師傅維幫報對開關車庫費繳發單據還說話時間無聲廳廁級場應該點讓給嗎訂預約業戶問題線網絡視頻衛"
_SIMPLIFIED = "电灯楼单号门坏漏热间么们这里里没来过请师傅维帮报对开关车库费缴发单据还说话时间无声厅厕级场应该点让给吗订预约业户问题线网络视频卫"
_ONE_TO_ONE = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
_ONE_TO_ONE.update({"—": "-", "–": "-", "－": "-", "~": "-", "～": "-", "〇": "零", "壹": "一", "贰": "二", "叁": "三"})


def clean(text: str) -> str:
    """Return `text` in its normal form; the length stays."""
    return "".join(_clean_char(char) for char in text)


def _clean_char(char: str) -> str:
    if char in _ONE_TO_ONE:
        return _ONE_TO_ONE[char]
    if char.isspace() or unicodedata.category(char) in ("Cc", "Cf"):
        return " "
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) == 1 else char


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ZhNormalizer(GraphComponent):
    """Pipeline step around `clean`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ZhNormalizer:
        """Nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `clean` on each message that has text."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(CLEAN, clean(text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Do the same to the training examples."""
        self.process(training_data.training_examples)
        return training_data
