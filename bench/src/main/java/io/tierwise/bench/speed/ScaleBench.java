package io.tierwise.bench.speed;

import io.tierwise.distill.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a request takes stays the same as tasks, tenants and cached answers grow. All sizes
 * of one curve are open at the same time and worked at in turns, so that what else the machine does
 * falls on all alike.
 */
public final class ScaleBench {
  private static final int ASKED = 1_000;

  private final Options options;
  private final Path folder;
  private final Progress progress;
  private final List<AutoCloseable> open = new ArrayList<>();

  /**
   * The sizes that are measured, each from small to large; a list without any leaves its curve out.
   *
   * @param tasks of a gateway; each request asks the next
   * @param tenants likewise, each with a key and a cached answer of its own
   * @param entries of the exact cache on disk
   * @param semantic entries of the semantic cache's index, drawn {@link DrawnVectors#LIKE_TEXTS}
   * @param scattered likewise, drawn {@link DrawnVectors#ANYWHERE}
   */
  public record Options(
      List<Integer> tasks,
      List<Integer> tenants,
      List<Integer> entries,
      List<Integer> semantic,
      List<Integer> scattered) {
    public Options {
      tasks = List.copyOf(tasks);
      tenants = List.copyOf(tenants);
      entries = List.copyOf(entries);
      semantic = List.copyOf(semantic);
      scattered = List.copyOf(scattered);
    }
  }

  private ScaleBench(Options options, Path folder, Progress progress) {
    this.options = options;
    this.folder = folder;
    this.progress = progress;
  }

  /** Opens what is measured at one size. */
  @FunctionalInterface
  private interface Sized {
    Work at(int size) throws IOException;
  }

  /** What is done again and again; of a search also how well. */
  private record Work(Supplier<?> once, @Nullable Double recall) {}

  /**
   * @param folder empty
   */
  public static List<Scale> run(Options options, Path folder, Progress progress)
      throws IOException {
    return new ScaleBench(options, folder, progress).run();
  }

  private List<Scale> run() throws IOException {
    List<Scale> scales = new ArrayList<>();
    try (StubUpstream upstream = StubUpstream.start()) {
      measure(
          scales, "tasks", "an exact hit", options.tasks(), size -> exactHits(upstream, size, 1));
      measure(
          scales,
          "tenants",
          "an exact hit",
          options.tenants(),
          size -> exactHits(upstream, 1, size));
    }
    measure(scales, "entries", "an answer read from disk", options.entries(), this::lookups);
    measure(
        scales,
        "semantic",
        "the search for the nearest",
        options.semantic(),
        size -> searches(size, DrawnVectors.LIKE_TEXTS));
    measure(
        scales,
        "scattered",
        "the search for the nearest, where none is near",
        options.scattered(),
        size -> searches(size, DrawnVectors.ANYWHERE));
    return scales;
  }

  private void measure(
      List<Scale> scales, String name, String work, List<Integer> sizes, Sized sized)
      throws IOException {
    if (sizes.isEmpty()) {
      return;
    }
    List<Work> works = new ArrayList<>();
    try {
      for (int size : sizes) {
        works.add(sized.at(size));
        progress.report(name, works.size(), sizes.size());
      }
      List<Micro.Cost> costs =
          new Micro().costs(works.stream().<Supplier<?>>map(Work::once).toList());
      List<Scale.Point> points = new ArrayList<>();
      for (int i = 0; i < costs.size(); i++) {
        points.add(
            new Scale.Point(
                sizes.get(i),
                costs.get(i).nanos() / 1000,
                costs.get(i).bytes(),
                works.get(i).recall()));
      }
      scales.add(new Scale(name, work, points));
    } finally {
      closeAll();
    }
  }

  private void closeAll() throws IOException {
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("what was measured could not be closed", e);
      }
    }
    open.clear();
  }

  private Work exactHits(StubUpstream upstream, int tasks, int tenants) throws IOException {
    Path own = folder.resolve(tasks + "-tasks-" + tenants + "-tenants");
    ScaledGateway gateway = ScaledGateway.open(own, upstream.url(), tasks, tenants);
    open.add(gateway);
    return new Work(gateway::next, null);
  }

  private Work lookups(int size) throws IOException {
    ScaledAnswers answers = ScaledAnswers.fill(folder.resolve("entries-" + size), size, ASKED);
    open.add(answers);
    return new Work(answers::next, null);
  }

  private Work searches(int size, DrawnVectors drawn) throws IOException {
    Path own = folder.resolve(drawn + "-" + size);
    ScaledVectors vectors = ScaledVectors.fill(own, size, ASKED, drawn);
    open.add(vectors);
    return new Work(vectors::next, vectors.recall());
  }
}
