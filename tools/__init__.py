"""Scripts of set-up and of the project's own pictures: run by `make`, never imported by the portal."""
