package io.volant.fledge.step;

import java.nio.file.Path;

/**
 * What a build has made.
 *
 * @param artifact the image
 * @param manifestFile its plugin manifest
 * @param sha256 the image's checksum, 64 lower-case hexadecimal digits
 * @param sizeBytes the image's size
 */
public record BuildResult(Path artifact, Path manifestFile, String sha256, long sizeBytes) {}
