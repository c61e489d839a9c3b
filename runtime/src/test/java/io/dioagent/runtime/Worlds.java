package io.dioagent.runtime;

import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.schedule.Schedules;
import java.time.Duration;

/** Options and policies of a {@link ScheduledWorld}. */
final class Worlds {
  private Worlds() {}

  static final RuntimeOptions SMALL = new RuntimeOptions(4, 8192, 1 << 20);

  /** Chunks of one block, and memory for four: half of it for one device. */
  static final RuntimeOptions TIGHT = new RuntimeOptions(2, 4096, 4 * 4096);

  /** Chunks of one block, and memory for all. */
  static final RuntimeOptions ONE_BLOCK_CHUNKS = new RuntimeOptions(4, 4096, 1 << 18);

  static final RuntimeOptions ONE_BLOCK = new RuntimeOptions(1, 4096, 4096);

  static final Duration DEADLINE = Duration.ofMillis(200);

  static final FilePolicy SHORT = FilePolicy.DEFAULT.withDeadline(DEADLINE);
  static final FilePolicy PIPELINED = FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED);
  static final FilePolicy BEHIND = FilePolicy.DEFAULT.withWrite(WriteMode.BEHIND);
  static final FilePolicy BEHIND_SHORT = BEHIND.withDeadline(Duration.ofMillis(60));
  static final FilePolicy PIPELINED_SHORT = PIPELINED.withDeadline(DEADLINE);

  /** Around the time at which the watchdog finds a write overdue. */
  static long lateMillis() {
    return 200L + 20L * Schedules.choice(12);
  }

  static final Ended NOTHING = (bytes, failure) -> {};
}
