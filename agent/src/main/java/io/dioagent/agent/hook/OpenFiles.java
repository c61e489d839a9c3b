package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Open files by descriptor number.
 *
 * <p>Readers take no lock: they may miss an entry that another thread is just adding, and must
 * treat a miss as "not known yet". What they find they check by identity, so an entry that is out
 * of date is a miss, too.
 *
 * <p>Thread-safe.
 */
final class OpenFiles {
  /** Numbers beyond have no entry; their files cannot be tagged. */
  private static final int LARGEST_NUMBER = 1 << 22;

  private static final int FIRST_SIZE = 256;

  /** Elements are written under this; the array is replaced when it is too short. */
  private OpenFile[] byNumber = new OpenFile[FIRST_SIZE];

  /** Whether tagged files may be added. Guarded by this. */
  private boolean takesTagged = true;

  /** Whether a number can have an entry. */
  static boolean holds(int number) {
    return number >= 0 && number <= LARGEST_NUMBER;
  }

  /** The entry of this very descriptor, or null if there is none yet. */
  OpenFile find(int number, FileDescriptor descriptor) {
    OpenFile[] files = byNumber;
    if (number >= 0 && number < files.length) {
      OpenFile file = files[number];
      if (file != null && file.isOf(descriptor)) {
        return file;
      }
    }
    return null;
  }

  /**
   * Adds an entry, unless the descriptor has one already; closes that of a descriptor which had the
   * number before.
   *
   * @return the entry that counts: two threads may see a channel for the first time at once, and
   *     neither must close what the other writes to; null if it is tagged, and none are taken
   */
  OpenFile add(int number, FileDescriptor descriptor, OpenFile file) {
    if (!holds(number)) {
      return file;
    }
    OpenFile before;
    synchronized (this) {
      before = find(number, descriptor);
      if (before != null) {
        return before;
      }
      if (file.isTagged() && !takesTagged) {
        return null;
      }
      if (number >= byNumber.length) {
        int size = Math.max(number + 1, byNumber.length * 2);
        byNumber = Arrays.copyOf(byNumber, size);
      }
      before = byNumber[number];
      byNumber[number] = file;
    }
    if (before != null) {
      IOException unheard = before.closeApart();
      if (unheard != null) {
        AgentLog.warn("a file whose close was not seen: " + unheard.getMessage());
      }
    }
    return file;
  }

  /** Takes out this very descriptor's entry; null if it has none. */
  synchronized OpenFile remove(int number, FileDescriptor descriptor) {
    OpenFile file = find(number, descriptor);
    if (file != null) {
      byNumber[number] = null;
    }
    return file;
  }

  /** Takes out the entry of a number if its descriptor object is gone; null if it is not. */
  synchronized OpenFile removeCleared(int number) {
    return remove(number, null);
  }

  /** Takes out all untagged entries. */
  synchronized void forgetUntagged() {
    for (int number = 0; number < byNumber.length; number++) {
      if (byNumber[number] != null && !byNumber[number].isTagged()) {
        byNumber[number] = null;
      }
    }
  }

  /** Takes no more tagged files, or takes them again. */
  synchronized void takeTagged(boolean take) {
    takesTagged = take;
  }

  /** The tagged files. */
  synchronized List<OpenFile> tagged() {
    List<OpenFile> tagged = new ArrayList<>();
    for (OpenFile file : byNumber) {
      if (file != null && file.isTagged()) {
        tagged.add(file);
      }
    }
    return tagged;
  }

  /** Takes out some entries; those of descriptors that were closed meanwhile are not there. */
  synchronized void forget(Set<OpenFile> gone) {
    for (int number = 0; number < byNumber.length; number++) {
      if (gone.contains(byNumber[number])) {
        byNumber[number] = null;
      }
    }
  }
}
