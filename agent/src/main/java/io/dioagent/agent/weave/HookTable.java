package io.dioagent.agent.weave;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists the woven methods of the JDK, with the advice for each.
 *
 * <p>Channels are woven at the dispatcher, below all that {@code FileChannelImpl} does. Streams are
 * woven at their public methods, because those below are native. Copies from file to file by the
 * kernel are woven before they begin.
 */
final class HookTable {
  private static final Jdks ALL = Jdks.ALL;

  /** The dispatcher is one class, and more methods are native. */
  private static final Jdks UNTIL_20 = Jdks.until(20);

  /** A superclass of the dispatcher does its work. */
  private static final Jdks FROM_21 = Jdks.from(21);

  /** Seen in 17 and 21, but not in 25. */
  private static final Jdks UNTIL_21 = Jdks.until(21, 24);

  /** Seen in 21 and 25, but not in 17. */
  private static final Jdks AFTER_17 = Jdks.from(18, 21);

  /** Seen in 25, but not in 17; 22 to 24 may have it. */
  private static final Jdks AFTER_21 = Jdks.from(22, 25);

  private static final String DISPATCHER = "sun.nio.ch.FileDispatcherImpl";
  private static final String UNIX_DISPATCHER = "sun.nio.ch.UnixFileDispatcherImpl";
  private static final String CHANNEL = "sun.nio.ch.FileChannelImpl";
  private static final String UNMAPPER = "sun.nio.ch.FileChannelImpl$Unmapper";
  private static final String ASYNC = "sun.nio.ch.SimpleAsynchronousFileChannelImpl";
  private static final String UNIX_COPY = "sun.nio.fs.UnixCopyFile";
  private static final String UNIX_FILES = "sun.nio.fs.UnixFileSystem";
  private static final String PATHS = "sun.nio.fs.UnixNativeDispatcher";
  private static final String FILE = "java.io.File";
  private static final String OUTPUT = "java.io.FileOutputStream";
  private static final String INPUT = "java.io.FileInputStream";
  private static final String RANDOM = "java.io.RandomAccessFile";
  private static final String DESCRIPTOR = "java.io.FileDescriptor";

  private static final String FD = "Ljava/io/FileDescriptor;";
  private static final String PATH = "Lsun/nio/fs/UnixPath;";
  private static final String STRING = "Ljava/lang/String;";

  private final List<HookPoint> rows = new ArrayList<>();

  private HookTable() {
    dispatcher(UNTIL_20, DISPATCHER);
    dispatcher(FROM_21, UNIX_DISPATCHER);
    channels();
    copies();
    paths();
    files();
    streams();
    randomAccess();
    descriptors();
  }

  /** Returns all rows. */
  static List<HookPoint> rows() {
    return List.copyOf(new HookTable().rows);
  }

  /** Returns the woven classes of a JDK. */
  static List<WovenClass> of(int feature) {
    Map<String, List<HookPoint>> byType = new LinkedHashMap<>();
    for (HookPoint row : new HookTable().rows) {
      if (row.jdks().include(feature)) {
        List<HookPoint> points = byType.get(row.type());
        if (points == null) {
          points = new ArrayList<>();
          byType.put(row.type(), points);
        }
        points.add(row);
      }
    }
    List<WovenClass> classes = new ArrayList<>();
    for (Map.Entry<String, List<HookPoint>> type : byType.entrySet()) {
      classes.add(new WovenClass(type.getKey(), feature, type.getValue()));
    }
    return classes;
  }

  private void dispatcher(Jdks jdks, String type) {
    add(
        jdks,
        type,
        "write(" + FD + "JI)I",
        DispatcherAdvice.Write.class,
        DispatcherAdvice.IntAnswer.class);
    add(
        jdks,
        type,
        "pwrite(" + FD + "JIJ)I",
        DispatcherAdvice.WriteAt.class,
        DispatcherAdvice.IntAnswer.class);
    add(
        jdks,
        type,
        "writev(" + FD + "JI)J",
        DispatcherAdvice.Gather.class,
        DispatcherAdvice.LongAnswer.class);
    add(
        jdks,
        type,
        "read(" + FD + "JI)I",
        DispatcherAdvice.Read.class,
        DispatcherAdvice.IntAnswer.class);
    add(
        jdks,
        type,
        "pread(" + FD + "JIJ)I",
        DispatcherAdvice.ReadAt.class,
        DispatcherAdvice.IntAnswer.class);
    add(
        jdks,
        type,
        "readv(" + FD + "JI)J",
        DispatcherAdvice.Scatter.class,
        DispatcherAdvice.LongAnswer.class);
    add(
        jdks,
        type,
        "force(" + FD + "Z)I",
        DispatcherAdvice.Force.class,
        DispatcherAdvice.IntAnswer.class);
    add(jdks, type, "size(" + FD + ")J", DispatcherAdvice.Touch.class);
    add(jdks, type, "lock(" + FD + "ZJJZ)I", DispatcherAdvice.Lock.class);
    add(jdks, type, "release(" + FD + "JJ)V", DispatcherAdvice.Touch.class);
    add(jdks, type, "truncate(" + FD + "J)I", DispatcherAdvice.Truncate.class);
  }

  private void channels() {
    String mapInternal = "mapInternal(Ljava/nio/channels/FileChannel$MapMode;JJIZ)";
    String implWrite =
        "implWrite(Ljava/nio/ByteBuffer;JLjava/lang/Object;"
            + "Ljava/nio/channels/CompletionHandler;)";
    add(AFTER_21, UNIX_DISPATCHER, "available(" + FD + ")I", DispatcherAdvice.Touch.class);
    add(ALL, CHANNEL, "open(" + FD + STRING + "ZZ", ChannelAdvice.OpenPath.class);
    add(ALL, CHANNEL, mapInternal, ChannelAdvice.Map.class);
    add(ALL, UNMAPPER, "unmap()V", ChannelAdvice.Unmap.class);
    add(UNTIL_20, ASYNC, "open(" + FD + "ZZ", ChannelAdvice.Open.class);
    add(FROM_21, ASYNC, "open(" + FD + STRING + "ZZ", ChannelAdvice.OpenPath.class);
    add(ALL, ASYNC, implWrite, ChannelAdvice.WriteAsync.class);
  }

  /** Copies by the kernel. */
  private void copies() {
    String internal = "transferToDirectlyInternal(JILjava/nio/channels/WritableByteChannel;" + FD;
    String to = "transferTo(" + FD + "JJ" + FD + "Z)J";
    String from = "transferFrom(" + FD + FD + "JJZ)J";
    add(
        UNTIL_20,
        CHANNEL,
        internal,
        ChannelAdvice.TransferDirectly.class,
        ChannelAdvice.TransferEnd.class);
    add(FROM_21, DISPATCHER, to, ChannelAdvice.TransferTo.class, ChannelAdvice.TransferEnd.class);
    add(
        FROM_21,
        DISPATCHER,
        from,
        ChannelAdvice.TransferFrom.class,
        ChannelAdvice.TransferEnd.class);
    copy(UNTIL_20, UNIX_COPY, "transfer", "(IIJ)V");
    copy(FROM_21, UNIX_FILES, "directCopy", "(IIJ)I");
  }

  private void copy(Jdks jdks, String type, String callee, String descriptor) {
    rows.add(
        new HookPoint(
            jdks,
            type,
            "copyFile(" + PATH + "Lsun/nio/fs/UnixFileAttributes;" + PATH,
            ChannelAdvice.Copy.class,
            null,
            CallSite.callBefore(callee, descriptor, "copying")));
  }

  /**
   * Methods that open or rename a file, or read or change its attributes, by its path. Methods with
   * a descriptor get it from here, except for those of channels and streams.
   */
  private void paths() {
    String attributes = "Lsun/nio/fs/UnixFileAttributes;)";
    add(ALL, PATHS, "open(" + PATH + "II)I", PathAdvice.ChangeFirst.class);
    add(ALL, PATHS, "openat(I[BII)I", PathAdvice.ChangeSecond.class);
    add(ALL, PATHS, "chmod(" + PATH + "I)V", PathAdvice.ChangeFirst.class);
    add(AFTER_21, PATHS, "fchmodat(I" + PATH + "II)V", PathAdvice.ChangeAny.class);
    add(ALL, PATHS, "chown(" + PATH + "II)V", PathAdvice.ChangeFirst.class);
    add(ALL, PATHS, "lchown(" + PATH + "II)V", PathAdvice.ChangeFirst.class);
    add(UNTIL_21, PATHS, "utimes(" + PATH + "JJ)V", PathAdvice.ChangeFirst.class);
    add(UNTIL_21, PATHS, "lutimes(" + PATH + "JJ)V", PathAdvice.ChangeFirst.class);
    add(AFTER_21, PATHS, "utimensat(I" + PATH + "JJI)V", PathAdvice.ChangeSecond.class);
    add(ALL, PATHS, "rename(" + PATH + PATH + ")V", PathAdvice.First.class);
    add(ALL, PATHS, "renameat(I[BI[B)V", PathAdvice.Second.class);
    add(ALL, PATHS, "link(" + PATH + PATH + ")V", PathAdvice.First.class);
    add(ALL, PATHS, "stat(" + PATH + attributes + "V", PathAdvice.First.class);
    add(AFTER_17, PATHS, "stat2(" + PATH + attributes + "I", PathAdvice.First.class);
    add(ALL, PATHS, "lstat(" + PATH + attributes + "V", PathAdvice.First.class);
    add(ALL, PATHS, "fstatat(I[BI" + attributes + "V", PathAdvice.Second.class);
  }

  /** The same by a {@code File}; the native methods belong to its file system. */
  private void files() {
    add(ALL, FILE, "length()J", PathAdvice.OfFile.class);
    add(ALL, FILE, "lastModified()J", PathAdvice.OfFile.class);
    add(ALL, FILE, "renameTo(Ljava/io/File;)Z", PathAdvice.OfFile.class);
    add(ALL, FILE, "setLastModified(J)Z", PathAdvice.ChangeFile.class);
    add(ALL, FILE, "setReadOnly()Z", PathAdvice.ChangeFile.class);
    add(ALL, FILE, "setWritable(ZZ)Z", PathAdvice.ChangeFile.class);
    add(ALL, FILE, "setReadable(ZZ)Z", PathAdvice.ChangeFile.class);
    add(ALL, FILE, "setExecutable(ZZ)Z", PathAdvice.ChangeFile.class);
  }

  private void streams() {
    writes(OUTPUT);
    add(ALL, OUTPUT, "open(" + STRING + "Z)V", PathAdvice.First.class);
    // In place of FileDescriptor.sync, which is native there.
    add(UNTIL_20, OUTPUT, "getFD()", StreamAdvice.ExposeUnguarded.class);
    reads(INPUT);
    add(ALL, INPUT, "open(" + STRING + ")V", PathAdvice.First.class);
    add(ALL, INPUT, "length()J", StreamAdvice.Touch.class);
    add(ALL, INPUT, "available()I", StreamAdvice.Touch.class);
  }

  private void randomAccess() {
    CallSite woven = CallSite.callInstead("writeBytes", "([BII)V", "write");
    writes(RANDOM);
    reads(RANDOM);
    rows.add(new HookPoint(ALL, RANDOM, "writeBytes(" + STRING + ")V", null, null, woven));
    rows.add(new HookPoint(ALL, RANDOM, "writeChars(" + STRING + ")V", null, null, woven));
    // In place of length and setLength, which are native there.
    add(UNTIL_20, RANDOM, "open(" + STRING + "I)V", StreamAdvice.OpenUnguarded.class);
    add(FROM_21, RANDOM, "open(" + STRING + "I)V", PathAdvice.First.class);
    // Newer JDKs use a native method for it, not read().
    add(ALL, RANDOM, "readLine()", StreamAdvice.Touch.class);
    add(FROM_21, RANDOM, "length()J", StreamAdvice.Touch.class);
    add(FROM_21, RANDOM, "setLength(J)V", StreamAdvice.SetLength.class);
  }

  private void writes(String type) {
    add(ALL, type, "write(I)V", StreamAdvice.WriteByte.class);
    add(ALL, type, "write([B)V", StreamAdvice.WriteArray.class);
    add(ALL, type, "write([BII)V", StreamAdvice.WriteRange.class);
  }

  private void reads(String type) {
    add(ALL, type, "read()I", StreamAdvice.ReadByte.class, DispatcherAdvice.IntAnswer.class);
    add(ALL, type, "read([B)I", StreamAdvice.ReadArray.class, DispatcherAdvice.IntAnswer.class);
    add(ALL, type, "read([BII)I", StreamAdvice.ReadRange.class, DispatcherAdvice.IntAnswer.class);
  }

  private void descriptors() {
    add(ALL, DESCRIPTOR, "close()V", StreamAdvice.Close.class);
    add(AFTER_17, DESCRIPTOR, "sync()V", StreamAdvice.Sync.class);
    add(ALL, "java.io.FileCleanable", "performCleanup()V", StreamAdvice.Clean.class);
    add(
        ALL,
        "java.lang.ProcessBuilder",
        "start([Ljava/lang/ProcessBuilder$Redirect;)Ljava/lang/Process;",
        StreamAdvice.Fork.class);
  }

  private void add(Jdks jdks, String type, String method, Class<?> advice) {
    add(jdks, type, method, advice, null);
  }

  private void add(Jdks jdks, String type, String method, Class<?> enter, Class<?> exit) {
    rows.add(new HookPoint(jdks, type, method, enter, exit, null));
  }
}
