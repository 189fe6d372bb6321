"""Real parts for SIP tests: PostgreSQL, the roles, Kamailio and SIPp, on free ports."""
