package io.tierwise.router;

/** The release, wherever it is told: on the command line, by the server, in lineages. */
public final class Version {
  public static final String CURRENT = "0.1.0";

  private Version() {}
}
