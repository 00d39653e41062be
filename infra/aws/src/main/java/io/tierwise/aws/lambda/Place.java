package io.tierwise.aws.lambda;

import java.net.URI;
import java.nio.file.Path;

/** Where files lie: a directory, or what begins with a prefix in a bucket. */
sealed interface Place {
  /** A directory of this machine. */
  record Directory(Path path) implements Place {}

  /** A bucket's objects. */
  record Bucket(String name, String prefix) implements Place {}

  /** Reads {@code s3://BUCKET/PREFIX}, and anything else as a directory. */
  static Place of(String text) {
    if (!text.startsWith("s3://")) {
      return new Directory(Path.of(text));
    }
    URI uri = URI.create(text);
    String path = uri.getPath();
    return new Bucket(uri.getHost(), path.startsWith("/") ? path.substring(1) : path);
  }
}
