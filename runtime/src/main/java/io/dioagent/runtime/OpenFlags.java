package io.dioagent.runtime;

import io.dioagent.runtime.linux.Linux;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** Converts options of {@link DirectRuntime#open} to flags of open(2). */
final class OpenFlags {
  private OpenFlags() {}

  static int of(OpenOption... options) {
    int flags = Linux.O_RDWR | Linux.O_CLOEXEC;
    for (OpenOption option : options) {
      if (!(option instanceof StandardOpenOption standard)) {
        throw new UnsupportedOperationException(
            "open option is "
                + option
                + ", expected one of "
                + List.of(StandardOpenOption.values()));
      }
      switch (standard) {
        case READ, WRITE, SPARSE -> {}
        case CREATE -> flags |= Linux.O_CREAT;
        case CREATE_NEW -> flags |= Linux.O_CREAT | Linux.O_EXCL;
        case TRUNCATE_EXISTING -> flags |= Linux.O_TRUNC;
        case APPEND -> flags |= Linux.O_APPEND;
        case SYNC -> flags |= Linux.O_SYNC;
        case DSYNC -> flags |= Linux.O_DSYNC;
        default ->
            throw new UnsupportedOperationException(
                "open option " + option + " of " + Arrays.toString(options) + " is not supported");
      }
    }
    return flags;
  }
}
