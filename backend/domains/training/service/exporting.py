"""Give the labels away: as changes of the training data that a review can read, in one zip."""

import io
import zipfile
from collections.abc import Mapping

from sqlalchemy.orm import Session

from backend.domains.training import rasa_yaml, repository
from backend.domains.training.domain import Label, label_of
from backend.domains.training.errors import NothingToLearn
from backend.settings import get_settings

FOLDER = "nlu_data"
README = """标注导出

labels.patch   在项目根目录执行 git apply labels.patch，再像别的改动一样提交、评审
nlu_data/      改好的整份文件，内容与补丁相同
labels.yml     只有标注本身，Rasa 的格式

电话、姓名、房号等已换成虚构的内容。合入以后，训练会发现这些句子已经在数据里，不会重复。
"""


def labels_now(session: Session) -> dict[str, Label]:
    """Return every label as example → label; the latest label of the same words wins."""
    rows = repository.labelled(session)
    return rasa_yaml.by_example([(row.text, label_of(row.label)) for row in rows if row.label])


def training_files() -> dict[str, str]:
    """Return the training data of the project, name → text."""
    folder = get_settings().from_root(get_settings().training_data)
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))}


def export(session: Session) -> bytes:
    """Return the zip. Raises NothingToLearn when there is no label."""
    labels = labels_now(session)
    if not labels:
        raise NothingToLearn("还没有标注，没有可以导出的内容。")
    before = training_files()
    after = rasa_yaml.merge(before, labels)
    return _zip(
        {
            "README.txt": README,
            "labels.patch": rasa_yaml.patch(before, after, FOLDER),
            "labels.yml": rasa_yaml.render(labels),
            **{f"{FOLDER}/{name}": text for name, text in after.items()},
        }
    )


def _zip(files: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()
