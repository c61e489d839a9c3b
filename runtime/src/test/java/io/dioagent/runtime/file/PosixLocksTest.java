package io.dioagent.runtime.file;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixLocksTest {
  @TempDir Path directory;

  @Test
  void heldAndNot() throws Exception {
    Path file = Files.createFile(directory.resolve("f"));
    long inode = (Long) Files.getAttribute(file, "unix:ino");
    assertFalse(PosixLocks.held(inode));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      try (var lock = channel.lock(10, 20, false)) {
        assertTrue(lock.isValid());
        assertTrue(PosixLocks.held(inode));
        assertFalse(PosixLocks.held(inode + 1_000_000_007));
      }
      assertFalse(PosixLocks.held(inode));
    }
  }

  @Test
  void lines() {
    assertTrue(PosixLocks.isHeld("1: POSIX  ADVISORY  WRITE 42 08:01:7 0 EOF", "42", 7));
    assertFalse(PosixLocks.isHeld("1: POSIX  ADVISORY  WRITE 42 08:01:17 0 EOF", "42", 7));
    assertFalse(PosixLocks.isHeld("1: POSIX  ADVISORY  WRITE 421 08:01:7 0 EOF", "42", 7));
    assertFalse(PosixLocks.isHeld("1: FLOCK  ADVISORY  WRITE 42 08:01:7 0 EOF", "42", 7));
    assertFalse(PosixLocks.isHeld("1: -> POSIX  ADVISORY  WRITE 42 08:01:7 0 9", "42", 7));
    assertFalse(PosixLocks.isHeld("", "42", 7));
  }

  @Test
  void amongMany() throws Exception {
    Path many = Files.createFile(directory.resolve("many"));
    Path one = Files.createFile(directory.resolve("one"));
    try (FileChannel ofMany = FileChannel.open(many, StandardOpenOption.WRITE);
        FileChannel ofOne = FileChannel.open(one, StandardOpenOption.WRITE)) {
      for (int i = 0; i < 250; i++) {
        assertTrue(ofMany.lock(i * 2L, 1, false).isValid());
      }
      assertTrue(ofOne.lock().isValid());
      for (int i = 250; i < 500; i++) {
        assertTrue(ofMany.lock(i * 2L, 1, false).isValid());
      }
      assertTrue(PosixLocks.held((Long) Files.getAttribute(one, "unix:ino")));
    }
  }
}
