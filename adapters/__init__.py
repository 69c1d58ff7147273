"""One thin package for each platform: it translates native events to requests and messages to native form."""
