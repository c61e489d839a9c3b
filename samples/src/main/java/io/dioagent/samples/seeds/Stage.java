package io.dioagent.samples.seeds;

import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.jfr.JfrEventSink;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The environment of a sample: its files, events and output. Thread-safe. */
final class Stage {
  /** Prefix of a line with a fact; all other lines are only for reading. */
  static final String FACT = "fact ";

  private final Path directory;
  private final PrintStream out;
  private final EventSink events = new JfrEventSink();

  Stage(Path directory, PrintStream out) {
    this.directory = directory;
    this.out = out;
  }

  /** Returns the source of the recording's events. */
  EventSink events() {
    return events;
  }

  /** Starts the unmodified runtime on an engine. */
  DirectRuntime runtime(AioEngine engine) {
    return DirectRuntime.start(RuntimeOptions.DEFAULT, events, engine);
  }

  /** Prints a line for reading. */
  void happened(String line) {
    out.println(line);
  }

  /** Prints a number for the judge. */
  void fact(String key, long value) {
    out.println(FACT + key + "=" + value);
  }

  /** Makes a file of equal bytes, all on the device and none in the page cache. */
  Path written(String name, int lengthBytes, byte content) throws IOException {
    Path file = directory.resolve(name);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(Bytes.of(content, lengthBytes)));
      channel.force(true);
    }
    int fd = (int) Linux.open(file.toString(), Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
    Linux.dropPages(fd, 0, 0);
    Linux.close(fd);
    return file;
  }

  /** Makes a file that is one hole: its pages are zero, and are filled without a read. */
  Path hole(String name, long lengthBytes) throws IOException {
    Path file = directory.resolve(name);
    try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
      made.setLength(lengthBytes);
    }
    return file;
  }
}
