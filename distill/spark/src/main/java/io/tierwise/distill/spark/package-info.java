/** Training on Apache Spark: one replica in every worker JVM. */
@NullMarked
package io.tierwise.distill.spark;

import org.jspecify.annotations.NullMarked;
