"""What stands between the network and the views: headers, limits, same-origin checks, embedding, static files."""
