"""Demo data: a whole site of fictional people, loaded with `manage.py load_demo`."""
