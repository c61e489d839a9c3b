package io.dioagent.agent.weave;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Lists the woven methods of the JDK, and the method of {@code DioCalls} or {@code DioNotices} that
 * each calls.
 *
 * <p>Channels are woven at the dispatcher, below all that {@code FileChannelImpl} does. Streams are
 * woven at their public methods, because those below are native. Copies from file to file by the
 * kernel are woven before they begin.
 */
final class HookTable {
  private static final String DISPATCHER = "sun.nio.ch.FileDispatcherImpl";

  /** From JDK 21 on this superclass of the class above does the work. */
  private static final int FIRST_WITH_UNIX_DISPATCHER = 21;

  private static final String UNIX_DISPATCHER = "sun.nio.ch.UnixFileDispatcherImpl";

  private static final String CHANNEL = "sun.nio.ch.FileChannelImpl";

  private static final Argument CHANNEL_DESCRIPTOR =
      Argument.descriptorOf("sun/nio/ch/FileChannelImpl");

  private static final String MAP_INTERNAL =
      "(Ljava/nio/channels/FileChannel$MapMode;JJIZ)Lsun/nio/ch/FileChannelImpl$Unmapper;";

  private static final String FD = "Ljava/io/FileDescriptor;";

  private HookTable() {}

  /** Returns the woven classes of this JDK. */
  static List<WovenClass> ofThisJdk() {
    return of(Runtime.version().feature() >= FIRST_WITH_UNIX_DISPATCHER);
  }

  /**
   * Returns the woven classes of a JDK.
   *
   * @param newer whether it is 21 or later: these have {@code UnixFileDispatcherImpl}, and fewer
   *     native methods
   */
  static List<WovenClass> of(boolean newer) {
    List<WovenClass> classes = new ArrayList<>();
    classes.add(dispatcher(newer ? UNIX_DISPATCHER : DISPATCHER));
    if (newer) {
      classes.add(
          new WovenClass(
              DISPATCHER,
              HookPoint.of(
                  "transferTo",
                  "(" + FD + "JJ" + FD + "Z)J",
                  Prologue.redirect("transfer", Argument.parameter(0), Argument.parameter(3))),
              HookPoint.of("transferTo", "(" + FD + "JJ" + FD + "Z)J", transferred()),
              HookPoint.of(
                  "transferFrom",
                  "(" + FD + FD + "JJZ)J",
                  Prologue.redirect("transfer", Argument.parameter(0), Argument.parameter(1))),
              HookPoint.of("transferFrom", "(" + FD + FD + "JJZ)J", transferred())));
    }
    classes.add(newer ? channel() : channel17());
    classes.add(
        new WovenClass(
            "sun.nio.ch.FileChannelImpl$Unmapper",
            HookPoint.of("unmap", "()V", Prologue.invoke("unmapping", Argument.self()))));
    classes.add(
        new WovenClass("sun.nio.ch.SimpleAsynchronousFileChannelImpl", opened(), writtenAsync()));
    classes.add(
        newer
            ? fileCopy("UnixFileSystem", "directCopy", "I")
            : fileCopy("UnixCopyFile", "transfer", "V"));
    classes.add(paths());
    classes.add(file());
    classes.add(
        new WovenClass(
            "java.lang.ProcessBuilder",
            HookPoint.of(
                "start",
                "([Ljava/lang/ProcessBuilder$Redirect;)Ljava/lang/Process;",
                Prologue.invoke("forking"))));
    classes.add(outputStream(newer));
    classes.add(inputStream());
    classes.add(randomAccessFile(newer));
    classes.add(descriptor());
    classes.add(
        new WovenClass(
            "java.io.FileCleanable",
            HookPoint.of(
                "performCleanup",
                "()V",
                Prologue.invoke(
                    "cleaning", Argument.field("java/io/FileCleanable", "fd", Type.INT_TYPE)))));
    return List.copyOf(classes);
  }

  private static WovenClass dispatcher(String name) {
    return new WovenClass(
        name,
        redirected("write", "(" + FD + "JI)I"),
        redirected("pwrite", "(" + FD + "JIJ)I"),
        redirected("writev", "(" + FD + "JI)J"),
        redirected("read", "(" + FD + "JI)I"),
        redirected("pread", "(" + FD + "JIJ)I"),
        redirected("readv", "(" + FD + "JI)J"),
        redirected("force", "(" + FD + "Z)I"),
        HookPoint.of("size", "(" + FD + ")J", touching()),
        HookPoint.ifThere("available", "(" + FD + ")I", touching()),
        HookPoint.of(
            "lock", "(" + FD + "ZJJZ)I", Prologue.invoke("locking", Argument.parameter(0))),
        HookPoint.of("lock", "(" + FD + "ZJJZ)I", new Ending("locked")),
        HookPoint.of("release", "(" + FD + "JJ)V", touching()),
        HookPoint.of("truncate", "(" + FD + "J)I", entering(Argument.parameter(0))),
        HookPoint.of("truncate", "(" + FD + "J)I", new Epilogue("changed", Argument.parameter(0))));
  }

  private static HookPoint redirected(String method, String descriptor) {
    return HookPoint.of(method, descriptor, Prologue.redirectAll(method, descriptor));
  }

  private static Prologue touching() {
    return Prologue.invoke("touching", Argument.parameter(0));
  }

  /** The prologue of methods that have an epilogue. */
  private static Prologue entering(Argument descriptor) {
    return Prologue.invoke("entering", descriptor);
  }

  private static WovenClass channel() {
    return new WovenClass(CHANNEL, opened(), mapping(), mapped());
  }

  /** The channel of JDK 17, whose dispatcher does not do the transfers. */
  private static WovenClass channel17() {
    return new WovenClass(
        CHANNEL,
        opened(),
        mapping(),
        mapped(),
        HookPoint.of(
            "transferToDirectlyInternal",
            "(JILjava/nio/channels/WritableByteChannel;" + FD + ")J",
            Prologue.redirect("transfer", CHANNEL_DESCRIPTOR, Argument.parameter(3))),
        HookPoint.of(
            "transferToDirectlyInternal",
            "(JILjava/nio/channels/WritableByteChannel;" + FD + ")J",
            transferred()));
  }

  private static Ending transferred() {
    return new Ending("transferred");
  }

  private static HookPoint mapping() {
    return HookPoint.of("mapInternal", MAP_INTERNAL, entering(CHANNEL_DESCRIPTOR));
  }

  private static HookPoint mapped() {
    return HookPoint.of(
        "mapInternal", MAP_INTERNAL, new Epilogue("mapped", Argument.result(), CHANNEL_DESCRIPTOR));
  }

  private static HookPoint writtenAsync() {
    return HookPoint.of(
        "implWrite",
        "(Ljava/nio/ByteBuffer;JLjava/lang/Object;Ljava/nio/channels/CompletionHandler;)"
            + "Ljava/util/concurrent/Future;",
        Prologue.redirectObject(
            "writeAsync",
            Argument.self(),
            Argument.parameter(0),
            Argument.parameter(1),
            Argument.parameter(2),
            Argument.parameter(3)));
  }

  private static HookPoint opened() {
    return HookPoint.open(
        new Weaving() {
          @Override
          public MethodVisitor weave(MethodVisitor next, WovenMethod method) {
            Argument writable = Argument.parameter(method.writableParameter());
            return Prologue.invoke("opened", Argument.parameter(0), writable).weave(next, method);
          }
        });
  }

  /** {@code Files.copy}, which lets the kernel copy. */
  private static WovenClass fileCopy(String type, String callee, String calleeResult) {
    String name = "sun.nio.fs." + type;
    String descriptor =
        "(Lsun/nio/fs/UnixPath;Lsun/nio/fs/UnixFileAttributes;Lsun/nio/fs/UnixPath;L"
            + name.replace('.', '/')
            + "$Flags;J)V";
    return new WovenClass(
        name,
        HookPoint.of(
            "copyFile", descriptor, CallSite.callBefore(callee, "(IIJ)" + calleeResult, "copying")),
        HookPoint.of("copyFile", descriptor, new Ending("copied")));
  }

  /**
   * Methods that read or change attributes by a path; the native ones belong to its file system.
   */
  private static WovenClass file() {
    Argument path =
        Argument.fieldAsObject("java/io/File", "path", Type.getObjectType("java/lang/String"));
    Prologue changing = Prologue.invoke("changing", path);
    return new WovenClass(
        "java.io.File",
        HookPoint.of("length", "()J", Prologue.invoke("path", path)),
        HookPoint.of("lastModified", "()J", Prologue.invoke("path", path)),
        HookPoint.of("renameTo", "(Ljava/io/File;)Z", Prologue.invoke("path", path)),
        HookPoint.of("setLastModified", "(J)Z", changing),
        HookPoint.of("setReadOnly", "()Z", changing),
        HookPoint.of("setWritable", "(ZZ)Z", changing),
        HookPoint.of("setReadable", "(ZZ)Z", changing),
        HookPoint.of("setExecutable", "(ZZ)Z", changing));
  }

  /**
   * Methods that open or rename a file, or read or change its attributes, by its path. Methods with
   * a descriptor get it from here, except for those of channels and streams.
   */
  private static WovenClass paths() {
    String path = "(Lsun/nio/fs/UnixPath;";
    String attributes = "Lsun/nio/fs/UnixFileAttributes;)";
    Prologue first = Prologue.invoke("path", Argument.parameterAsObject(0));
    Prologue relative = Prologue.invoke("path", Argument.parameterAsObject(1));
    Prologue changing = Prologue.invoke("changing", Argument.parameterAsObject(0));
    Prologue changingRelative = Prologue.invoke("changing", Argument.parameterAsObject(1));
    Prologue changingAny = Prologue.invoke("changing");
    String twoPaths = path + "Lsun/nio/fs/UnixPath;)V";
    return new WovenClass(
        "sun.nio.fs.UnixNativeDispatcher",
        HookPoint.of("open", path + "II)I", changing),
        HookPoint.of("openat", "(I[BII)I", changingRelative),
        HookPoint.of("chmod", path + "I)V", changing),
        HookPoint.ifThere("fchmodat", "(ILsun/nio/fs/UnixPath;II)V", changingAny),
        HookPoint.of("chown", path + "II)V", changing),
        HookPoint.of("lchown", path + "II)V", changing),
        HookPoint.ifThere("utimes", path + "JJ)V", changing),
        HookPoint.ifThere("lutimes", path + "JJ)V", changing),
        HookPoint.ifThere("utimensat", "(ILsun/nio/fs/UnixPath;JJI)V", changingRelative),
        HookPoint.of("rename", twoPaths, first),
        HookPoint.of("renameat", "(I[BI[B)V", relative),
        HookPoint.of("link", twoPaths, first),
        HookPoint.of("stat", path + attributes + "V", first),
        HookPoint.ifThere("stat2", path + attributes + "I", first),
        HookPoint.of("lstat", path + attributes + "V", first),
        HookPoint.of("fstatat", "(I[BI" + attributes + "V", relative));
  }

  /**
   * Streams to write.
   *
   * @param newer whether {@code FileDescriptor.sync} can be woven; if not, the hook is called when
   *     a stream exposes its descriptor
   */
  private static WovenClass outputStream(boolean newer) {
    String owner = "java/io/FileOutputStream";
    List<HookPoint> points = new ArrayList<>(streamWrites(owner));
    points.add(
        HookPoint.of(
            "open",
            "(Ljava/lang/String;Z)V",
            Prologue.invoke("path", Argument.parameterAsObject(0))));
    if (!newer) {
      points.add(
          HookPoint.of(
              "getFD", "()" + FD, Prologue.invoke("unguarded", Argument.descriptorOf(owner))));
    }
    return new WovenClass("java.io.FileOutputStream", points);
  }

  private static WovenClass inputStream() {
    String owner = "java/io/FileInputStream";
    Prologue touching = Prologue.invoke("touching", Argument.descriptorOf(owner));
    List<HookPoint> points = new ArrayList<>(streamReads(owner));
    points.add(
        HookPoint.of(
            "open",
            "(Ljava/lang/String;)V",
            Prologue.invoke("path", Argument.parameterAsObject(0))));
    points.add(HookPoint.of("length", "()J", touching));
    points.add(HookPoint.of("available", "()I", touching));
    return new WovenClass("java.io.FileInputStream", points);
  }

  /**
   * Files to write and read.
   *
   * @param newer whether the method that returns the length can be woven; if not, the hook is
   *     called when a file is opened
   */
  private static WovenClass randomAccessFile(boolean newer) {
    String owner = "java/io/RandomAccessFile";
    Argument descriptor = Argument.descriptorOf(owner);
    CallSite woven = CallSite.callInstead("writeBytes", "([BII)V", "write");
    String open = "(Ljava/lang/String;I)V";
    List<HookPoint> points = new ArrayList<>(streamWrites(owner));
    points.addAll(streamReads(owner));
    points.add(HookPoint.of("writeBytes", "(Ljava/lang/String;)V", woven));
    points.add(HookPoint.of("writeChars", "(Ljava/lang/String;)V", woven));
    String opens = newer ? "path" : "opening";
    points.add(HookPoint.of("open", open, Prologue.invoke(opens, Argument.parameterAsObject(0))));
    Prologue touching = Prologue.invoke("touching", descriptor);
    // Newer JDKs use a native method for it, not read().
    points.add(HookPoint.of("readLine", "()Ljava/lang/String;", touching));
    if (newer) {
      points.add(HookPoint.of("length", "()J", touching));
      points.add(HookPoint.of("setLength", "(J)V", entering(descriptor)));
      points.add(HookPoint.of("setLength", "(J)V", new Epilogue("changed", descriptor)));
    } else {
      points.add(HookPoint.of("open", open, new Epilogue("unguarded", descriptor)));
    }
    return new WovenClass("java.io.RandomAccessFile", points);
  }

  private static List<HookPoint> streamWrites(String owner) {
    return List.of(
        stream("write", "(I)V", "writeByte", owner),
        stream("write", "([B)V", "writeBytes", owner),
        stream("write", "([BII)V", "writeBytes", owner));
  }

  private static List<HookPoint> streamReads(String owner) {
    return List.of(
        stream("read", "()I", "readByte", owner),
        stream("read", "([B)I", "readBytes", owner),
        stream("read", "([BII)I", "readBytes", owner));
  }

  private static HookPoint stream(String method, String descriptor, String hook, String owner) {
    return HookPoint.of(method, descriptor, Prologue.redirectStream(hook, owner, descriptor));
  }

  private static WovenClass descriptor() {
    Argument self = Argument.selfDescriptor();
    return new WovenClass(
        "java.io.FileDescriptor",
        HookPoint.of("close", "()V", Prologue.invoke("closing", self)),
        HookPoint.of("close", "()V", new Epilogue("closed", self)),
        HookPoint.ifThere("sync", "()V", Prologue.redirect("sync", self)));
  }
}
