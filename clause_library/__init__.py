"""The clauses that art. 14 of the Portaria asks for, kept as data, and the documents made of them."""
