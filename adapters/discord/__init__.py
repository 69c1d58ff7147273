"""Discord: native event -> request, message -> Components V2, over the gateway and REST."""
