package io.tierwise.distill.parallel;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** One worker, the caller itself. */
final class LocalCrew<T extends Serializable, R extends Serializable> implements Crew<T, R> {
  private final Work.Worker<T, R> worker;

  LocalCrew(Work<T, R> work) throws IOException {
    this.worker = work.open();
  }

  @Override
  public int atOnce() {
    return 1;
  }

  @Override
  public List<Done<R>> each(List<T> parts) throws IOException {
    List<Done<R>> done = new ArrayList<>(parts.size());
    for (T part : parts) {
      done.add(new Done<>(worker.of(part), 1));
    }
    return done;
  }

  @Override
  public void close() {
    worker.close();
  }
}
