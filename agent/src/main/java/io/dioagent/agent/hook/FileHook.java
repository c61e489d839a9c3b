package io.dioagent.agent.hook;

import io.dioagent.agent.AgentException;
import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.Mode;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.DirectRuntime;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.util.List;
import sun.nio.ch.DioHook;
import sun.nio.ch.DioNatives;

/**
 * The hook: passes the operations on tagged files to their targets. Other ways to look at a file
 * wait until its pending data is in it.
 *
 * <p>Thread-safe. Operations on files that are not tagged take no lock and allocate nothing.
 */
public final class FileHook extends DioHook {
  private final Redirection redirection;
  private final TargetCalls calls;
  private final Coherence coherence;
  private final KernelCopies kernelCopies = new KernelCopies();
  private final PrivilegedHook privileged = new PrivilegedHook(this);
  private final LockCalls lockCalls = new LockCalls();
  private final DeepCalls deepCalls = new DeepCalls();
  private final AsyncWrites asyncWrites;

  /** A hook that tags nothing, until it is started. */
  public FileHook() {
    redirection = new Redirection();
    calls = new TargetCalls(redirection);
    coherence = new Coherence(redirection);
    asyncWrites = new AsyncWrites(redirection);
  }

  /**
   * Starts tagging files, also those that are open already. Must not be called again before {@link
   * #stop}.
   *
   * @param runtime does their I/O, or accounts it in {@code mode=observe}
   */
  public void start(Mode mode, DirectRuntime runtime, List<TagRule> tags, List<Glob> excludes) {
    start(mode, new RuntimeTargets(runtime, mode), tags, excludes);
  }

  void start(Mode mode, Targets targets, List<TagRule> tags, List<Glob> excludes) {
    deepCalls.start();
    // With nothing to do: loads their classes, for which the stack is too short later.
    onUnmappingDeep(this);
    onClosingDeep(new FileDescriptor());
    coherence.start(mode, tags); // Before any write can be on its way unseen.
    redirection.start(targets, tags, excludes);
    coherence.keepMapped();
  }

  /**
   * Stops tagging files. Waits for operations that have begun; those that arrive meanwhile wait,
   * too. Must not be called by two threads at once, nor beside {@link #start}.
   *
   * @param untilNanoTime when to give up, by {@link System#nanoTime}
   * @return how many files need this hook until the application closes them: files with locks (the
   *     runtime's descriptors of these stay open), with lost requests, or with an error to throw at
   *     close
   * @throws AgentException if an operation did not end; then files are tagged as before
   */
  public int stop(long untilNanoTime) throws AgentException {
    int kept = redirection.stop(untilNanoTime);
    coherence.stop();
    deepCalls.stop();
    return kept + redirection.targets().keptDescriptors();
  }

  @Override
  protected DioHook privileged() {
    return privileged;
  }

  @Override
  protected boolean isTagging() {
    return redirection.isStarted();
  }

  @Override
  protected boolean isReachedByWrite(FileDescriptor descriptor) {
    if (!redirection.isStarted()) {
      return false;
    }
    OpenFile file = redirection.find(descriptor);
    return file == null || file.isTagged();
  }

  @Override
  protected boolean needsLittleStack(FileDescriptor descriptor) {
    return redirection.needsLittleStack(descriptor);
  }

  @Override
  protected boolean isReachedByLook(FileDescriptor descriptor) {
    if (!redirection.isStarted()) {
      return false;
    }
    OpenFile file = redirection.find(descriptor);
    return coherence.isCall(file) || (file != null && file.targetIfAny() != null);
  }

  @Override
  protected boolean isReachedByClose(FileDescriptor descriptor) {
    OpenFile file = redirection.find(descriptor);
    return (file != null && file.isTagged()) || redirection.targets().keptDescriptors() > 0;
  }

  @Override
  protected void onClosingDeep(FileDescriptor descriptor) {
    deepCalls.await(
        new Runnable() {
          @Override
          public void run() {
            onClosing(descriptor);
          }
        });
  }

  @Override
  protected void onUnmappingDeep(Object unmapper) {
    deepCalls.handOver(
        new Runnable() {
          @Override
          public void run() {
            onUnmapping(unmapper);
          }
        });
  }

  @Override
  protected long onWrite(FileDescriptor descriptor, long address, int length) throws IOException {
    OpenFile file = redirection.find(descriptor);
    return coherence.leavesWrite(file, descriptor)
        ? NOT_MINE
        : calls.write(file, descriptor, new NativeRange(address, length), CallMemory.OWN_OFFSET);
  }

  @Override
  protected long onWriteAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    OpenFile file = redirection.find(descriptor);
    return coherence.leavesWrite(file, descriptor)
        ? NOT_MINE
        : calls.writeAt(file, descriptor, address, length, position);
  }

  @Override
  protected long onGather(FileDescriptor descriptor, long address, int count) throws IOException {
    OpenFile file = redirection.find(descriptor);
    return coherence.leavesWrite(file, descriptor)
        ? NOT_MINE
        : calls.write(file, descriptor, new Iovecs(address, count), CallMemory.OWN_OFFSET);
  }

  @Override
  protected long onWriteByte(FileDescriptor descriptor, int value) throws IOException {
    OpenFile file = redirection.find(descriptor);
    return coherence.leavesWrite(file, descriptor)
        ? NOT_MINE
        : calls.writeByte(file, descriptor, value);
  }

  @Override
  protected long onWriteBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    OpenFile file = redirection.find(descriptor);
    if (coherence.leavesWrite(file, descriptor)) {
      return NOT_MINE;
    }
    ArrayRange source = new ArrayRange(bytes, offset, length);
    return calls.write(file, descriptor, source, CallMemory.OWN_OFFSET) == NOT_MINE ? NOT_MINE : 0;
  }

  @Override
  protected long onRead(FileDescriptor descriptor, long address, int length) throws IOException {
    OpenFile file = redirection.find(descriptor);
    return coherence.leavesRead(file, descriptor)
        ? NOT_MINE
        : calls.read(file, descriptor, new NativeRange(address, length), CallMemory.OWN_OFFSET);
  }

  @Override
  protected long onReadAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    OpenFile file = redirection.find(descriptor);
    return coherence.leavesRead(file, descriptor)
        ? NOT_MINE
        : calls.readAt(file, descriptor, address, length, position);
  }

  @Override
  protected long onScatter(FileDescriptor descriptor, long address, int count) throws IOException {
    OpenFile file = redirection.find(descriptor);
    return coherence.leavesRead(file, descriptor)
        ? NOT_MINE
        : calls.read(file, descriptor, new Iovecs(address, count), CallMemory.OWN_OFFSET);
  }

  @Override
  protected long onReadByte(FileDescriptor descriptor) throws IOException {
    OpenFile file = redirection.find(descriptor);
    if (coherence.leavesRead(file, descriptor)) {
      return NOT_MINE;
    }
    byte[] one = new byte[1];
    long read = onReadBytes(descriptor, one, 0, 1);
    return read == 1 ? one[0] & 0xff : read;
  }

  @Override
  protected long onReadBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    OpenFile file = redirection.find(descriptor);
    return coherence.leavesRead(file, descriptor)
        ? NOT_MINE
        : calls.read(
            file, descriptor, new ArrayRange(bytes, offset, length), CallMemory.OWN_OFFSET);
  }

  @Override
  protected long onTransfer(FileDescriptor from, FileDescriptor to) {
    onTouching(from);
    OpenFile file = redirection.find(to);
    if (coherence.leavesWrite(file, to)) {
      return NOT_MINE;
    }
    GatedTarget gated = redirection.target(file, to);
    if (gated == null) {
      return NOT_MINE;
    }
    if (!gated.target().letsKernelTransfer()) {
      return UNSUPPORTED_CASE;
    }
    kernelCopies.begin(gated.target().observeTransfer());
    return NOT_MINE;
  }

  @Override
  protected void onTransferred(long result) {
    kernelCopies.end(result);
  }

  @Override
  protected void onCopying(int to, int from) throws IOException {
    TagRule rule = redirection.ruleFor(to);
    if (rule != null) {
      kernelCopies.begin(redirection.copy(to, from, rule));
    }
  }

  @Override
  protected void onCopied(long result) {
    kernelCopies.end(result);
  }

  @Override
  protected Object onWriteAsync(
      FileDescriptor descriptor,
      AsynchronousFileChannel channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler) {
    return asyncWrites.begin(descriptor, channel, source, position, attachment, handler);
  }

  /** Forces only files that were written: of other files the runtime holds no data. */
  @Override
  protected long onForce(FileDescriptor descriptor, boolean metadata) throws IOException {
    OpenFile file = redirection.find(descriptor);
    GatedTarget gated = file == null ? null : file.targetIfAny();
    if (gated == null) {
      onTouching(descriptor);
      return NOT_MINE;
    }
    return calls.force(gated, descriptor, metadata);
  }

  @Override
  protected void onTouching(FileDescriptor descriptor) {
    coherence.touching(descriptor);
  }

  @Override
  protected void onLocking(FileDescriptor descriptor) {
    coherence.touching(descriptor);
    try {
      lockCalls.begin(redirection.targets().lockCall(DioNatives.number(descriptor)));
    } catch (RuntimeException | Error e) {
      redirection.unexpected(e);
    }
  }

  @Override
  protected void onLocked() {
    try {
      lockCalls.end();
    } catch (RuntimeException | Error e) {
      redirection.unexpected(e);
    }
  }

  @Override
  protected void onChanged(FileDescriptor descriptor) {
    coherence.changed(descriptor);
  }

  @Override
  protected void onPath(Object path) {
    coherence.path(path);
  }

  @Override
  protected void onChanging(Object path) {
    coherence.changing(path);
  }

  @Override
  protected void onForking() {
    coherence.changing(null);
  }

  @Override
  protected void onMapped(Object unmapper, FileDescriptor descriptor) {
    coherence.mapped(unmapper, descriptor);
  }

  @Override
  protected void onUnmapping(Object unmapper) {
    coherence.unmapping(unmapper);
  }

  @Override
  protected void onUnguarded(FileDescriptor descriptor) {
    coherence.unguarded(descriptor);
  }

  @Override
  protected void onExit() {
    coherence.exit();
  }

  @Override
  protected void onOpened(FileDescriptor descriptor) {
    try {
      if (redirection.find(descriptor) == null) {
        OpenFile unused = redirection.classify(descriptor);
      }
    } catch (RuntimeException | Error e) {
      redirection.unexpected(e);
    }
  }

  @Override
  protected void onClosing(FileDescriptor descriptor) {
    try {
      int number = DioNatives.number(descriptor);
      redirection.closing(descriptor);
      redirection.applicationCloses(number);
    } catch (StackOverflowError e) {
      throw e; // The file is not tagged: the JDK's close goes on.
    } catch (RuntimeException | Error e) {
      redirection.unexpected(e);
    }
  }

  @Override
  protected void onClosed(FileDescriptor descriptor) throws IOException {
    redirection.closed(descriptor);
  }

  @Override
  protected void onCleaning(int number) {
    try {
      redirection.cleaning(number);
      redirection.applicationCloses(number);
    } catch (RuntimeException | Error e) {
      redirection.unexpected(e);
    }
  }

  /** Makes a descriptor's operations go to a target, whatever its path. For the self-test. */
  void redirect(FileDescriptor descriptor, TagRule rule, Target target) {
    redirection.redirect(descriptor, rule, target);
  }

  /** Whether a descriptor has been seen and not closed. For the self-test. */
  boolean knows(int number, FileDescriptor descriptor) {
    return redirection.find(number, descriptor) != null;
  }
}
