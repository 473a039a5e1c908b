"""They told us beforehand: on their page, by link, by text, by phone."""
