/**
 * The files of an image in memory, and the archives that they can be written as. Nothing here
 * touches a file of the host but to read the content of one.
 */
@NullMarked
package io.volant.fledge.tree;

import org.jspecify.annotations.NullMarked;
