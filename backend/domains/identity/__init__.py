"""Identity 身份: people, what they are in which estate, log-in.

A person 人 holds memberships 身份: a role in an estate, with a home for owners and tenants, or in the whole company.
"""
