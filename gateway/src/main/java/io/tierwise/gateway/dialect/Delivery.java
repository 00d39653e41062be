package io.tierwise.gateway.dialect;

/** How a caller wants a chat completion. */
public enum Delivery {
  /** As one object. */
  WHOLE,
  /** As server-sent events. */
  STREAM,
  /** As server-sent events, with the usage in a last one. */
  STREAM_WITH_USAGE
}
