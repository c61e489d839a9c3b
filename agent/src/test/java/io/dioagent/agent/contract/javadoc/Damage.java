package io.dioagent.agent.contract.javadoc;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;

/** Deliberately damages the tagged side, which the comparison must find. */
enum Damage {
  NONE,
  /** One byte of the file is another one. */
  CONTENT,
  /** The file is longer by one byte. */
  SIZE,
  /** Records a wrong result. */
  RESULT;

  /** Strikes after the case's body. */
  void strike(Side side, Seen seen) throws IOException {
    if (this == RESULT) {
      seen.damage();
      return;
    }
    if (this == NONE || !Files.isRegularFile(side.file()) || Files.size(side.file()) == 0) {
      return;
    }
    try (RandomAccessFile file = new RandomAccessFile(side.file().toFile(), "rw")) {
      if (this == SIZE) {
        file.setLength(file.length() + 1);
        return;
      }
      long middle = file.length() / 2;
      file.seek(middle);
      int before = file.read();
      file.seek(middle);
      file.write(before + 1);
    }
  }
}
