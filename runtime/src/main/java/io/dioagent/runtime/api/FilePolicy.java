package io.dioagent.runtime.api;

import java.time.Duration;
import java.util.Objects;

/**
 * The settings for writing and reading one file; in the agent, a tag's settings.
 *
 * @param deadline how long one write may take before it counts as lost; positive
 * @param onLost what happens to the caller of a lost write
 * @param onCollision what happens when the page cache keeps pages of a range that was written
 *     directly
 * @param fallbackAllowed whether a write that cannot go direct may go through the page cache; if
 *     not, it fails before any byte is written
 * @param write when a write returns
 * @param read whether reads go past the page cache
 */
public record FilePolicy(
    Duration deadline,
    OnLost onLost,
    OnCollision onCollision,
    boolean fallbackAllowed,
    WriteMode write,
    ReadMode read) {

  /**
   * Deadline 30 s, {@link OnLost#FAIL}, {@link OnCollision#REPORT}, fallback allowed, {@link
   * WriteMode#SYNC}, {@link ReadMode#BUFFERED}.
   */
  public static final FilePolicy DEFAULT =
      new FilePolicy(
          Duration.ofSeconds(30),
          OnLost.FAIL,
          OnCollision.REPORT,
          true,
          WriteMode.SYNC,
          ReadMode.BUFFERED);

  public FilePolicy {
    Objects.requireNonNull(onLost, "onLost");
    Objects.requireNonNull(onCollision, "onCollision");
    Objects.requireNonNull(write, "write");
    Objects.requireNonNull(read, "read");
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("deadline is " + deadline + ", expected more than zero");
    }
  }

  /** Returns the same policy with another deadline. */
  public FilePolicy withDeadline(Duration newDeadline) {
    return new FilePolicy(newDeadline, onLost, onCollision, fallbackAllowed, write, read);
  }

  /** Returns the same policy with another reaction to a lost completion. */
  public FilePolicy withOnLost(OnLost newOnLost) {
    return new FilePolicy(deadline, newOnLost, onCollision, fallbackAllowed, write, read);
  }

  /** Returns the same policy with another reaction to a page-cache collision. */
  public FilePolicy withOnCollision(OnCollision newOnCollision) {
    return new FilePolicy(deadline, onLost, newOnCollision, fallbackAllowed, write, read);
  }

  /** Returns the same policy with buffered fallback allowed or forbidden. */
  public FilePolicy withFallbackAllowed(boolean newFallbackAllowed) {
    return new FilePolicy(deadline, onLost, onCollision, newFallbackAllowed, write, read);
  }

  /** Returns the same policy with another write mode. */
  public FilePolicy withWrite(WriteMode newWrite) {
    return new FilePolicy(deadline, onLost, onCollision, fallbackAllowed, newWrite, read);
  }

  /** Returns the same policy with another read mode. */
  public FilePolicy withRead(ReadMode newRead) {
    return new FilePolicy(deadline, onLost, onCollision, fallbackAllowed, write, newRead);
  }
}
