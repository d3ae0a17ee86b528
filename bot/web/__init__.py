"""The aiohttp server: every URL, authentication, answers."""
