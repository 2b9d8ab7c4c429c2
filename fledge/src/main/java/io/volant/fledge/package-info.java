/**
 * The commands of the artifact builder. A recipe is read ({@code recipe}), made into a list of
 * steps ({@code step.BuildPlan}), and each step adds to one draft. Of the rest of the project only
 * the manifest records are used.
 */
@NullMarked
package io.volant.fledge;

import org.jspecify.annotations.NullMarked;
