package io.tierwise.gateway.store;

import io.tierwise.router.contract.Certificate;
import java.time.Instant;

/** A certificate with what it certifies. */
public record KeptCertificate(
    String id, String task, String artifact, Certificate certificate, Instant at) {}
