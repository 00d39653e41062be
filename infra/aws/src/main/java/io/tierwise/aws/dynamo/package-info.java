/** Keys, answers and budgets in DynamoDB. */
@NullMarked
package io.tierwise.aws.dynamo;

import org.jspecify.annotations.NullMarked;
