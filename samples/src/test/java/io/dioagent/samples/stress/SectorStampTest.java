package io.dioagent.samples.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SectorStampTest {
  private static final int AT = SectorStamp.SECTOR_BYTES;

  private final SectorStamp stamp = new SectorStamp(7);
  private final ByteBuffer buffer = ByteBuffer.allocate(3 * SectorStamp.SECTOR_BYTES);

  @Test
  void itsOwnVersionIsReadBack() {
    stamp.put(buffer, AT, 2, 99, 5);
    assertEquals(5, stamp.versionAt(buffer, AT, 2, 99));
    assertEquals(SectorStamp.ZEROS, stamp.versionAt(buffer, 0, 2, 98), "its neighbour");
    assertEquals(SectorStamp.ZEROS, stamp.versionAt(buffer, 2 * AT, 2, 100), "its neighbour");
  }

  @Test
  void anotherFilesSectorsOrRunsStampIsForeign() {
    stamp.put(buffer, AT, 2, 99, 5);
    assertEquals(SectorStamp.FOREIGN, stamp.versionAt(buffer, AT, 3, 99));
    assertEquals(SectorStamp.FOREIGN, stamp.versionAt(buffer, AT, 2, 98));
    assertEquals(SectorStamp.FOREIGN, new SectorStamp(8).versionAt(buffer, AT, 2, 99));
  }

  @Test
  void everyBitCounts() {
    for (int bit = 0; bit < SectorStamp.SECTOR_BYTES * Byte.SIZE; bit++) {
      stamp.put(buffer, AT, 2, 99, 5);
      int at = AT + bit / Byte.SIZE;
      buffer.put(at, (byte) (buffer.get(at) ^ 1 << bit % Byte.SIZE));
      assertEquals(SectorStamp.FOREIGN, stamp.versionAt(buffer, AT, 2, 99), "bit " + bit);
    }
  }

  @Test
  void aMixtureOfTwoVersionsIsForeign() {
    ByteBuffer newer = ByteBuffer.allocate(buffer.capacity());
    // Up to the last byte of the version the two are the same.
    for (int cut = 32; cut < SectorStamp.SECTOR_BYTES; cut++) {
      stamp.put(buffer, AT, 2, 99, 5);
      stamp.put(newer, AT, 2, 99, 6);
      buffer.put(AT, newer, AT, cut);
      assertEquals(SectorStamp.FOREIGN, stamp.versionAt(buffer, AT, 2, 99), "cut " + cut);
    }
  }

  @Test
  void bytesOfTheVersionsAreAMixtureAndAnyOtherByteIsNot() {
    ByteBuffer newer = ByteBuffer.allocate(buffer.capacity());
    stamp.put(newer, AT, 2, 99, 6);
    for (int cut = 0; cut <= SectorStamp.SECTOR_BYTES; cut++) {
      stamp.put(buffer, AT, 2, 99, 5);
      buffer.put(AT, newer, AT, cut);
      assertTrue(stamp.isMixture(buffer, AT, 2, 99, new long[] {5, 6}), "cut " + cut);
      assertFalse(stamp.isMixture(buffer, AT, 2, 99, new long[] {7, 8}), "cut " + cut);
    }
    buffer.put(AT + 200, new byte[100]);
    assertFalse(stamp.isMixture(buffer, AT, 2, 99, new long[] {5, 6}));
    assertTrue(stamp.isMixture(buffer, AT, 2, 99, new long[] {5, SectorStamp.ZEROS, 6}));
  }

  @Test
  void aByteInASectorOfZerosIsForeign() {
    buffer.put(2 * AT - 1, (byte) 1);
    assertEquals(SectorStamp.FOREIGN, stamp.versionAt(buffer, AT, 2, 99));
  }
}
