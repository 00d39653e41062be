/** Endpoints of SageMaker as large models. */
@NullMarked
package io.tierwise.aws.sagemaker;

import org.jspecify.annotations.NullMarked;
