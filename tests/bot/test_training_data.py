"""Every intent of the contract has examples; names agree between files; labels are of the contract."""

from collections import Counter

from conftest import ROOT
from rasa.shared.utils.io import read_yaml_file

from bot.components.zh_normalizer import clean
from bot.evaluate import Row
from bot.importer import join_domain

INTENTS = """
report_repair report_emergency complain accept_answer refuse_answer feedback query_work_order urge_work_order
amend_work_order cancel_work_order confirm_work_order reject_work_order rate_work_order accept_quote decline_quote
query_bill pay_bill dispute_bill request_invoice book_facility
book_parking query_booking cancel_booking invite_visitor open_door register_vehicle apply_renovation
query_announcement join_event ask_faq handoff list_tasks accept_order decline_order transfer_order arrive_on_site
record_parts suspend_order finish_order complete_inspection record_reading query_alarm ack_alarm query_metric
trigger_plan greet goodbye thank affirm deny bot_challenge chitchat out_of_scope
""".split()
CATEGORIES = set(
    "lighting plumbing electrical low_voltage elevator access_security hvac gas fire_safety civil greening cleaning "
    "parking noise pest appliance other".split()
)
FILES = sorted((ROOT / "nlu_data").glob("*.yml"))


def test_every_intent_of_the_contract_has_fifteen_examples(rows: list[Row]) -> None:
    counts = Counter(intent for _, intent, _ in rows)
    assert {name: counts[name] for name in INTENTS if counts[name] < 15} == {}


def test_no_intent_is_outside_the_contract(rows: list[Row]) -> None:
    assert {intent for _, intent, _ in rows} <= set(INTENTS)


def test_repairs_cover_every_category(rows: list[Row]) -> None:
    counts = Counter(fields["category"] for _, intent, fields in rows if intent == "report_repair" and fields)
    assert set(counts) == CATEGORIES
    assert min(counts.values()) >= 10
    assert sum(counts.values()) >= 400


def test_labels_are_those_of_the_contract(rows: list[Row]) -> None:
    for text, _, fields in rows:
        if fields:
            assert fields["category"] in CATEGORIES, text
            assert fields["urgency"] in {"emergency", "high", "normal", "low"}, text
            assert fields.get("scope") in {"private", "public", None}, text


def test_no_text_has_two_intents(rows: list[Row]) -> None:
    by_text: dict[str, set[str]] = {}
    for text, intent, _ in rows:
        by_text.setdefault(clean(text), set()).add(intent)
    assert {text: names for text, names in by_text.items() if len(names) > 1} == {}


def test_every_rule_names_known_intents_and_actions() -> None:
    domain = join_domain([ROOT / "bot" / "domain.yml", *FILES])
    actions = {*domain["actions"], *domain["responses"], *domain["forms"]}
    for path in FILES:
        for rule in read_yaml_file(str(path)).get("rules") or []:
            for step in rule["steps"]:
                assert step.get("intent") in {None, *domain["intents"]}, rule["rule"]
                name = step.get("action", "action_listen")
                built_in = name in {"action_listen", "action_deactivate_loop", "action_two_stage_fallback"}
                assert built_in or name in actions, rule["rule"]


def test_every_intent_has_a_rule() -> None:
    ruled = {
        step["intent"]
        for path in FILES
        for rule in read_yaml_file(str(path)).get("rules") or []
        for step in rule["steps"]
        if "intent" in step
    }
    assert set(INTENTS) - ruled == set()
