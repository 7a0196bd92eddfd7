"""What `./dev` and the Dockerfile call. Nothing of it runs on a deployed site."""
