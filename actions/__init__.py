"""The action server: what the bot does. Reads the message, calls the backend as the speaker, chooses words; stores nothing."""
