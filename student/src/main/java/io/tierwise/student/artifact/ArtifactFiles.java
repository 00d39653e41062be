package io.tierwise.student.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** The files of an artifact as bytes: their names, their hashes, and the manifest's JSON. */
public final class ArtifactFiles {
  public static final String MANIFEST = "manifest.json";
  public static final String MODEL = "model.onnx";

  /** In the graph's place: a router between two models. */
  public static final String ROUTER = "router.bin";

  /** The same graph compiled for one target, where there is one. */
  public static final String COMPILED = "model.compiled.onnx";

  /** The target that it was compiled for. */
  public static final String TARGET = "target.txt";

  /** The signature of what decides an answer, where there is one. */
  public static final String SIGNATURE = "manifest.sig";

  /** Before the names of the files of the second student, where two are in line. */
  public static final String SECOND = "second-";

  /** How much surer the first of the two must be than the second, in log-odds. */
  public static final String LEAD = "lead.txt";

  private static final int VERSION_DIGITS = 12;
  private static final int LARGEST_MANIFEST = 16 << 20;
  private static final JsonMapper JSON = mapper();

  private ArtifactFiles() {}

  /** The manifest's JSON: indented, fields in the order of {@link Manifest}, maps by key. */
  public static byte[] json(Manifest manifest) {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(lines);
    printer.indentArraysWith(lines);
    try {
      return (JSON.writer(printer).writeValueAsString(manifest) + "\n").getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws InvalidValueException where it is no manifest, or one of a newer format
   */
  public static Manifest manifest(Path file) throws IOException {
    String place = file.toString();
    try {
      if (Files.size(file) > LARGEST_MANIFEST) {
        throw new InvalidValueException(
            place, "it has more than 16 MiB", "point to an artifact's manifest");
      }
      JsonNode tree = JSON.readTree(Files.readAllBytes(file));
      requireKnownFormat(tree);
      upgrade((ObjectNode) tree);
      return JSON.treeToValue(tree, Manifest.class);
    } catch (NoSuchFileException e) {
      throw new InvalidValueException(place, "there is no such file", "publish the artifact again");
    } catch (JsonMappingException e) {
      throw described(e, place);
    } catch (JsonProcessingException e) {
      throw new InvalidValueException(
          place, "it is no JSON: " + e.getOriginalMessage(), "publish the artifact again");
    } catch (CharConversionException e) {
      throw new InvalidValueException(place, "it is no UTF-8 text", "publish the artifact again");
    } catch (InvalidValueException e) {
      throw e.field().equals(place) ? e : e.within(place);
    }
  }

  /** SHA-256 over all that decides how an artifact answers, in hexadecimal. */
  public static String contentHash(
      String task,
      List<String> labels,
      String featurizer,
      Calibration calibration,
      List<ArtifactFile> files) {
    ObjectNode content = JSON.createObjectNode();
    content.put("task", task);
    content.set("labels", JSON.valueToTree(labels));
    content.put("featurizer", featurizer);
    content.set("calibration", JSON.valueToTree(calibration));
    content.set(
        "files", JSON.valueToTree(files.stream().map(f -> List.of(f.name(), f.sha256())).toList()));
    return sha256(content.toString().getBytes(UTF_8));
  }

  static String version(Manifest manifest) {
    return version(contentHash(manifest));
  }

  private static String contentHash(Manifest manifest) {
    return contentHash(
        manifest.task(),
        manifest.labels(),
        manifest.featurizer(),
        manifest.calibration(),
        manifest.files());
  }

  /** What a signature is of: the same for all manifests that answer the same. */
  static byte[] signed(Manifest manifest) {
    return ("tierwise artifact 1\n" + manifest.shape() + "\n" + contentHash(manifest) + "\n")
        .getBytes(UTF_8);
  }

  static String version(String contentHash) {
    return contentHash.substring(0, VERSION_DIGITS);
  }

  public static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static void requireKnownFormat(JsonNode tree) {
    JsonNode format = tree.path("formatVersion");
    if (!format.isInt()) {
      throw new InvalidValueException(
          "formatVersion", "it is missing or no whole number", "point to an artifact's manifest");
    }
    Requirement.positive("formatVersion", format.intValue());
    if (format.intValue() > Manifest.FORMAT) {
      throw new InvalidValueException(
          "formatVersion",
          format + " is newer than " + Manifest.FORMAT + ", the newest that this build reads",
          "update Tierwise, or publish the artifact with this version of it");
    }
  }

  /** Brings an older format's tree to the current one. */
  private static void upgrade(ObjectNode tree) {
    if (tree.path("formatVersion").intValue() < Manifest.FORMAT) {
      tree.put("formatVersion", Manifest.FORMAT).put("hardware", "");
      if (tree.path("lineage") instanceof ObjectNode lineage) {
        lineage.putObject("parameters");
      }
    }
  }

  private static InvalidValueException described(JsonMappingException thrown, String place) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : thrown.getPath()) {
      path.append(
          step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName());
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidValueException invalid) {
        String field = "." + invalid.field();
        String whole = path.toString().endsWith(field) ? path.toString() : path + field;
        return new InvalidValueException(place + whole, invalid.trouble(), invalid.fix());
      }
    }
    boolean missing = thrown.getOriginalMessage().startsWith("Missing creator property");
    return new InvalidValueException(
        place + path,
        missing ? "it is missing" : thrown.getOriginalMessage(),
        "publish the artifact again");
  }

  private static JsonMapper mapper() {
    SimpleModule instants = new SimpleModule();
    instants.addSerializer(Instant.class, new ToStringSerializer());
    instants.addDeserializer(Instant.class, new InstantDeserializer());
    return JsonMapper.builder()
        .addModule(instants)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .build();
  }

  /** Reads ISO 8601, as {@link Instant#toString} writes it. */
  private static final class InstantDeserializer extends StdDeserializer<Instant> {
    InstantDeserializer() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String text = parser.getValueAsString("");
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw new InvalidValueException(
            "createdAt", "'" + text + "' is no time", "write it as 2026-01-31T12:00:00Z");
      }
    }
  }
}
