package io.dioagent.samples.seeds;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.KernelAio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A write is direct in part, and then has to fall back; in between, a second writer overwrites its
 * first block. Broken, as in {@link ForgottenProgress}: the fallback writes all of it, so that the
 * direct part is written twice and the second writer's newer bytes are lost.
 */
final class WholeRequestRedo implements Sample {
  private static final int WRITE_BYTES = 64 << 10;
  private static final int DIRECT_BYTES = 16 << 10;
  private static final int SECOND_BYTES = 4096;
  private static final byte OLD = 'o';
  private static final byte FIRST = '1';
  private static final byte SECOND = '2';

  @Override
  public List<Variant> variants() {
    return Variant.brokenAndFixed(
        "all of the write is written again: 16 KiB of it twice, and the second writer's 4 KiB, which"
            + " are newer, are overwritten",
        "only the rest falls back: no byte is written twice, and the second writer's stay");
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path path = stage.written("whole-request", WRITE_BYTES, OLD);
    PartialDevice device = new PartialDevice(new KernelAio(), DIRECT_BYTES);
    AioEngine between = new InBetween(device, () -> writeSecond(path));
    AioEngine engine = variant.broken() ? new ForgottenProgress(between) : between;
    long result;
    try (DirectRuntime runtime = stage.runtime(engine);
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT)) {
      result = Bytes.write(file, FIRST, WRITE_BYTES, 0);
    }
    long second = Bytes.count(Bytes.read(path, 0, SECOND_BYTES), SECOND);
    stage.happened("the first writer gets " + Bytes.describe(result));
    stage.happened("the device took " + device.writtenBytes() + " of them directly");
    stage.happened(
        "of the second writer's " + SECOND_BYTES + " bytes " + second + " are in the file");
    stage.fact("result", result);
    stage.fact("direct bytes", device.writtenBytes());
    stage.fact("second writer's bytes", second);
  }

  private static void writeSecond(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(Bytes.of(SECOND, SECOND_BYTES)), 0);
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Verdict judge(Outcome outcome) {
    long fallback =
        outcome.events("BufferedFallback").stream()
            .mapToLong(event -> event.getLong("length"))
            .sum();
    long twice = outcome.fact("direct bytes") + fallback - WRITE_BYTES;
    long second = outcome.fact("second writer's bytes");
    boolean asPlanned =
        outcome.fact("result") == WRITE_BYTES && outcome.fact("direct bytes") == DIRECT_BYTES;
    return Verdict.of(
        asPlanned && fallback == WRITE_BYTES && twice == DIRECT_BYTES && second == 0,
        asPlanned && fallback == WRITE_BYTES - DIRECT_BYTES && twice == 0 && second == SECOND_BYTES,
        "fallback of "
            + fallback
            + " bytes, "
            + twice
            + " written twice, "
            + (SECOND_BYTES - second)
            + " newer ones of a second writer overwritten");
  }
}
