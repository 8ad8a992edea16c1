"""What people and other programs read: feedback, reports, exports, result formats."""
