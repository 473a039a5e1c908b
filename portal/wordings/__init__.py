"""A scheme's own words for its messages: written, previewed, tried, put back."""
