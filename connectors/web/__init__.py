"""The web channel: built pages and the way from the public port to the backend."""
