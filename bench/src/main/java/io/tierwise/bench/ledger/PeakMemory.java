package io.tierwise.bench.ledger;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** The most heap in use since it was begun: the sum of its pools' peaks, so at least as much. */
public final class PeakMemory {
  private final List<MemoryPoolMXBean> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();

  private PeakMemory() {}

  /** Begins. */
  public static PeakMemory watch() {
    PeakMemory memory = new PeakMemory();
    memory.pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    return memory;
  }

  /** In bytes. */
  public long peak() {
    return pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }
}
