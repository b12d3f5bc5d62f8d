"""Audit 审计: what the audit log (``kit.audit``) says, for those who may read it."""
