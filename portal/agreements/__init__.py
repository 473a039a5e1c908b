"""What volunteers and scheme expect of each other, in versions, and who acknowledged them."""
