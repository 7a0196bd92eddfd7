"""The real parts the tests run on: PostgreSQL, a Redis-protocol server, an SMTP sink, granian, Celery, a browser."""
