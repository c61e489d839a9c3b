package io.dioagent.samples.stress;

import com.sun.nio.file.ExtendedOpenOption;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.fault.FaultKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes with plain file channels. */
final class ChannelLayer implements Layer {
  private final StressConfig config;

  ChannelLayer(StressConfig config) {
    this.config = config;
  }

  @Override
  public StageFiles open(Set<? extends OpenOption> options, OpenFailures failures) {
    Set<OpenOption> all = new HashSet<>(options);
    all.add(StandardOpenOption.WRITE);
    if (config.access().direct()) {
      all.add(ExtendedOpenOption.DIRECT);
    }
    if (config.access().synchronous()) {
      all.add(StandardOpenOption.SYNC);
    }
    List<FileChannel> channels =
        FileList.open(config.files(), path -> FileChannel.open(path, all), failures);
    return new Channels(channels, failures);
  }

  private final class Channels implements StageFiles {
    private final List<FileChannel> channels;
    private final OpenFailures failures;

    Channels(List<FileChannel> channels, OpenFailures failures) {
      this.channels = channels;
      this.failures = failures;
    }

    @Override
    public boolean isOpen(int file) {
      return channels.get(file) != null;
    }

    @Override
    public RecordWriter newWriter() {
      return new SyncWriter(
          (file, source, position) -> channels.get(file).write(source, position),
          config.shape().recordBytes());
    }

    @Override
    public void force(int file) throws IOException {
      channels.get(file).force(false);
    }

    @Override
    public void close() {
      FileList.close(channels, config.files(), failures);
    }
  }

  /** Returns false always: an agent may have given up on a write that is still in flight. */
  @Override
  public boolean isQuiet() {
    return false;
  }

  @Override
  public boolean isDrained() {
    return true;
  }

  @Override
  public boolean successIsOnDevice() {
    return config.access().direct() || config.access().synchronous();
  }

  @Override
  public Optional<Statistics> statistics() {
    return Optional.empty();
  }

  @Override
  public Map<FaultKind, Long> faultHits() {
    return Map.of();
  }

  @Override
  public void close() {}
}
