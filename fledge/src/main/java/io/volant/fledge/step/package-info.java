/** The steps of a build, one class each, and {@code BuildPlan}, which puts them in order. */
@NullMarked
package io.volant.fledge.step;

import org.jspecify.annotations.NullMarked;
