package io.dioagent.runtime.fault;

/** What can be made to go wrong, by the names of the option. */
public enum FaultKind {
  /** The device answers EIO. The data may be on it all the same, as with a real device. */
  EIO("eio"),
  /** The device answers ENOSPC. */
  ENOSPC("enospc"),
  /** The completion tells half of the bytes. */
  SHORT("short"),
  /** The completion comes later, by for=. */
  DELAY("delay"),
  /** The completion never comes. */
  LOSE("lose"),
  /** The completion comes twice. */
  DUPLICATE("duplicate"),
  /** The completion comes long after its deadline: by for=. */
  LATE("late"),
  /** io_submit says EAGAIN, as with a full ring. */
  SUBMIT_EAGAIN("submit-eagain"),
  /** io_submit does not return for the time of for=; with RWF_NOWAIT the write answers EAGAIN. */
  SUBMIT_BLOCK("submit-block");

  private final String option;

  FaultKind(String option) {
    this.option = option;
  }

  /** The name in the option. */
  public String option() {
    return option;
  }
}
