"""What serves endpoints: the pipeline, the context, the server-side API."""
