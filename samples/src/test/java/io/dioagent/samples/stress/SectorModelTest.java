package io.dioagent.samples.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SectorModelTest {
  private static final int RECORD = 1;
  private static final int SECTORS = 4;
  private static final int RECORD_BYTES = SECTORS * SectorStamp.SECTOR_BYTES;

  private final SectorModel model = new SectorModel(3, SECTORS);

  @BeforeEach
  void zeros() {
    model.holdsZeros(RECORD);
  }

  private List<Long> allowed(int sector) {
    return LongStream.of(model.allowed(RECORD, sector)).sorted().boxed().toList();
  }

  private void assertAnything(int record, int sector) {
    assertNull(model.allowed(record, sector));
  }

  private void write(long version) {
    model.issued(RECORD, version);
    model.succeeded(RECORD, version, RECORD_BYTES);
  }

  @Test
  void aNewFileHoldsZerosAndAnotherAnything() {
    assertEquals(List.of(0L), allowed(0));
    assertAnything(RECORD + 1, 0);
  }

  @Test
  void aSuccessIsAllThatIsAllowed() {
    write(1);
    write(2);
    assertEquals(List.of(2L), allowed(0));
    assertEquals(List.of(2L), allowed(SECTORS - 1));
    assertAnything(RECORD - 1, SECTORS - 1);
  }

  @Test
  void aFailureAllowsBothUntilTheNextSuccess() {
    write(1);
    model.issued(RECORD, 2);
    model.issued(RECORD, 3);
    assertEquals(List.of(1L, 2L, 3L), allowed(2));
    write(4);
    assertEquals(List.of(4L), allowed(2));
  }

  @Test
  void aLostWriteMayLandOverALaterSuccess() {
    write(1);
    model.issued(RECORD, 2);
    model.lost(RECORD, 2);
    write(3);
    write(4);
    assertEquals(List.of(2L, 4L), allowed(0));
  }

  @Test
  void onceNothingIsLeftALostWriteIsAsAFailedOne() {
    model.issued(RECORD, 1);
    model.lost(RECORD, 1);
    write(2);
    model.nothingLeft();
    assertEquals(List.of(1L, 2L), allowed(0), "it may have landed");
    write(3);
    assertEquals(List.of(3L), allowed(0));
  }

  @Test
  void aShortSuccessHoldsForItsBytes() {
    write(1);
    model.issued(RECORD, 2);
    model.succeeded(RECORD, 2, 2 * SectorStamp.SECTOR_BYTES);
    assertEquals(List.of(2L), allowed(1));
    assertEquals(List.of(1L, 2L), allowed(2));
  }

  @Test
  void aSectorThatAShortSuccessCutsMayBeAMixture() {
    write(1);
    model.issued(RECORD, 2);
    model.succeeded(RECORD, 2, SectorStamp.SECTOR_BYTES + 100);
    assertEquals(List.of(2L), allowed(0));
    assertAnything(RECORD, 1);
    assertEquals(List.of(1L, 2L), allowed(2));
  }

  @Test
  void aFailedForceTakesBackWhatWasPromisedSinceTheLast() {
    write(1);
    model.forced(1);
    model.notForced();
    assertEquals(List.of(1L), allowed(0));
    write(2);
    model.notForced();
    assertAnything(RECORD, 0);
  }
}
