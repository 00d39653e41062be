package io.tierwise.router.request;

/**
 * What a caller allows the caches, after the standard {@code Cache-Control} request header.
 *
 * @param read a cached answer will do ({@code no-cache} forbids it)
 * @param write the answer may be kept ({@code no-store} forbids it)
 */
public record CacheUse(boolean read, boolean write) {
  public static final CacheUse ALLOWED = new CacheUse(true, true);
}
