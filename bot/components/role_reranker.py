"""Who speaks narrows what is meant: an owner does not accept orders, a technician pays no bill here.

In: `intent_ranking` and metadata["roles"]. Out: the same ranking, intents that the speaker's roles
rule out removed, the rest scaled to sum to 1, the best eight kept. Staff of other roles may mean anything; somebody with
several roles may mean what any of them may; without roles nothing changes. Danger is never ruled out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent_classifier import set_ranking

RANKED = 8

RESIDENTS = frozenset({"owner", "tenant", "resident", "family", "guest"})
TECHNICIANS = frozenset({"technician"})

TECHNICIAN_ONLY = frozenset(
    "list_tasks accept_order decline_order transfer_order arrive_on_site record_parts suspend_order "
    "finish_order complete_inspection record_reading query_alarm ack_alarm".split()
)
MANAGER_ONLY = frozenset({"query_metric", "trigger_plan"})
RESIDENT_ONLY = frozenset(
    "accept_quote decline_quote accept_answer refuse_answer complain urge_work_order cancel_work_order confirm_work_order reject_work_order rate_work_order "
    "query_bill pay_bill dispute_bill request_invoice book_facility book_parking query_booking "
    "cancel_booking invite_visitor open_door register_vehicle apply_renovation join_event".split()
)


def impossible(roles: Iterable[str]) -> frozenset[str]:
    """Return the intents that a speaker with these roles cannot have."""
    held = frozenset(roles)
    if not held or not held <= RESIDENTS | TECHNICIANS:
        return frozenset()
    ruled_out = []
    if held & RESIDENTS:
        ruled_out.append(TECHNICIAN_ONLY | MANAGER_ONLY)
    if held & TECHNICIANS:
        ruled_out.append(RESIDENT_ONLY | MANAGER_ONLY)
    return frozenset.intersection(*ruled_out)


def rerank(ranking: list[dict[str, Any]], roles: Iterable[str]) -> list[tuple[str, float]]:
    """Return (intent, confidence) best first, impossible ones removed."""
    ruled_out = impossible(roles)
    left = [(r["name"], r["confidence"]) for r in ranking if r["name"] not in ruled_out]
    total = sum(confidence for _, confidence in left)
    if total <= 0:
        return []
    return [(name, confidence / total) for name, confidence in left]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RoleReranker(GraphComponent, RasaIntentClassifier):
    """Pipeline step around `rerank`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RoleReranker:
        """Nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Rerank each message that has a ranking and roles."""
        for message in messages:
            roles = (message.get("metadata") or {}).get("roles") or []
            ranking = message.get(INTENT_RANKING_KEY) or []
            if ranking:
                set_ranking(message, rerank(ranking, roles)[:RANKED])
        return messages
