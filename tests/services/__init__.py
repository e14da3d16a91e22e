"""What starts real servers for the tests: Elasticsearch, a browser. PostgreSQL: `portal.running`."""
