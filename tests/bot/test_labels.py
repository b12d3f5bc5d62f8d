"""Labels join the training data: what people said last wins, nothing is doubled."""

from pathlib import Path

import pytest
from rasa.shared.utils.io import read_yaml_file

from bot.labels import join, lines_of

DATA = """# a comment
version: "3.1"
intents:
  - greet
  - report_repair
nlu:
  - intent: greet
    examples: |
      - 你好
      - 灯灯灯
  - intent: report_repair
    metadata: { category: lighting, urgency: normal, scope: public }
    examples: |
      - 楼道灯不亮
      - 大堂灯闪
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    (data / "work_order.yml").write_text(DATA, encoding="utf-8")
    return data


def block(intent: str, *texts: str, metadata: str = "") -> str:
    fields = f"    metadata: {{ {metadata} }}\n" if metadata else ""
    return f"  - intent: {intent}\n{fields}    examples: |\n" + "".join(f"      - {t}\n" for t in texts)


def joined(folder: Path, tmp_path: Path, *blocks: str) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """Return text → [(intent, fields)] of the joined data."""
    labels = tmp_path / "labels.yml"
    labels.write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")
    join(folder, labels, tmp_path / "out")
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for path in (tmp_path / "out").glob("*.yml"):
        for one in read_yaml_file(str(path)).get("nlu") or []:
            for text in lines_of(one):
                found.setdefault(text, []).append((one["intent"], dict(one.get("metadata") or {})))
    return found


def test_a_new_sentence_is_added_with_its_fields(folder: Path, tmp_path: Path) -> None:
    fields = "category: noise, urgency: low, scope: public"
    found = joined(folder, tmp_path, block("report_repair", "楼上咚咚响", metadata=fields))
    assert found["楼上咚咚响"] == [("report_repair", {"category": "noise", "urgency": "low", "scope": "public"})]
    assert len(found) == 5


def test_the_label_wins_over_the_data(folder: Path, tmp_path: Path) -> None:
    found = joined(folder, tmp_path, block("chitchat", "灯灯灯"))
    assert found["灯灯灯"] == [("chitchat", {})]
    assert found["你好"] == [("greet", {})]


def test_other_fields_win_as_well(folder: Path, tmp_path: Path) -> None:
    found = joined(folder, tmp_path, block("report_repair", "大堂灯闪", metadata="category: lighting, urgency: high"))
    assert [fields["urgency"] for _, fields in found["大堂灯闪"]] == ["high"]


def test_what_the_data_has_is_not_doubled(folder: Path, tmp_path: Path) -> None:
    found = joined(folder, tmp_path, block("report_repair", "楼道灯不亮"))
    assert found["楼道灯不亮"] == [("report_repair", {"category": "lighting", "urgency": "normal", "scope": "public"})]


def test_a_block_that_loses_all_its_sentences_is_gone_but_the_domain_stays(folder: Path, tmp_path: Path) -> None:
    joined(folder, tmp_path, block("chitchat", "你好", "灯灯灯"))
    content = read_yaml_file(str(tmp_path / "out" / "work_order.yml"))
    assert [one["intent"] for one in content["nlu"]] == ["report_repair"]
    assert content["intents"] == ["greet", "report_repair"]


def test_files_that_need_no_change_are_copied_as_they_are(folder: Path, tmp_path: Path) -> None:
    joined(folder, tmp_path, block("greet", "哈喽"))
    assert (tmp_path / "out" / "work_order.yml").read_text(encoding="utf-8") == DATA
