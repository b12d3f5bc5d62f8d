"""Labels as training data: rendered for a training, merged into the right block for a review."""

import subprocess
from pathlib import Path

import pytest
import yaml

from backend.domains.training.domain import Label
from backend.domains.training.rasa_yaml import by_example, example, merge, patch, render

COMMON = """# 招呼
version: "3.1"

intents:
  - greet
  - deny

nlu:
  - intent: greet
    examples: |
      - 你好
      - 在吗
  - intent: deny
    examples: |
      - 不用了
"""
WORK = """version: "3.1"
intents:
  - report_repair # 报修
  - rate_work_order
nlu:
  - intent: report_repair
    metadata: { category: lighting, urgency: normal, scope: public }
    examples: |
      - 楼道灯不亮
      - 大堂灯闪

  - intent: report_repair
    metadata: { category: noise, urgency: normal, scope: public }
    examples: |
      - 楼上咚咚响
rules:
  - rule: report
    steps:
      - intent: report_repair
"""
FILES = {"_common.yml": COMMON, "work_order.yml": WORK}
LIGHT = Label("report_repair", "lighting", "normal", "public")


def meanings(files: dict[str, str]) -> dict[str, list[tuple[str, dict[str, str]]]]:
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for text in files.values():
        for block in yaml.safe_load(text).get("nlu") or []:
            for line in block["examples"].splitlines():
                found.setdefault(line.removeprefix("- "), []).append((block["intent"], block.get("metadata") or {}))
    return found


class TestExample:
    def test_marks_are_filled_and_spaces_are_one(self) -> None:
        assert example("  我是〔姓名〕\n灯 坏了 ") == "我是李明 灯 坏了"

    def test_what_rasa_reads_as_an_entity_does_not_look_like_one(self) -> None:
        assert example("[灯](device)坏了{x}") == "【灯】(device)坏了｛x｝"

    @pytest.mark.parametrize("text", ["", "   ", "/greet", "长" * 301])
    def test_nothing_to_learn(self, text: str) -> None:
        assert by_example([(text, LIGHT)]) == {}

    def test_the_latest_word_counts(self) -> None:
        assert by_example([("灯坏了", Label("greet")), ("灯坏了", LIGHT)]) == {"灯坏了": LIGHT}


class TestRender:
    def test_a_block_for_each_meaning_that_yaml_can_read(self) -> None:
        made = {"灯坏了": LIGHT, "灯不亮: 快": LIGHT, "- 你好 #1": Label("greet")}
        assert meanings({"labels": render(made)}) == {
            "灯坏了": [("report_repair", LIGHT.fields)],
            "灯不亮: 快": [("report_repair", LIGHT.fields)],
            "- 你好 #1": [("greet", {})],
        }

    def test_no_labels_are_an_empty_file(self) -> None:
        assert render({}) == ""


class TestMerge:
    def test_it_goes_into_the_block_of_the_same_meaning_and_nothing_else_changes(self) -> None:
        [(name, text)] = merge(FILES, {"单元门灯坏": LIGHT}).items()
        assert name == "work_order.yml"
        assert text == WORK.replace("      - 大堂灯闪\n", "      - 大堂灯闪\n      - 单元门灯坏\n")

    def test_a_new_meaning_gets_a_block_beside_its_relatives(self) -> None:
        label = Label("report_repair", "lighting", "high", "public")
        text = merge(FILES, {"灯泡炸了": label})["work_order.yml"]
        assert meanings({"x": text})["灯泡炸了"] == [("report_repair", label.fields)]
        assert text.index("灯泡炸了") < text.index("楼上咚咚响")

    def test_an_intent_without_examples_goes_where_it_is_declared(self) -> None:
        text = merge(FILES, {"五星": Label("rate_work_order")})["work_order.yml"]
        assert meanings({"x": text})["五星"] == [("rate_work_order", {})]
        assert yaml.safe_load(text)["rules"] == yaml.safe_load(WORK)["rules"]

    def test_the_label_wins_over_the_data(self) -> None:
        found = meanings({**FILES, **merge(FILES, {"在吗": Label("deny"), "楼上咚咚响": LIGHT})})
        assert found["在吗"] == [("deny", {})]
        assert found["楼上咚咚响"] == [("report_repair", LIGHT.fields)]

    def test_an_emptied_block_goes(self) -> None:
        text = merge(FILES, {"不用了": Label("greet")})["_common.yml"]
        assert [block["intent"] for block in yaml.safe_load(text)["nlu"]] == ["greet"]

    def test_what_the_data_has_already_changes_nothing(self) -> None:
        assert merge(FILES, {"楼道灯不亮": LIGHT, "你好": Label("greet"), "大堂灯闪": Label("report_repair")}) == {}

    def test_merging_twice_is_merging_once(self) -> None:
        labels = {"单元门灯坏": LIGHT, "在吗": Label("deny"), "五星": Label("rate_work_order")}
        once = {**FILES, **merge(FILES, labels)}
        assert merge(once, labels) == {}


def test_the_patch_applies(tmp_path: Path) -> None:
    folder = tmp_path / "nlu_data"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    after = merge(FILES, {"单元门灯坏": LIGHT, "在吗": Label("deny")})
    (tmp_path / "labels.patch").write_text(patch(FILES, after, "nlu_data"), encoding="utf-8")
    subprocess.run(["git", "apply", "labels.patch"], cwd=tmp_path, check=True)
    assert {name: (folder / name).read_text(encoding="utf-8") for name in after} == after
