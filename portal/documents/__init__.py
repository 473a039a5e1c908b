"""What every PDF shares: fonts, tags, letterhead, QR codes, and pages that text flows down."""
