"""Staffing 人员: people as the desk sees them, with what they have in hand."""
