package io.tierwise.router.contract;

/**
 * Where audits go. Returns once the audit is safe, for what was drawn is never forgotten, and
 * before it is made, for that is never done on the caller's time. Never throws.
 */
@FunctionalInterface
public interface Audits {
  void submit(Audited audited);
}
