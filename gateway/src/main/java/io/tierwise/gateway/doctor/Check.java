package io.tierwise.gateway.doctor;

/** Looks at one thing. */
@FunctionalInterface
interface Check {
  Finding look();
}
