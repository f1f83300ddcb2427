"""The ChatModel port and its implementations."""
