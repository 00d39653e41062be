package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InstallationTest {
  private static final String CACHE = "tierwise.cache";

  @Test
  void keepsWhatItComputesInTheCheckoutUnlessAnotherPlaceIsNamed() {
    assertEquals(Installation.home().resolve(".tierwise/cache"), Installation.cache());
    System.setProperty(CACHE, "/work/cache");
    try {
      assertEquals(Path.of("/work/cache"), Installation.cache());
    } finally {
      System.clearProperty(CACHE);
    }
  }
}
