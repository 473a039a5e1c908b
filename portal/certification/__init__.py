"""Certificates, the public check of one, and CV evidence."""
