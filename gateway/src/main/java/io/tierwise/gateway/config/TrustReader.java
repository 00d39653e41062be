package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.TrustConfig;
import io.tierwise.gateway.tier.Destinations;
import io.tierwise.student.artifact.Trust;
import java.nio.file.Path;
import java.util.List;

/** Reads who and what is trusted. */
final class TrustReader {
  private static final Kind<String> KEY = Kind.checked(text -> Trust.of(List.of(text)));
  private static final Kind<String> BLOCK = Kind.checked(text -> Destinations.of(List.of(text)));

  private final Path folder;

  /**
   * @param folder that relative paths are relative to
   */
  TrustReader(Path folder) {
    this.folder = folder;
  }

  TrustConfig read(Section section) {
    TrustConfig trust =
        new TrustConfig(
            texts(section, "artifactKeys", KEY),
            section
                .optional("signingKey", Kind.TEXT)
                .map(name -> folder.resolve(name).normalize())
                .orElse(null),
            texts(section, "addresses", BLOCK));
    section.refuseOtherKeys();
    return trust;
  }

  private static List<String> texts(Section section, String key, Kind<String> kind) {
    return section.values(key, kind).stream().map(Section.Item::value).toList();
  }
}
