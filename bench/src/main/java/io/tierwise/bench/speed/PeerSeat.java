package io.tierwise.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The place of the public gateway among the contestants; it may stay empty. */
record PeerSeat(@Nullable Peer peer, @Nullable String reason) implements AutoCloseable {
  static PeerSeat of(boolean wanted, Path cache, Path log) {
    if (!wanted) {
      return new PeerSeat(null, "it was not asked for");
    }
    try {
      return new PeerSeat(Peer.start(cache, log), null);
    } catch (IOException e) {
      return new PeerSeat(null, String.valueOf(e.getMessage()));
    }
  }

  Optional<Contestant.Server> server() {
    return Optional.ofNullable(peer).map(each -> new Contestant.Server(each.pid(), each.url()));
  }

  /** Why nobody sits in it; empty where somebody does. */
  Optional<String> absent() {
    return Optional.ofNullable(reason);
  }

  @Override
  public void close() {
    if (peer != null) {
      peer.close();
    }
  }
}
