package io.dioagent.agent.contract.random;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One of the two files, with its names and all that is open on it. Not thread-safe. */
final class FileSide implements AutoCloseable {
  static final int SLOTS = 6;

  private final Path directory;
  private final Path outside;
  private final Path source;

  private final Slots<Handle> handles = new Slots<>("channel", SLOTS);
  private final Slots<Handle> directs = new Slots<>("direct", 1);
  private final Slots<AsynchronousHandle> asynchronous = new Slots<>("asynchronous", 2);
  private final Slots<KeptMapping> mappings = new Slots<>("mapping", 3);

  /** By which the file can be opened. */
  enum Name {
    FILE,
    /** Not in the directory: the file is found through it. */
    SYMBOLIC_LINK,
    HARD_LINK,
    /** Not in the directory, and so not tagged on either side. */
    FOREIGN_LINK
  }

  /**
   * A side.
   *
   * @param directory of the file; tagged on one of the sides
   * @param outside another one on the same file system, not tagged
   * @param source a file that is transferred from; the same for both sides
   */
  FileSide(Path directory, Path outside, Path source) {
    this.directory = directory;
    this.outside = outside;
    this.source = source;
  }

  Path file() {
    return directory.resolve("file");
  }

  Path path(Name name) {
    return switch (name) {
      case FILE -> file();
      case SYMBOLIC_LINK -> outside.resolve("symbolic-link");
      case HARD_LINK -> directory.resolve("hard-link");
      case FOREIGN_LINK -> outside.resolve("foreign-link");
    };
  }

  /** Another name in the file's directory, for it or for its replacement. */
  Path aside() {
    return directory.resolve("aside");
  }

  /** The target of transfers. */
  Path sink() {
    return outside.resolve("sink");
  }

  Path source() {
    return source;
  }

  Slots<Handle> handles() {
    return handles;
  }

  /** Channels that the application opened for direct I/O itself. */
  Slots<Handle> directs() {
    return directs;
  }

  Slots<AsynchronousHandle> asynchronous() {
    return asynchronous;
  }

  Slots<KeptMapping> mappings() {
    return mappings;
  }

  /** Null if nothing was opened there yet. */
  Handle handle(int slot) {
    return handles.get(slot);
  }

  /** Puts a channel there that was opened by a name. */
  void put(int slot, Name name, Handle handle) throws IOException {
    handles.put(slot, handle);
    if (!Files.exists(file()) || !Files.isSameFile(path(name), file())) {
      handle.detach();
    }
  }

  long sizeBytes() throws IOException {
    return Files.exists(file()) ? Files.size(file()) : 0;
  }

  /** The name of the file means another one now, or none. */
  void detachAll() {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (handles.get(slot) != null) {
        handles.get(slot).detach();
      }
    }
  }

  /** All that an application can see, but for the content. */
  String state() throws IOException {
    StringBuilder state = new StringBuilder();
    state.append(Files.exists(file()) ? "file of " + Files.size(file()) : "no file");
    handles.appendState(state);
    directs.appendState(state);
    asynchronous.appendState(state);
    mappings.appendState(state);
    return state.toString();
  }

  /** Returns a message without the intended differences. */
  String anonymous(String message) {
    return message.replace(outside.toString(), "OUTSIDE").replace(directory.toString(), "DIR");
  }

  @Override
  public void close() throws IOException {
    try (handles;
        directs;
        asynchronous) {
      mappings.close();
    }
  }
}
