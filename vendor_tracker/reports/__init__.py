"""Documents that leave the product as files or letters; none of them knows a page."""
