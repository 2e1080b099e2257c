"""What the service did, counted: figures per week, topic, page, organisation and province. Knows no page."""
