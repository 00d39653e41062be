package io.tierwise.student.registry;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The moves of one task's aliases, oldest first, and what they add up to. */
public record Moves(List<Move> all) {
  public Moves {
    all = List.copyOf(all);
  }

  /** Where an alias points after all of them; null where it was never pointed. */
  public @Nullable String pointed(String alias) {
    return aliases().get(alias);
  }

  /** Where every alias points. A move of live takes previous to where live was. */
  public SortedMap<String, String> aliases() {
    SortedMap<String, String> aliases = new TreeMap<>();
    for (Move move : all) {
      if (move.alias().equals(Registry.LIVE) && move.previous() != null) {
        aliases.put(Registry.PREVIOUS, move.previous());
      }
      aliases.put(move.alias(), move.version());
    }
    return aliases;
  }
}
