package io.dioagent.runtime.file;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.plan.WritePlan;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Makes the exceptions of a file's failed operations, and their messages. Thread-safe. */
public final class Failures {
  public static final String READ = "read";
  public static final String WRITE = "write";

  private final RuntimeContext runtime;
  private final String path;
  private final boolean append;
  private final Supplier<FilePolicy> policy;
  private final DirectAbility ability;

  Failures(
      RuntimeContext runtime,
      String path,
      boolean append,
      Supplier<FilePolicy> policy,
      DirectAbility ability) {
    this.runtime = runtime;
    this.path = path;
    this.append = append;
    this.policy = policy;
    this.ability = ability;
  }

  public IOException closed() {
    return new IOException("the file is closed: " + path);
  }

  /** A failure in this process: no device has answered. */
  IOException defect(String operation, Throwable cause) {
    return new IOException(
        "a defect of dio-agent, or of the bytes' source, ended a "
            + operation
            + " of "
            + path
            + ": "
            + cause,
        cause);
  }

  /**
   * Makes the exception of an operation that failed in this process, and not on a device. An Error
   * of the JVM is thrown as it is; any other failure becomes an exception that names the defect.
   *
   * @return the exception; an Error is thrown by this method itself
   */
  public IOException thrown(String operation, Throwable cause) {
    if (Defects.isOfJvm(cause)) {
      throw (VirtualMachineError) cause;
    }
    return cause instanceof IOException e ? e : defect(operation, cause);
  }

  /**
   * As {@link #thrown}, for an asynchronous operation, which can end with nothing but an exception.
   */
  public IOException asException(String operation, Throwable cause) {
    try {
      if (cause instanceof IOException e) {
        return e;
      }
      return Defects.isOfJvm(cause)
          ? new IOException(String.valueOf(cause), cause)
          : defect(operation, cause);
    } catch (OutOfMemoryError e) {
      return PreparedFailures.outOfMemory();
    }
  }

  public void refuseIfForbidden(List<WritePlan.Part> plan) throws IOException {
    if (policy.get().fallbackAllowed()) {
      return;
    }
    for (WritePlan.Part part : plan) {
      if (part.whyBuffered() != null) {
        throw forbidden(part.offset(), part.lengthBytes(), part.whyBuffered());
      }
    }
  }

  public DirectIoException forbidden(long offset, long lengthBytes, String why) {
    return new DirectIoException(
        Errno.EINVAL,
        lengthBytes
            + " bytes at "
            + offset
            + " of "
            + path
            + " cannot go direct, and fallback is forbidden: "
            + why
            + "; write whole blocks of "
            + ability.alignBytes()
            + " bytes, or allow fallback");
  }

  public DirectIoException forbiddenRead(RequestInfo request, String why) {
    return new DirectIoException(
        Errno.EINVAL,
        describe(READ, request.offset(), request.lengthBytes())
            + " cannot go direct, and fallback is forbidden: "
            + why
            + "; read=buffered reads it, or fallback=allow");
  }

  DirectIoException notStarted(String operation, RequestInfo request, Origin origin, String why) {
    return timedOut(operation, request, origin, "could not start within", why);
  }

  public IOException lost(RequestInfo request, Origin origin, String waitingFor) {
    return lost(WRITE, request, origin, waitingFor);
  }

  public DirectIoException lost(
      String operation, RequestInfo request, Origin origin, String waitingFor) {
    String why = "it was waiting for " + waitingFor + " and counts as lost";
    return timedOut(operation, request, origin, "has not ended after", why);
  }

  private DirectIoException timedOut(
      String operation, RequestInfo request, Origin origin, String what, String why) {
    return new DirectIoException(
        Errno.ETIMEDOUT,
        describe(operation, request.offset(), request.lengthBytes())
            + " "
            + what
            + " "
            + TimeUnit.NANOSECONDS.toMillis(origin.ageNanos())
            + " ms, deadline "
            + policy.get().deadline().toMillis()
            + " ms: "
            + why);
  }

  /** The count is above the length asked for: the operation's state is unknown. Logged once. */
  public DirectIoException impossible(
      String operation, long offset, long lengthBytes, long result) {
    String what =
        describe(operation, offset, lengthBytes)
            + " ended with a count of "
            + result
            + ", expected at most "
            + lengthBytes
            + ": a defect of the engine or of the kernel; "
            + (operation.equals(WRITE) ? "what is in the file" : "what was read")
            + " is unknown";
    runtime.impossible(what);
    return new DirectIoException(Errno.EIO, what);
  }

  /** Fewer bytes than were asked for, and no error: for a write whose caller has returned. */
  public IOException incomplete(long offset, long lengthBytes, long writtenBytes) {
    return new IOException(
        describe(WRITE, offset, lengthBytes)
            + " ended after "
            + writtenBytes
            + " bytes, and the kernel gave no error");
  }

  public IOException failed(long offset, long lengthBytes, int errno) {
    return failed(WRITE, offset, lengthBytes, errno);
  }

  public IOException failed(String operation, long offset, long lengthBytes, int errno) {
    DirectIoException details =
        new DirectIoException(
            errno, describe(operation, offset, lengthBytes) + " ended with " + Errno.name(errno));
    return new IOException(Errno.message(errno), details);
  }

  private String describe(String operation, long offset, long lengthBytes) {
    String where = append && operation.equals(WRITE) ? "the end" : String.valueOf(offset);
    return operation + " of " + lengthBytes + " bytes at " + where + " of " + path;
  }
}
