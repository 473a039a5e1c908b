"""What every page uses: fields, pages, errors, formats, headers."""
