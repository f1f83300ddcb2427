"""The review queue in a browser: pages and a JSON interface over the review service."""
