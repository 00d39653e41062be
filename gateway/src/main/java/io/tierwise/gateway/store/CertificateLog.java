package io.tierwise.gateway.store;

import java.util.List;

/** The certificates of every task. Trouble with the store is a {@link StoreException}. */
public interface CertificateLog {
  /** Keeps a certificate for good; nothing happens where it was kept before. */
  void add(KeptCertificate certificate);

  /** All of a task, in the order in which they were kept. */
  List<KeptCertificate> of(String task);
}
