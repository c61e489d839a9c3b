package io.dioagent.agent.host;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;

/** Writes numbers to a file and reads them back by the streams' small reads, while it changes. */
public final class SmallReadsApp {
  private static final int NUMBERS = 200;

  private SmallReadsApp() {}

  /** Takes the file. Prints how long a long took, and fails on a wrong number. */
  public static void main(String[] arguments) throws IOException {
    byte[] block = new byte[8192];
    try (RandomAccessFile file = new RandomAccessFile(arguments[0], "rw")) {
      for (int round = 1; round <= 3; round++) {
        java.util.Arrays.fill(block, (byte) round);
        file.seek(0);
        file.write(block);
        file.seek(0);
        long before = System.nanoTime();
        for (int i = 0; i < NUMBERS; i++) {
          expect(0x0101010101010101L * round, file.readLong());
        }
        System.out.println((System.nanoTime() - before) / NUMBERS / 1000 + " us per long");
        expect(0x01010101L * round, file.readInt());
        expect(round, file.read());
        expect(round, file.readUnsignedByte());
        expect(NUMBERS * 8L + 6, file.getFilePointer());
        file.seek(8191);
        expect(round, file.read());
        expect(-1, file.read());
      }
    }
    try (DataInputStream in = new DataInputStream(new FileInputStream(arguments[0]))) {
      for (int i = 0; i < 8192 / 8; i++) {
        expect(0x0303030303030303L, in.readLong());
      }
      expect(-1, in.read());
    }
    System.out.println("read");
  }

  private static void expect(long expected, long actual) {
    if (expected != actual) {
      throw new AssertionError("read " + actual + ", expected " + expected);
    }
  }
}
