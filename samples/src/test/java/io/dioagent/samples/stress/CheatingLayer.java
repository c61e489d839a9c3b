package io.dioagent.samples.stress;

import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.fault.FaultKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A layer that lets a cheat change the writes and results of another layer. Thread-safe if that
 * layer is.
 */
final class CheatingLayer implements Layer {
  private final Layer layer;
  private final Cheat cheat;

  /** Changes writes and results. */
  interface Cheat {
    /** Called before a write is issued. */
    default void writing(ByteBuffer memory, long position) {}

    /** Called when a write has ended; passes the result on. */
    default void ended(RecordWriter.Handler handler, long userData, long result) {
      handler.ended(userData, result);
    }
  }

  CheatingLayer(Layer layer, Cheat cheat) {
    this.layer = layer;
    this.cheat = cheat;
  }

  @Override
  public StageFiles open(Set<? extends OpenOption> options, OpenFailures failures)
      throws NotDirectException {
    StageFiles files = layer.open(options, failures);
    return new StageFiles() {
      @Override
      public boolean isOpen(int file) {
        return files.isOpen(file);
      }

      @Override
      public RecordWriter newWriter() {
        return new CheatingWriter(files.newWriter());
      }

      @Override
      public void force(int file) throws IOException {
        files.force(file);
      }

      @Override
      public void close() {
        files.close();
      }
    };
  }

  private final class CheatingWriter implements RecordWriter {
    private final RecordWriter writer;

    CheatingWriter(RecordWriter writer) {
      this.writer = writer;
    }

    @Override
    public ByteBuffer memory(int slot) {
      return writer.memory(slot);
    }

    @Override
    public void submit(int slot, int file, long position, long userData) throws IOException {
      cheat.writing(writer.memory(slot), position);
      writer.submit(slot, file, position, userData);
    }

    @Override
    public void await(Duration timeout, Handler handler) {
      writer.await(timeout, (userData, result) -> cheat.ended(handler, userData, result));
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  @Override
  public boolean isQuiet() {
    return layer.isQuiet();
  }

  @Override
  public boolean isDrained() {
    return layer.isDrained();
  }

  @Override
  public boolean successIsOnDevice() {
    return layer.successIsOnDevice();
  }

  @Override
  public Optional<Statistics> statistics() {
    return layer.statistics();
  }

  @Override
  public Map<FaultKind, Long> faultHits() {
    return layer.faultHits();
  }

  @Override
  public void close() {
    layer.close();
  }
}
