package io.dioagent.runtime.linux;

import java.util.concurrent.TimeUnit;

/**
 * Times and size that show a change of an open file, by this process or another: each write sets
 * the times as it begins, to the clock's last tick. Programs cannot set the change time.
 *
 * @param sizeBytes length of the file
 * @param modifiedSeconds st_mtime, since 1970
 * @param modifiedNanos the nanoseconds of it
 * @param changedSeconds st_ctime, since 1970
 * @param changedNanos the nanoseconds of it
 */
public record FileStamp(
    long sizeBytes,
    long modifiedSeconds,
    int modifiedNanos,
    long changedSeconds,
    int changedNanos) {

  /**
   * Returns an open file's stamp.
   *
   * @throws ErrnoException if statx(2) fails
   */
  public static FileStamp of(int fd) throws ErrnoException {
    return FileStatus.stampOf(fd);
  }

  /**
   * Returns whether the file did not change during the last milliseconds, by the system's clock.
   */
  public boolean isOlderThan(long millis) {
    long changedMillis =
        TimeUnit.SECONDS.toMillis(changedSeconds) + TimeUnit.NANOSECONDS.toMillis(changedNanos);
    return System.currentTimeMillis() - changedMillis > millis;
  }
}
