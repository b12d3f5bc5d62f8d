"""Our own parts of the Rasa pipeline, one class a file, plus the plain functions that they share.

Order in `bot/config.yml`: ZhNormalizer → IntentClassifier → AnswerDetector → RoleReranker →
EntityExtractor → OrderFields → Rasa's FallbackClassifier.
"""
