"""What tests stand on: real servers, databases, mail, a browser, and a reader of pages. Nothing here is a mock."""
