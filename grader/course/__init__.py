"""`course.toml` as typed models, the lesson's text, and the templates that pages and files are made of."""
