"""The outbox: messages queued in the same transaction as the change they tell of, sent by the worker."""
