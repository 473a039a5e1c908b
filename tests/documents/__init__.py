"""Every PDF, read back."""
