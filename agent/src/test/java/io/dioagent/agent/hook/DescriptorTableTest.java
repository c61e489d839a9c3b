package io.dioagent.agent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.api.FilePolicy;
import java.io.FileDescriptor;
import org.junit.jupiter.api.Test;

class DescriptorTableTest {
  private static final TagRule RULE = new TagRule("test", Glob.of("/test/**"), FilePolicy.DEFAULT);

  private final DescriptorTable files = new DescriptorTable();

  private static OpenFile tagged(FileDescriptor descriptor, RecordingTarget target) {
    return OpenFile.redirected(descriptor, RULE, target);
  }

  @Test
  void anEntryIsFoundByNumberAndObject() {
    FileDescriptor descriptor = new FileDescriptor();
    OpenFile file = files.add(5, descriptor, OpenFile.untagged(descriptor));
    assertSame(file, files.find(5, descriptor));
    assertNull(files.find(5, new FileDescriptor()));
    assertNull(files.find(6, descriptor));
    assertNull(files.find(-1, descriptor));
    assertNull(files.find(Integer.MAX_VALUE, descriptor));
  }

  @Test
  void aReusedNumberClosesWhatHadIt() {
    RecordingTarget target = new RecordingTarget();
    FileDescriptor first = new FileDescriptor();
    files.add(5, first, tagged(first, target));
    FileDescriptor second = new FileDescriptor();
    files.add(5, second, OpenFile.untagged(second));
    assertEquals(1, target.closes);
    assertNull(files.find(5, first));
    assertFalse(files.find(5, second).isTagged());
  }

  @Test
  void addingTwiceKeepsTheFirst() {
    RecordingTarget target = new RecordingTarget();
    FileDescriptor descriptor = new FileDescriptor();
    OpenFile first = files.add(5, descriptor, tagged(descriptor, target));
    OpenFile second = files.add(5, descriptor, tagged(descriptor, new RecordingTarget()));
    assertSame(first, second);
    assertEquals(0, target.closes);
  }

  @Test
  void onlyTheObjectItselfRemovesItsEntry() {
    FileDescriptor descriptor = new FileDescriptor();
    OpenFile file = files.add(5, descriptor, tagged(descriptor, new RecordingTarget()));
    assertNull(files.remove(5, new FileDescriptor()));
    assertNull(files.removeCleared(5));
    assertSame(file, files.remove(5, descriptor));
    assertNull(files.find(5, descriptor));
    assertNull(files.remove(5, descriptor));
  }

  @Test
  void aClearedEntryIsRemovedByNumber() {
    FileDescriptor descriptor = new FileDescriptor();
    OpenFile file = files.add(5, descriptor, tagged(descriptor, new RecordingTarget()));
    file.clear();
    assertSame(file, files.removeCleared(5));
    assertNull(files.removeCleared(5));
  }

  @Test
  void numbersOfAllSizes() {
    FileDescriptor[] descriptors = new FileDescriptor[20];
    for (int i = 0; i < descriptors.length; i++) {
      descriptors[i] = new FileDescriptor();
      files.add(1 << i, descriptors[i], OpenFile.untagged(descriptors[i]));
    }
    for (int i = 0; i < descriptors.length; i++) {
      assertTrue(files.find(1 << i, descriptors[i]) != null, "number " + (1 << i));
    }
  }

  @Test
  void aFileIsClosedOnceAndNotTakenOnAgain() {
    RecordingTarget target = new RecordingTarget();
    FileDescriptor descriptor = new FileDescriptor();
    OpenFile file = tagged(descriptor, target);
    assertNotNull(file.targetIfAny());
    file.close();
    file.close();
    assertEquals(1, target.closes);
    assertNull(
        file.target(
            (number, rule) -> {
              throw new AssertionError("taken on after its close");
            },
            5));
  }
}
