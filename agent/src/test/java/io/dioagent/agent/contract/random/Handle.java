package io.dioagent.agent.contract.random;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/** An open channel, with the object that it comes from, if any. Not thread-safe. */
final class Handle implements Held {
  private final FileChannel channel;
  private final Closeable owner;
  private final boolean readable;
  private final boolean writable;

  /** Of a file that has another content now, or none, under its name. */
  private boolean detached;

  private Handle(FileChannel channel, Closeable owner, boolean readable, boolean writable) {
    this.channel = channel;
    this.owner = owner;
    this.readable = readable;
    this.writable = writable;
  }

  static Handle of(FileChannel channel, boolean readable, boolean writable) {
    return new Handle(channel, channel, readable, writable);
  }

  static Handle of(RandomAccessFile file, boolean writable) {
    return new Handle(file.getChannel(), file, true, writable);
  }

  static Handle of(FileOutputStream stream) {
    return new Handle(stream.getChannel(), stream, false, true);
  }

  static Handle of(FileInputStream stream) {
    return new Handle(stream.getChannel(), stream, true, false);
  }

  FileChannel channel() {
    return channel;
  }

  /** Null if it is none. */
  RandomAccessFile randomAccessFile() {
    return owner instanceof RandomAccessFile file ? file : null;
  }

  /** Null if it is none. */
  FileOutputStream outputStream() {
    return owner instanceof FileOutputStream stream ? stream : null;
  }

  /** Null if it is none. */
  FileInputStream inputStream() {
    return owner instanceof FileInputStream stream ? stream : null;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  boolean isReadable() {
    return readable;
  }

  boolean isWritable() {
    return writable;
  }

  boolean isDetached() {
    return detached;
  }

  void detach() {
    detached = true;
  }

  @Override
  public String state() throws IOException {
    if (!channel.isOpen()) {
      return "closed";
    }
    String state;
    try {
      state = "position " + channel.position() + " of " + channel.size();
    } catch (ClosedChannelException e) {
      return "closed meanwhile";
    }
    RandomAccessFile file = randomAccessFile();
    return file == null ? state : state + ", pointer " + file.getFilePointer();
  }

  /** By the channel; its owner is closed along with it. */
  @Override
  public void close() throws IOException {
    channel.close();
    owner.close();
  }
}
