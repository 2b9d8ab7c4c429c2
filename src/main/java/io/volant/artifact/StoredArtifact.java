package io.volant.artifact;

/**
 * A boot medium in the store: immutable, and shared by all VMs that boot from it.
 *
 * @param digest sha256 of the content, 64 lower-case hex digits: its name in the store
 * @param path absolute path of the file
 * @param sizeBytes its length
 */
public record StoredArtifact(String digest, String path, long sizeBytes) {}
