package io.dioagent.agent.weave;

import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.Future;
import net.bytebuddy.asm.Advice;
import sun.nio.ch.DioCalls;
import sun.nio.ch.DioHook;
import sun.nio.ch.DioNotices;

/** Advice for file channels, and for copies from file to file by the kernel. */
final class ChannelAdvice {
  /** {@code open(fd, readable, writable, ..)}. */
  static final class Open {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) FileDescriptor fd, @Advice.Argument(2) boolean writable) {
      DioNotices.opened(fd, writable);
    }
  }

  /** {@code open(fd, path, readable, writable, ..)}. */
  static final class OpenPath {
    @Advice.OnMethodEnter
    static void enter(@Advice.Argument(0) FileDescriptor fd, @Advice.Argument(3) boolean writable) {
      DioNotices.opened(fd, writable);
    }
  }

  static final class WriteAsync {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.This Object channel,
        @Advice.Argument(0) ByteBuffer source,
        @Advice.Argument(1) long position,
        @Advice.Argument(2) Object attachment,
        @Advice.Argument(3) CompletionHandler<Integer, Object> handler,
        @Advice.Local("answer") Object answer) {
      answer = DioCalls.writeAsync(channel, source, position, attachment, handler);
      return answer != DioHook.NOT_MINE_EITHER;
    }

    @Advice.OnMethodExit(backupArguments = false)
    static void exit(
        @Advice.Enter boolean answered,
        @Advice.Local("answer") Object answer,
        @Advice.Return(readOnly = false) Future<?> result) {
      if (answered) {
        result = (Future<?>) answer;
      }
    }
  }

  static final class Map {
    @Advice.OnMethodEnter
    static void enter(@Advice.FieldValue("fd") FileDescriptor fd) {
      DioNotices.entering(fd);
    }

    @Advice.OnMethodExit(backupArguments = false)
    static void exit(@Advice.Return Object unmapper, @Advice.FieldValue("fd") FileDescriptor fd) {
      DioNotices.mapped(unmapper, fd);
    }
  }

  static final class Unmap {
    @Advice.OnMethodEnter
    static void enter(@Advice.This Object unmapper) {
      DioNotices.unmapping(unmapper);
    }
  }

  static final class TransferTo {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) FileDescriptor from,
        @Advice.Argument(3) FileDescriptor to,
        @Advice.Local("answer") long answer) {
      answer = DioCalls.transfer(from, to);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class TransferFrom {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.Argument(0) FileDescriptor from,
        @Advice.Argument(1) FileDescriptor to,
        @Advice.Local("answer") long answer) {
      answer = DioCalls.transfer(from, to);
      return answer != DioHook.NOT_MINE;
    }
  }

  static final class TransferDirectly {
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
        @Advice.FieldValue("fd") FileDescriptor from,
        @Advice.Argument(3) FileDescriptor to,
        @Advice.Local("answer") long answer) {
      answer = DioCalls.transfer(from, to);
      return answer != DioHook.NOT_MINE;
    }
  }

  /** Ends each of these. */
  static final class TransferEnd {
    @Advice.OnMethodExit(onThrowable = Throwable.class, backupArguments = false)
    static void exit(
        @Advice.Enter boolean answered,
        @Advice.Local("answer") long answer,
        @Advice.Return(readOnly = false) long result,
        @Advice.Thrown Throwable thrown) {
      if (answered) {
        result = answer;
      } else {
        DioNotices.transferred(thrown == null ? result : DioHook.FAILED);
      }
    }
  }

  /** Ends a {@code Files.copy}, in which {@link CallSite} has a part, too. */
  static final class Copy {
    @Advice.OnMethodExit(onThrowable = Throwable.class, backupArguments = false)
    static void exit(@Advice.Thrown Throwable thrown) {
      DioNotices.copied(thrown == null ? 0 : DioHook.FAILED);
    }
  }
}
