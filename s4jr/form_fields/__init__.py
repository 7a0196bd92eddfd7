"""Form fields that every part of the site shares."""
