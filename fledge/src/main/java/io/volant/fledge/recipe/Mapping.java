package io.volant.fledge.recipe;

import java.nio.file.Path;

/**
 * A file or folder of the host and its place in the image.
 *
 * @param written the source as the recipe has it, for messages
 * @param source the same as an absolute path
 * @param destination an absolute path without {@code ..}, {@code .}, doubled and trailing slashes
 */
public record Mapping(String written, Path source, String destination) {}
