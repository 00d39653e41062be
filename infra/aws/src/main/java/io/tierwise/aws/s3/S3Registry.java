package io.tierwise.aws.s3;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Trust;
import io.tierwise.student.registry.Aliases;
import io.tierwise.student.registry.Cleared;
import io.tierwise.student.registry.CuratedRegistry;
import io.tierwise.student.registry.Move;
import io.tierwise.student.registry.Published;
import io.tierwise.student.registry.Retention;
import io.tierwise.student.registry.Rollback;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A registry in a bucket: {@code TASK/versions/VERSION/…} and {@code TASK/moves.json}, which holds
 * every move of every alias and what is being removed. Where an alias points is what the moves add
 * up to, so one conditional write moves it, records it, and loses against another; and a version is
 * removed only after such a write has said so, which whoever would point to it loses against.
 */
public final class S3Registry implements CuratedRegistry {
  private final Objects objects;
  private final S3Versions versions;
  private final String prefix;
  private final Clock clock;
  private final Trust trust;
  private final String handle = UUID.randomUUID().toString();
  private final AtomicLong writes = new AtomicLong();

  /**
   * @param prefix of all keys, such as {@code registry}; empty for the bucket's own root
   * @param copies where versions are copied to
   * @param clock for the history, and for how long ago something was published
   */
  public S3Registry(S3Client s3, String bucket, String prefix, Path copies, Clock clock) {
    this(s3, bucket, prefix, copies, clock, Trust.ANYONE);
  }

  /**
   * @param prefix of all keys, such as {@code registry}; empty for the bucket's own root
   * @param copies where versions are copied to
   * @param clock for the history, and for how long ago something was published
   * @param trust whose artifacts are taken, in and out
   */
  public S3Registry(
      S3Client s3, String bucket, String prefix, Path copies, Clock clock, Trust trust) {
    this.trust = trust;
    this.objects = new Objects(s3, bucket);
    this.prefix = prefix.isEmpty() ? "" : prefix + "/";
    this.versions = new S3Versions(objects, this.prefix, copies, trust);
    this.clock = clock;
  }

  /** A task's state as it is, and the mark that a write over it is conditional on. */
  private record Tagged(TaskState state, @Nullable String tag) {}

  @Override
  public Optional<Artifact> resolve(String task, String alias) throws IOException {
    Aliases.require(alias);
    String version = read(task).state().moves().pointed(alias);
    return version == null
        ? Optional.empty()
        : Optional.of(versions.copy(task, Requirement.identifier("version", version)));
  }

  @Override
  public Artifact publish(Path artifactDirectory) throws IOException {
    Artifact artifact = Artifact.open(artifactDirectory, trust);
    String task = artifact.manifest().task();
    String version = artifact.manifest().version();
    Tagged before;
    Tagged after = read(task);
    do {
      before = after;
      requireStaying(before.state(), task, version);
      versions.write(artifact);
      after = read(task);
      // A removal that came and went meanwhile may have taken some of it along.
    } while (after.state().revision() != before.state().revision());
    return versions.copy(task, version);
  }

  @Override
  public void point(String task, String alias, String version, String reason) throws IOException {
    Requirement.identifier("version", version);
    Aliases.require(alias);
    Aliases.requireReason(reason);
    boolean done = false;
    while (!done) {
      Tagged before = read(task);
      // After the state: what is removed since makes the write fail.
      requirePointable(before.state(), task, version);
      String pointed = before.state().moves().pointed(alias);
      Move move = new Move(clock.instant(), alias, version, pointed, reason);
      done = version.equals(pointed) || write(task, before, before.state().with(move));
    }
  }

  @Override
  public List<Move> history(String task) throws IOException {
    return read(task).state().moves().all();
  }

  @Override
  public List<String> tasks() throws IOException {
    return objects.folders(prefix);
  }

  @Override
  public List<Published> versions(String task) throws IOException {
    SortedSet<String> removing = read(task).state().removing();
    List<Published> found = new ArrayList<>();
    for (Map.Entry<String, S3Versions.Stored> each : versions.stored(task).entrySet()) {
      if (each.getValue().whole() && !removing.contains(each.getKey())) {
        found.add(versions.described(task, each.getKey()));
      }
    }
    return found.stream().sorted(Published.BY_AGE).toList();
  }

  @Override
  public SortedMap<String, String> aliases(String task) throws IOException {
    return read(task).state().moves().aliases();
  }

  @Override
  public Move rollBack(String task, String reason) throws IOException {
    Aliases.requireReason(reason);
    while (true) {
      Tagged before = existing(task);
      Move back = Rollback.of(task, before.state().moves().aliases(), clock.instant(), reason);
      requirePointable(before.state(), task, back.version());
      if (write(task, before, before.state().with(back))) {
        return back;
      }
    }
  }

  /**
   * Says first what it removes, then deletes, then says that it is done. Killed in between, what it
   * said stands, and the next call goes on.
   */
  @Override
  public Cleared clear(String task, int keep, boolean dryRun) throws IOException {
    Retention retention = new Retention(keep, clock.instant());
    while (true) {
      Tagged before = existing(task);
      SortedMap<String, S3Versions.Stored> stored = versions.stored(task);
      Cleared cleared = cleared(retention, before.state(), stored);
      SortedSet<String> going = new TreeSet<>(cleared.removed().keySet());
      going.addAll(cleared.leftovers());
      going.addAll(before.state().removing());
      boolean said = going.equals(before.state().removing());
      if (dryRun || going.isEmpty()) {
        return cleared;
      }
      if (said || write(task, before, before.state().removing(going))) {
        remove(task, going, stored);
        return cleared;
      }
    }
  }

  private static Cleared cleared(
      Retention retention, TaskState state, SortedMap<String, S3Versions.Stored> stored) {
    Map<String, Instant> whole = new HashMap<>();
    List<String> leftovers = new ArrayList<>();
    stored.forEach((version, objects) -> {
      boolean old = objects.modified().plus(Retention.ON_ITS_WAY).isBefore(retention.now());
      if (state.removing().contains(version) || (!objects.whole() && old)) {
        leftovers.add(version);
      } else if (objects.whole()) {
        whole.put(version, objects.modified());
      }
    });
    SortedMap<String, String> kept = retention.kept(whole, state.moves().aliases(), state.moves());
    Map<String, Long> removed = new TreeMap<>();
    stored.forEach((version, objects) -> {
      if (whole.containsKey(version) && !kept.containsKey(version)) {
        removed.put(version, objects.bytes());
      }
    });
    return new Cleared(removed, kept, leftovers);
  }

  private void remove(
      String task, SortedSet<String> going, SortedMap<String, S3Versions.Stored> stored)
      throws IOException {
    for (String version : going) {
      // Another who clears up may be done with it already, and a publisher at work again.
      S3Versions.Stored objects = stored.get(version);
      if (objects != null && read(task).state().removing().contains(version)) {
        versions.delete(objects);
      }
    }
    change(
        task,
        state -> {
          SortedSet<String> left = new TreeSet<>(state.removing());
          left.removeAll(going);
          return state.removing(left);
        });
  }

  private void change(String task, UnaryOperator<TaskState> change) throws IOException {
    boolean done = false;
    while (!done) {
      Tagged before = read(task);
      done = write(task, before, change.apply(before.state()));
    }
  }

  /**
   * Whether the write won. A client whose answer was lost on the way asks again, and is then
   * refused for what it has itself written; so who is refused, or hears nothing, looks for its own
   * mark.
   */
  private boolean write(String task, Tagged before, TaskState after) throws IOException {
    String mark = handle + "-" + writes.incrementAndGet();
    try {
      return objects.swap(key(task), before.tag(), after.by(mark).json())
          || read(task).state().writers().contains(mark);
    } catch (IOException e) {
      TaskState now = read(task).state();
      if (now.writers().contains(mark)) {
        return true;
      }
      if (now.revision() != before.state().revision()) {
        return false;
      }
      throw e;
    }
  }

  private void requirePointable(TaskState state, String task, String version) throws IOException {
    requireStaying(state, task, version);
    versions.requireWhole(versions.copy(task, version));
  }

  private static void requireStaying(TaskState state, String task, String version) {
    if (state.removing().contains(version)) {
      throw new InvalidValueException(
          "version",
          "'" + version + "' of task '" + task + "' is being removed",
          "let 'tierwise registry gc " + task + "' finish, then publish it again");
    }
  }

  private Tagged existing(String task) throws IOException {
    Tagged found = read(task);
    if (found.tag() == null && versions.stored(task).isEmpty()) {
      throw new InvalidValueException(
          "task",
          "'" + task + "' has nothing in the registry s3://" + objects.bucket() + "/" + prefix,
          "name one of " + tasks() + ", or publish a student first");
    }
    return found;
  }

  private Tagged read(String task) throws IOException {
    Requirement.identifier("task", task);
    Optional<Objects.Found> found = objects.get(key(task));
    return found.isEmpty()
        ? new Tagged(TaskState.NONE, null)
        : new Tagged(
            TaskState.parse("s3://" + objects.bucket() + "/" + key(task), found.get().content()),
            found.get().tag());
  }

  private String key(String task) {
    return prefix + task + "/moves.json";
  }
}
