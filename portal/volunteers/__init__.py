"""The person: who they are, how to reach them, where they are on their way, and how they came there."""
