package io.tierwise.student.registry;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What clearing a task's versions up came to.
 *
 * @param removed bytes by version
 * @param kept why, by version
 * @param leftovers what a killed publish or removal had left, by name; gone now
 */
public record Cleared(
    SortedMap<String, Long> removed, SortedMap<String, String> kept, List<String> leftovers) {
  public Cleared {
    removed = Collections.unmodifiableSortedMap(new TreeMap<>(removed));
    kept = Collections.unmodifiableSortedMap(new TreeMap<>(kept));
    leftovers = List.copyOf(leftovers);
  }

  public Cleared(Map<String, Long> removed, Map<String, String> kept, List<String> leftovers) {
    this(new TreeMap<>(removed), new TreeMap<>(kept), leftovers);
  }

  public long bytes() {
    return removed.values().stream().mapToLong(Long::longValue).sum();
  }
}
