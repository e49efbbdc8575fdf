"""What an endpoint, a page and a plugin are: values, served elsewhere."""
