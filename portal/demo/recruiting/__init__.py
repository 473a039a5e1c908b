"""People apply, are interviewed, checked and confirmed."""
