"""A whole site of plainly fictional people, to look at and to try things with: `manage.py load_demo`."""
