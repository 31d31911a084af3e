package io.posthorn.examples.jakartaee;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Serves the resources of this package below the root of the WAR. */
@ApplicationPath("/")
public class ShopApplication extends Application {}
