/** Artifacts and the delivered ledger in S3. */
@NullMarked
package io.tierwise.aws.s3;

import org.jspecify.annotations.NullMarked;
