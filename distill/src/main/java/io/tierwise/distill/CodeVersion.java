package io.tierwise.distill;

/** The version of the code, for an artifact's lineage. */
public final class CodeVersion {
  public static final String CURRENT = "0.1.0";

  private CodeVersion() {}
}
