package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds reference.yaml and docs/configuration.md to what the reader does. */
class ReferenceTest {
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path DOCUMENT =
      Path.of(System.getProperty(PriceFile.HOME), "docs/configuration.md");

  @TempDir private Path folder;
  private String reference;
  private TierwiseConfig config;
  private final List<KnownKey> known = new ArrayList<>();

  @BeforeEach
  void readTheReference() throws IOException {
    try (InputStream in = ConfigFile.class.getResourceAsStream("/reference.yaml")) {
      reference = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    config = load(reference, known);
  }

  @Test
  void holdsEveryKeyThatTheReaderKnows() throws IOException {
    JsonNode root = YAML.readTree(everyKey());

    assertEquals(
        List.of(),
        known.stream().map(KnownKey::path).filter(path -> at(root, path).isMissingNode()).toList());
    assertTrue(known.size() > 30, known.size() + " keys");
  }

  @Test
  void leavingOutAnyKeyWithADefaultChangesNothing() throws IOException {
    for (KnownKey key : known.stream().filter(KnownKey::hasDefault).toList()) {
      JsonNode root = YAML.readTree(reference);
      int dot = key.path().lastIndexOf('.');
      ObjectNode parent = (ObjectNode) (dot < 0 ? root : at(root, key.path().substring(0, dot)));
      parent.remove(key.path().substring(dot + 1));

      assertEquals(config, load(YAML.writeValueAsString(root), new ArrayList<>()), key.path());
    }
  }

  @Test
  void leavingOutARequiredKeyIsRefused() throws IOException {
    for (KnownKey key : known.stream().filter(each -> !each.hasDefault()).toList()) {
      if (key.otherwise().equals(KnownKey.REQUIRED)) {
        JsonNode root = YAML.readTree(reference);
        int dot = key.path().lastIndexOf('.');
        ((ObjectNode) at(root, key.path().substring(0, dot))).remove(key.path().substring(dot + 1));

        ConfigException refusal =
            assertThrows(
                ConfigException.class,
                () -> load(YAML.writeValueAsString(root), new ArrayList<>()));
        assertTrue(refusal.getMessage().contains(key.path()), refusal.getMessage());
      }
    }
  }

  @Test
  void explainsEveryKey() {
    String table = table();

    for (KnownKey key : known) {
      String name = key.path().replace("upstreams.gpt", "upstreams.NAME").replace("[0]", "[]");
      assertTrue(table.contains("| `" + name + "` | "), name + " has no comment");
    }
    assertFalse(table.contains("|  |"), table);
  }

  /** Run with -Dtierwise.write=true to write the table anew. */
  @Test
  void theDocumentationHasTheSameTable() throws IOException {
    String document = Files.readString(DOCUMENT);
    int start = document.indexOf("| key |");
    int end = document.indexOf("\n\n", start) + 1;
    if (Boolean.getBoolean("tierwise.write")) {
      Files.writeString(DOCUMENT, document.substring(0, start) + table() + document.substring(end));
    } else {
      assertEquals(
          table(),
          document.substring(start, end),
          "write it anew: mvn -pl gateway -am test -Dtest=ReferenceTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Dtierwise.write=true");
    }
  }

  private String table() {
    return ReferenceTable.of(
        everyKey(),
        known.stream()
            .collect(Collectors.toMap(KnownKey::path, KnownKey::otherwise, (one, same) -> one)));
  }

  /** The reference with the keys that stand behind a bare #: those that do not go with another. */
  private String everyKey() {
    return reference.replaceAll("(?m)^( *)#(?=[A-Za-z]+:)", "$1");
  }

  private TierwiseConfig load(String text, List<KnownKey> asked) throws IOException {
    Path file = Files.writeString(folder.resolve("tierwise.yaml"), text);
    return ConfigFile.load(file, NOW, asked::add);
  }

  private static JsonNode at(JsonNode root, String path) {
    return root.at("/" + path.replace('.', '/').replace("[", "/").replace("]", ""));
  }
}
