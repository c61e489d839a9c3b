package io.dioagent.agent.weave;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.SyncFailedException;
import net.bytebuddy.asm.Advice;
import sun.nio.ch.DioCalls;
import sun.nio.ch.DioHook;
import sun.nio.ch.DioNotices;

/** Advice for streams, for their descriptors, and for processes, which inherit some. */
final class StreamAdvice {
  static final class WriteByte {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.FieldValue("fd") FileDescriptor fd, @Advice.Argument(0) int value)
        throws IOException {
      return DioCalls.writeByte(fd, value) != DioHook.NOT_MINE;
    }
  }

  static final class WriteArray {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.FieldValue("fd") FileDescriptor fd, @Advice.Argument(0) byte[] bytes)
        throws IOException {
      return DioCalls.writeBytes(fd, bytes) != DioHook.NOT_MINE;
    }
  }

  static final class WriteRange {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.FieldValue("fd") FileDescriptor fd,
        @Advice.Argument(0) byte[] bytes,
        @Advice.Argument(1) int offset,
        @Advice.Argument(2) int length)
        throws IOException {
      return DioCalls.writeBytes(fd, bytes, offset, length) != DioHook.NOT_MINE;
    }
  }

  static final class ReadByte {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.FieldValue("fd") FileDescriptor fd, @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.readByte(fd);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class ReadArray {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.FieldValue("fd") FileDescriptor fd,
        @Advice.Argument(0) byte[] bytes,
        @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.readBytes(fd, bytes);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class ReadRange {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.FieldValue("fd") FileDescriptor fd,
        @Advice.Argument(0) byte[] bytes,
        @Advice.Argument(1) int offset,
        @Advice.Argument(2) int length,
        @Advice.Local("answer") long answer)
        throws IOException {
      answer = DioCalls.readBytes(fd, bytes, offset, length);
      return answer != DioHook.NOT_MINE;
    }
  }

  /** Methods that look at a file's size or its bytes in other ways. */
  static final class Touch {
    @Advice.OnMethodEnter
    static void enter(@Advice.FieldValue("fd") FileDescriptor fd) {
      DioNotices.touching(fd);
    }
  }

  static final class SetLength {
    @Advice.OnMethodEnter
    static void enter(@Advice.FieldValue("fd") FileDescriptor fd) {
      DioNotices.entering(fd);
    }

    @Advice.OnMethodExit(backupArguments = false)
    static void exit(@Advice.FieldValue("fd") FileDescriptor fd) {
      DioNotices.changed(fd);
    }
  }

  /** {@code RandomAccessFile.open} of JDKs whose native methods look past the agent. */
  static final class OpenUnguarded {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) Object path) {
      DioNotices.opening(path);
    }

    @Advice.OnMethodExit(backupArguments = false)
    static void exit(@Advice.FieldValue("fd") FileDescriptor fd) {
      DioNotices.unguarded(fd);
    }
  }

  /** {@code FileOutputStream.getFD} of JDKs whose {@code FileDescriptor.sync} is native. */
  static final class ExposeUnguarded {
    @Advice.OnMethodEnter
    static void enter(@Advice.FieldValue("fd") FileDescriptor fd) {
      DioNotices.unguarded(fd);
    }
  }

  static final class Close {
    @Advice.OnMethodEnter
    static void enter(@Advice.This FileDescriptor fd) {
      DioNotices.closing(fd);
    }

    @Advice.OnMethodExit(backupArguments = false)
    static void exit(@Advice.This FileDescriptor fd) throws IOException {
      DioNotices.closed(fd);
    }
  }

  static final class Sync {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(@Advice.This FileDescriptor fd) throws SyncFailedException {
      return DioCalls.sync(fd) != DioHook.NOT_MINE;
    }
  }

  static final class Clean {
    @Advice.OnMethodEnter
    static void enter(@Advice.FieldValue("fd") int number) {
      DioNotices.cleaning(number);
    }
  }

  static final class Fork {
    @Advice.OnMethodEnter
    static void enter() {
      DioNotices.forking();
    }
  }
}
