"""What an online meeting's list says of who was there, proposed as marks and saved when a trainer agrees."""
