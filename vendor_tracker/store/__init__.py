"""Tables, queries and migrations. The only package that imports SQLAlchemy's models; it never commits."""
