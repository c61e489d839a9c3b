package io.dioagent.agent.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One of the two files, with the channels open on it. Not thread-safe. */
final class FileSide implements AutoCloseable {
  static final int SLOTS = 5;

  private final Path file;

  /** Not tagged on either side: what is transferred to. */
  private final Path sink;

  /** Not tagged: what is transferred from. The same for both sides. */
  private final Path source;

  private final Handle[] handles = new Handle[SLOTS];

  FileSide(Path file, Path sink, Path source) {
    this.file = file;
    this.sink = sink;
    this.source = source;
  }

  Path file() {
    return file;
  }

  Path sink() {
    return sink;
  }

  Path source() {
    return source;
  }

  /** Null if nothing was opened there yet. */
  Handle handle(int slot) {
    return handles[slot];
  }

  /** Closes what was there before. */
  void put(int slot, Handle handle) throws IOException {
    Handle before = handles[slot];
    handles[slot] = handle;
    if (before != null) {
      before.close();
    }
  }

  long sizeBytes() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** The name of the file means another one now, or none. */
  void detachAll() {
    for (Handle handle : handles) {
      if (handle != null) {
        handle.detach();
      }
    }
  }

  /** All that an application can see, but for the content. */
  String state() throws IOException {
    StringBuilder state = new StringBuilder();
    state.append(Files.exists(file) ? "file of " + Files.size(file) : "no file");
    for (int slot = 0; slot < SLOTS; slot++) {
      if (handles[slot] != null) {
        state.append("; ").append(slot).append(": ").append(handles[slot].state());
      }
    }
    return state.toString();
  }

  /** A message without what is different by intention. */
  String anonymous(String message) {
    return message.replace(file.toString(), "FILE").replace(sink.toString(), "SINK");
  }

  @Override
  public void close() throws IOException {
    for (int slot = 0; slot < SLOTS; slot++) {
      put(slot, null);
    }
  }
}
