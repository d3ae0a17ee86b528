"""The database: SQLite, PostgreSQL, and the TinyDB notebook and studio."""
