/** Training and certifying routers between two models. */
@NullMarked
package io.tierwise.distill.win;

import org.jspecify.annotations.NullMarked;
