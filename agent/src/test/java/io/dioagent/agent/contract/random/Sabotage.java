package io.dioagent.agent.contract.random;

import java.io.IOException;
import java.io.RandomAccessFile;

/** Damages the tagged file on purpose, so that the comparison has something to find. */
enum Sabotage {
  /** One byte of the last write. */
  CONTENT {
    @Override
    String strike(FileSide tagged, Operation operation, String outcome) throws IOException {
      damage(tagged, Math.max(0, Math.min(operation.range().from(), tagged.sizeBytes() - 1)));
      return outcome;
    }
  },
  /** The file's first byte, far from the writes: only a whole comparison finds it. */
  CONTENT_ELSEWHERE {
    @Override
    String strike(FileSide tagged, Operation operation, String outcome) throws IOException {
      damage(tagged, 0);
      return outcome;
    }
  },
  /** One byte too many in the file. */
  SIZE {
    @Override
    String strike(FileSide tagged, Operation operation, String outcome) throws IOException {
      try (RandomAccessFile file = new RandomAccessFile(tagged.file().toFile(), "rw")) {
        file.setLength(file.length() + 1);
      }
      return outcome;
    }
  },
  /** A channel that is one byte further. */
  POSITION {
    @Override
    String strike(FileSide tagged, Operation operation, String outcome) throws IOException {
      for (int slot = 0; slot < FileSide.SLOTS; slot++) {
        Handle handle = tagged.handle(slot);
        if (handle != null && handle.isOpen()) {
          handle.channel().position(handle.channel().position() + 1);
        }
      }
      return outcome;
    }
  },
  /** Another answer. */
  OUTCOME {
    @Override
    String strike(FileSide tagged, Operation operation, String outcome) {
      return outcome + "0";
    }
  };

  /**
   * Strikes after an operation that has a range.
   *
   * @return the outcome to be compared
   */
  abstract String strike(FileSide tagged, Operation operation, String outcome) throws IOException;

  /** Not through a channel, so that it works in the page cache only, and the agent sees nothing. */
  private static void damage(FileSide tagged, long offset) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(tagged.file().toFile(), "rw")) {
      file.seek(offset);
      int before = file.read();
      file.seek(offset);
      file.write(before + 1); // Not a flipped bit: every second strike would mend it.
    }
  }
}
