package io.dioagent.runtime.dio;

/** The accounts of a {@link CheckedRequest}: the expected effect of each call. */
final class Accounts {
  private int count = 1;
  private int accepted;
  private long transferred;
  private int firstIoErrno;
  private int firstPendingErrno;
  private int lastDropper = CheckedRequest.NO_ACTOR;
  private boolean released;
  private boolean returned;
  private boolean lateEnded;
  private final boolean[] dropped = new boolean[Explorer.MAX_ACTORS];

  /** Enters a call, as of its first section under the lock. */
  void book(int actor, PolicyCall call) {
    switch (call.name) {
      case "queued" -> {
        call.answer = !released;
        count += released ? 0 : 1;
        accepted += released ? 0 : 1;
      }
      case "refused" -> {
        count--;
        accepted--;
      }
      case "ended" -> {
        if (call.value < 0) {
          firstIoErrno = firstIoErrno == 0 ? (int) -call.value : firstIoErrno;
        } else {
          transferred += call.value;
        }
        lateEnded |= released;
        count--;
      }
      case "buffered" -> transferred += call.value;
      case "again" -> transferred -= call.value;
      case "pending" ->
          firstPendingErrno = firstPendingErrno == 0 ? (int) call.value : firstPendingErrno;
      case "submitted" -> {
        count--;
        returned = accepted == 0 && !released;
        call.answer = !returned;
      }
      case "expire", "cancel" -> {
        call.answer = count > 0 && !released;
        released |= call.answer;
      }
      default -> {}
    }
    if (call.drops()) {
      dropped[actor] = true;
      lastDropper = count == 0 && !returned ? actor : lastDropper;
    }
  }

  long expectedResult() {
    if (firstPendingErrno != 0) {
      return -firstPendingErrno;
    }
    return firstIoErrno != 0 ? -firstIoErrno : transferred;
  }

  boolean isReleased() {
    return released;
  }

  boolean isReturned() {
    return returned;
  }

  boolean hasEndedLate() {
    return lateEnded;
  }

  int count() {
    return count;
  }

  long transferred() {
    return transferred;
  }

  int lastDropper() {
    return lastDropper;
  }

  /** Returns whether an actor has dropped its count. */
  boolean hasDropped(int actor) {
    return dropped[actor];
  }
}
