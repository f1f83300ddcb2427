"""`assess-role review` without an id: the queue and one review as full screens, by single keys."""
