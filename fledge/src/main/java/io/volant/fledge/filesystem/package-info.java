/**
 * Writes a tree as a file system that a machine can have as its root, without root or loop devices.
 */
@NullMarked
package io.volant.fledge.filesystem;

import org.jspecify.annotations.NullMarked;
