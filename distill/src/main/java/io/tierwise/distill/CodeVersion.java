package io.tierwise.distill;

import io.tierwise.router.Version;

/** The version of the code, for an artifact's lineage. */
public final class CodeVersion {
  public static final String CURRENT = Version.CURRENT;

  private CodeVersion() {}
}
