"""The door: who is let in, what goes out."""

from bot.channel import authorized, fold, understood


class TestAuthorized:
    def test_right_token(self) -> None:
        assert authorized("Bearer secret", "secret")

    def test_others_stay_out(self) -> None:
        for header in (None, "", "secret", "Bearer ", "Bearer wrong", "Basic secret"):
            assert not authorized(header, "secret")

    def test_empty_token_lets_nobody_in(self) -> None:
        assert not authorized("Bearer ", "")


class TestFold:
    def test_text_and_card_become_one_reply(self) -> None:
        card = {"type": "work_order"}
        assert fold([{"text": "好"}, {"custom": {"card": card}}]) == [{"text": "好", "card": card}]

    def test_two_texts_stay_two(self) -> None:
        assert [reply["text"] for reply in fold([{"text": "一"}, {"text": "二"}])] == ["一", "二"]

    def test_buttons_keep_title_and_payload_only(self) -> None:
        button = {"title": "是", "payload": "/affirm", "type": "postback"}
        assert fold([{"text": "对吗", "buttons": [button]}])[0]["buttons"] == [{"title": "是", "payload": "/affirm"}]

    def test_card_alone_has_empty_text(self) -> None:
        assert fold([{"custom": {"card": {"type": "x"}}}]) == [{"card": {"type": "x"}, "text": ""}]


def test_understood_keeps_five_and_hides_the_rest() -> None:
    parsed = {
        "intent": {"name": "greet", "confidence": 0.91234},
        "intent_ranking": [{"name": str(i), "confidence": 0.1} for i in range(9)],
        "entities": [{"entity": "room", "value": "1201", "start": 0, "end": 4, "extractor": "x"}],
    }
    nlu = understood(parsed)
    assert nlu["intent"] == {"name": "greet", "confidence": 0.9123}
    assert len(nlu["intent_ranking"]) == 5
    assert nlu["entities"] == [{"entity": "room", "value": "1201", "start": 0, "end": 4}]
    assert nlu["items"] == []
    assert nlu["model"] is None


def test_understood_names_the_model() -> None:
    assert understood({}, "fbd17ddc16647df2")["model"] == "fbd17ddc16647df2"
