package io.tierwise.router.contract;

/**
 * Where audits go. Returns at once, for an audit is never made on the caller's time, and never
 * throws.
 */
@FunctionalInterface
public interface Audits {
  void submit(Audited audited);
}
