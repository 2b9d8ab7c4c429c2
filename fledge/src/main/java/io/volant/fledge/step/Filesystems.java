package io.volant.fledge.step;

import io.volant.fledge.filesystem.FilesystemOptions;
import io.volant.fledge.filesystem.FilesystemWriter;

/** Where a build gets what writes file systems. */
public interface Filesystems {
  /** What writes such a file system. */
  FilesystemWriter writer(FilesystemOptions options);
}
