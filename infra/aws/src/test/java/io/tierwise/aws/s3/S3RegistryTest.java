package io.tierwise.aws.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Trust;
import io.tierwise.student.registry.CuratedRegistry;
import io.tierwise.student.registry.Move;
import io.tierwise.student.registry.Registry;
import io.tierwise.student.registry.RegistryUpkeepContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** The registry in a bucket holds to what the registry in a directory does. */
class S3RegistryTest extends RegistryUpkeepContract {
  private static LocalS3 s3;
  private String bucket;

  @BeforeAll
  static void start() throws Exception {
    s3 = new LocalS3();
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Override
  protected CuratedRegistry open(Clock clock) {
    return registry(s3.client(), clock);
  }

  @Override
  protected ProcessBuilder mover(List<String> arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(s3.endpoint().toString(), bucket(), work.resolve("mover").toString()));
    all.addAll(arguments);
    return java(BucketMover.class, all);
  }

  @Override
  protected void damage(String version, String file) throws IOException {
    new Objects(s3.client(), bucket())
        .put("registry/support/versions/" + version + "/" + file, new byte[] {9, 9, 9, 9});
  }

  private String bucket() {
    if (bucket == null) {
      bucket = s3.bucket();
    }
    return bucket;
  }

  private S3Registry registry(S3Client client, Clock clock) {
    try {
      // Every handle has its own copies, as every sandbox has.
      Path copies = Files.createTempDirectory(work, "copies");
      return new S3Registry(client, bucket(), "registry", copies, clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aMissingBucketIsTroubleWithTheStore() {
    S3Registry lost =
        new S3Registry(s3.client(), "not-there", "registry", work.resolve("copies"), CLOCK);
    assertThrows(IOException.class, () -> lost.resolve("support", Registry.LIVE));
  }

  /** A call that a kill may end. */
  @FunctionalInterface
  private interface Call {
    void on(CuratedRegistry registry) throws IOException;
  }

  enum Step {
    PUBLISH,
    POINT,
    ROLL_BACK,
    CLEAR
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void whereverAKillEndsACallEveryAliasResolvesAndTheNextCallFinishes(Step step)
      throws IOException {
    for (boolean sent : new boolean[] {false, true}) {
      boolean died = true;
      for (int requests = 0; died; requests++) {
        bucket = s3.bucket();
        registry = open(CLOCK);
        List<String> versions = promoteInTurn(3);
        Path another =
            Artifacts.unloadable(work.resolve(step + "-" + sent + requests), "support", 5)
                .directory();
        Call call = call(step, versions, another);
        MortalClient mortal = new MortalClient(requests, sent);
        try (S3Client client = LocalS3.client(s3.endpoint(), mortal)) {
          call.on(registry(client, LATER));
        } catch (MortalClient.Killed | IOException | SdkClientException e) {
          assertTrue(mortal.died(), () -> "it failed of something else: " + e);
        }
        died = mortal.died();
        requireSound();
        call.on(open(LATER));
        requireSound();
        requireDone(step, versions);
      }
    }
  }

  private static Call call(Step step, List<String> versions, Path another) {
    return switch (step) {
      case PUBLISH -> registry -> registry.publish(another);
      case POINT -> registry -> registry.point("support", "live", versions.get(0), "again");
      case ROLL_BACK ->
          registry -> {
            if (registry.aliases("support").get("live").equals(versions.get(2))) {
              registry.rollBack("support", "incident");
            }
          };
      case CLEAR -> registry -> registry.clear("support", 0, false);
    };
  }

  private void requireDone(Step step, List<String> versions) throws IOException {
    Map<String, String> aliases = registry.aliases("support");
    List<Move> history = registry.history("support");
    switch (step) {
      case PUBLISH -> assertEquals(4, registry.versions("support").size());
      case POINT -> {
        assertEquals(Map.of("live", versions.get(0), "previous", versions.get(2)), aliases);
        assertEquals(4, history.size());
      }
      case ROLL_BACK -> {
        assertEquals(Map.of("live", versions.get(1), "previous", versions.get(2)), aliases);
        assertEquals(4, history.size());
      }
      case CLEAR -> {
        assertEquals(Set.of(versions.get(1), versions.get(2)), names(registry, "support"));
        assertEquals(5, new Objects(s3.client(), bucket).list("").size());
      }
    }
    assertEquals(versions, history.stream().limit(3).map(Move::version).toList());
  }

  /** Every alias and every version that is listed can be opened. */
  private void requireSound() throws IOException {
    CuratedRegistry fresh = open(CLOCK);
    for (String alias : fresh.aliases("support").keySet()) {
      assertTrue(fresh.resolve("support", alias).isPresent(), alias);
    }
    S3Versions versions =
        new S3Versions(
            new Objects(s3.client(), bucket),
            "registry/",
            Files.createTempDirectory(work, "copies"),
            Trust.ANYONE);
    for (String version : names(fresh, "support")) {
      assertEquals(4, versions.copy("support", version).read("model.onnx").length, version);
    }
  }

  @Test
  void aVersionThatIsRemovedWhileItIsFetchedIsNoLongerThere() throws IOException {
    String version = promoteInTurn(1).getFirst();
    ExecutionInterceptor removal =
        new ExecutionInterceptor() {
          @Override
          public void afterExecution(Context.AfterExecution context, ExecutionAttributes given) {
            if (context.request() instanceof GetObjectRequest get
                && get.key().endsWith("/manifest.json")) {
              for (String name : List.of("manifest.json", "model.onnx")) {
                String key = get.key().replace("manifest.json", name);
                s3.client().deleteObject(request -> request.bucket(get.bucket()).key(key));
              }
            }
          }
        };
    try (S3Client client = LocalS3.client(s3.endpoint(), removal)) {
      InvalidValueException refused =
          assertThrows(
              InvalidValueException.class,
              () -> registry(client, CLOCK).point("support", "live", version, "again"));
      assertEquals("version", refused.field());
    }
  }

  @Test
  void aVersionThatIsBeingRemovedIsNeitherListedNorPointedToNorPublished() throws IOException {
    List<String> versions = promoteInTurn(4);
    Objects objects = new Objects(s3.client(), bucket);
    TaskState state = state(objects);
    TreeSet<String> removing = new TreeSet<>(Set.of(versions.get(0)));
    objects.put("registry/support/moves.json", state.removing(removing).json());

    assertEquals(Set.copyOf(versions.subList(1, 4)), names(registry, "support"));
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> registry.point("support", "live", versions.get(0), "half there"));
    assertEquals("'" + versions.get(0) + "' of task 'support' is being removed", refused.trouble());
    assertEquals("let 'tierwise registry gc support' finish, then publish it again", refused.fix());
    assertThrows(InvalidValueException.class, () -> publish("support", 0));

    assertEquals(List.of(versions.get(0)), open(LATER).clear("support", 4, false).leftovers());
    assertEquals(versions.get(0), version(publish("support", 0)));
  }

  @Test
  void aWriteWhoseAnswerWasLostIsNotMadeTwice() throws IOException {
    List<String> versions = promoteInTurn(3);
    try (S3Client client = LocalS3.client(s3.endpoint(), new LostAnswers())) {
      registry(client, CLOCK).rollBack("support", "incident");
    }

    assertEquals(
        Map.of("live", versions.get(1), "previous", versions.get(2)), registry.aliases("support"));
    assertEquals(4, registry.history("support").size());
  }

  @Test
  void aPublishThatWasKilledHalfWayIsSweptAfterADay() throws IOException {
    promoteInTurn(1);
    Objects objects = new Objects(s3.client(), bucket);
    objects.put("registry/support/versions/0123456789ab/model.onnx", new byte[] {1});
    assertEquals(1, registry.versions("support").size());

    assertEquals(List.of(), open(Clock.systemUTC()).clear("support", 0, false).leftovers());
    assertEquals(List.of("0123456789ab"), open(LATER).clear("support", 0, false).leftovers());
    assertEquals(List.of(), objects.list("registry/support/versions/0123456789ab/"));
  }

  @Test
  void aRegistryFromBeforeTheFormatsNumberOpensAndIsMarkedByTheNextWrite() throws IOException {
    List<String> versions = promoteInTurn(2);
    Objects objects = new Objects(s3.client(), bucket);
    String old =
        """
        [{"at":"2026-03-01T08:00:00Z","alias":"live","version":"%s","previous":null,"reason":"a"},
         {"at":"2026-03-01T08:00:00Z","alias":"live","version":"%s","previous":"%s","reason":"b"}]
        """
            .formatted(versions.get(0), versions.get(1), versions.get(0));
    objects.put("registry/support/moves.json", old.getBytes(UTF_8));

    assertEquals(
        List.of(
            new Move(NOW, "live", versions.get(0), null, "a"),
            new Move(NOW, "live", versions.get(1), versions.get(0), "b")),
        open(CLOCK).history("support"));
    assertEquals(versions.get(1), version(open(CLOCK).resolve("support", "live").orElseThrow()));

    open(CLOCK).rollBack("support", "any write");
    String marked =
        new String(objects.get("registry/support/moves.json").orElseThrow().content(), UTF_8);
    assertTrue(marked.startsWith("{\"format\":2,\"revision\":1,\"writers\":["), marked);
  }

  @Test
  void aRegistryOfANewerFormatIsRefused() throws IOException {
    promoteInTurn(1);
    new Objects(s3.client(), bucket)
        .put("registry/support/moves.json", "{\"format\":3}".getBytes(UTF_8));

    for (Call call :
        List.<Call>of(
            registry -> registry.resolve("support", "live"),
            registry -> registry.history("support"),
            registry -> registry.rollBack("support", "why not"),
            registry -> registry.clear("support", 0, false))) {
      InvalidValueException refused =
          assertThrows(InvalidValueException.class, () -> call.on(open(CLOCK)));
      assertEquals("s3://" + bucket + "/registry/support/moves.json.format", refused.field());
      assertEquals(
          "the registry's format 3 is newer than 2, the newest that this build reads",
          refused.trouble());
    }
  }

  @Test
  void aCopyThatWasDamagedOnThisMachineIsFetchedAgain() throws IOException {
    promoteInTurn(1);
    Path copies = work.resolve("of-this-machine");
    Path copy =
        new S3Registry(s3.client(), bucket, "registry", copies, CLOCK)
            .resolve("support", "live")
            .orElseThrow()
            .directory();
    Files.write(copy.resolve("model.onnx"), new byte[] {9, 9, 9, 9});
    Files.write(copy.resolve("cut-off.partial"), new byte[] {9});

    Artifact again =
        new S3Registry(s3.client(), bucket, "registry", copies, CLOCK)
            .resolve("support", "live")
            .orElseThrow();
    assertEquals(4, again.read("model.onnx").length);
  }

  private static TaskState state(Objects objects) throws IOException {
    return TaskState.parse(
        "moves.json", objects.get("registry/support/moves.json").orElseThrow().content());
  }
}
