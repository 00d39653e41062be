package io.tierwise.aws.s3;

import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.store.CorpusRow;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The corpus in a bucket that encrypts what it holds: an object for each row, {@code
 * corpus/TENANT/TASK/audited|taught/ADDED-EXPIRES-REQUEST}, both times in milliseconds. What its
 * lifecycle has not yet deleted is left out once its time to live has passed.
 */
public final class S3Corpus implements Corpus {
  /** What the keys of all rows begin with. */
  public static final String PREFIX = "corpus/";

  private final Objects objects;
  private final String bucket;
  private final Clock clock;

  public S3Corpus(S3Client s3, String bucket, Clock clock) {
    this.objects = new Objects(s3, bucket);
    this.bucket = bucket;
    this.clock = clock;
  }

  @Override
  public void add(
      Tenant tenant,
      String task,
      Input input,
      Label label,
      Distribution distribution,
      boolean audited,
      Duration timeToLive,
      String requestId) {
    long now = clock.millis();
    String name = "%015d-%015d-%s".formatted(now, now + timeToLive.toMillis(), requestId);
    calling(() -> {
      objects.put(
          folder(tenant.name(), task, audited) + name,
          CorpusRow.content(input, label, distribution));
      return true;
    });
  }

  private static String folder(String tenant, String task, boolean audited) {
    return PREFIX + tenant + "/" + task + (audited ? "/audited/" : "/taught/");
  }

  @Override
  public List<CorpusRow> rows(String task, boolean audited, Instant after) {
    return calling(() -> {
      List<CorpusRow> rows = new ArrayList<>();
      for (Place place : places(task, audited, after)) {
        // Deleted between the list and here, it is no row any more.
        Optional<Objects.Found> found = objects.get(place.key());
        found.ifPresent(object ->
            rows.add(
                CorpusRow.of(
                    new Tenant(place.tenant()),
                    task,
                    audited,
                    place.added(),
                    place.request(),
                    object.content())));
      }
      return List.copyOf(rows);
    });
  }

  @Override
  public int count(String task, boolean audited, Instant after) {
    return calling(() -> places(task, audited, after).size());
  }

  private List<Place> places(String task, boolean audited, Instant after) throws IOException {
    List<Place> places = new ArrayList<>();
    for (String tenant : objects.folders(PREFIX)) {
      for (Objects.Listed listed : objects.list(folder(tenant, task, audited))) {
        Place place = Place.of(tenant, listed.key());
        if (place.added().isAfter(after) && place.expires().isAfter(clock.instant())) {
          places.add(place);
        }
      }
    }
    places.sort(Comparator.comparing(Place::added).thenComparing(Place::key));
    return places;
  }

  private record Place(String tenant, String key, Instant added, Instant expires, String request) {
    static Place of(String tenant, String key) {
      String[] parts = key.substring(key.lastIndexOf('/') + 1).split("-", 3);
      return new Place(
          tenant,
          key,
          Instant.ofEpochMilli(Long.parseLong(parts[0])),
          Instant.ofEpochMilli(Long.parseLong(parts[1])),
          parts[2]);
    }
  }

  @Override
  public int deleteTenant(Tenant tenant) {
    return calling(() -> {
      List<Objects.Listed> all = objects.list(PREFIX + tenant.name() + "/");
      for (Objects.Listed each : all) {
        objects.delete(each.key());
      }
      return all.size();
    });
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T calling(Call<T> call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw StoreException.outside("s3://" + bucket + "/" + PREFIX, e);
    }
  }
}
