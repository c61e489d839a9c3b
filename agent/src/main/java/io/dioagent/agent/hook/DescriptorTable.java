package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import java.io.FileDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Open files by descriptor number.
 *
 * <p>Readers take no lock: they may miss an entry that another thread is just adding, and must
 * treat a miss as "not known yet". They check by identity what they find, so an outdated entry is a
 * miss, too.
 *
 * <p>Thread-safe.
 */
final class DescriptorTable {
  /**
   * Limits the table: descriptors with a larger number have no entry, and their files are not
   * tagged.
   */
  private static final int LARGEST_NUMBER = 1 << 22;

  private static final int FIRST_SIZE = 256;

  /** Written under this; replaced when it is too short. */
  private OpenFile[] byNumber = new OpenFile[FIRST_SIZE];

  /** Whether tagged files may be added. Guarded by this. */
  private boolean takesTagged = true;

  /** Whether a number can have an entry. */
  static boolean holds(int number) {
    return number >= 0 && number <= LARGEST_NUMBER;
  }

  /** Returns the entry of this very descriptor, or null if there is none yet. */
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
   * Adds an entry, unless the descriptor has one already. Closes the entry of an earlier descriptor
   * with the same number.
   *
   * @return the entry in effect; null if the file is tagged, and no tagged files are accepted. Two
   *     threads may see a channel for the first time at once: neither must close the other's entry
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
      Throwable lost = before.closeApart();
      if (lost != null) {
        AgentLog.warn("a file whose close was not seen: " + lost.getMessage());
      }
    }
    return file;
  }

  /** Removes this very descriptor's entry, and returns it; null if it has none. */
  synchronized OpenFile remove(int number, FileDescriptor descriptor) {
    OpenFile file = find(number, descriptor);
    if (file != null) {
      byNumber[number] = null;
    }
    return file;
  }

  /**
   * Removes the entry of a number if its descriptor object is gone, and returns it; null otherwise.
   */
  synchronized OpenFile removeCleared(int number) {
    return remove(number, null);
  }

  /** Removes all untagged entries. */
  synchronized void forgetUntagged() {
    for (int number = 0; number < byNumber.length; number++) {
      if (byNumber[number] != null && !byNumber[number].isTagged()) {
        byNumber[number] = null;
      }
    }
  }

  /** Sets whether tagged files are accepted. */
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

  /** Removes some entries; those of descriptors that were closed meanwhile are gone already. */
  synchronized void forget(Set<OpenFile> gone) {
    for (int number = 0; number < byNumber.length; number++) {
      if (gone.contains(byNumber[number])) {
        byNumber[number] = null;
      }
    }
  }
}
