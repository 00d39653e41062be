package io.tierwise.bench.speed;

import java.util.List;

/** Things one after another, again and again. One thread. */
final class Turns<T> {
  private final List<T> all;
  private int next;

  Turns(List<T> all) {
    this.all = List.copyOf(all);
  }

  T next() {
    T due = all.get(next);
    next = next + 1 == all.size() ? 0 : next + 1;
    return due;
  }
}
