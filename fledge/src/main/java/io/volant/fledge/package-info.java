/**
 * The artifact builder. A recipe is read ({@code Recipe}), made into a list of steps ({@code
 * BuildPlan}), and each step adds to one {@code Draft}. Of the rest of the project only the
 * manifest records are used.
 */
@NullMarked
package io.volant.fledge;

import org.jspecify.annotations.NullMarked;
