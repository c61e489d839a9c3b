package io.dioagent.agent.weave;

import java.util.List;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Which methods of the JDK are woven, and which method of {@code DioHook} each calls.
 *
 * <p>Channels are cut at the dispatcher, below all that {@code FileChannelImpl} does; streams at
 * their public methods, for what is below is native; what a channel or {@code Files} has the kernel
 * copy from file to file, before it does.
 */
final class HookTable {
  private static final String DISPATCHER = "sun.nio.ch.FileDispatcherImpl";

  /** From JDK 21 on the class above has a superclass that does the work. */
  private static final String UNIX_DISPATCHER = "sun.nio.ch.UnixFileDispatcherImpl";

  private static final String CHANNEL = "sun.nio.ch.FileChannelImpl";
  private static final String ASYNCHRONOUS_CHANNEL = "sun.nio.ch.SimpleAsynchronousFileChannelImpl";

  private static final String FD = "Ljava/io/FileDescriptor;";

  private HookTable() {}

  /** The classes of this JDK. */
  static List<WovenClass> ofThisJdk() {
    return of(hasClass(UNIX_DISPATCHER));
  }

  /**
   * The classes of a JDK.
   *
   * @param unixDispatcher whether it has {@code UnixFileDispatcherImpl}
   */
  static List<WovenClass> of(boolean unixDispatcher) {
    return unixDispatcher
        ? List.of(
            dispatcher(UNIX_DISPATCHER),
            new WovenClass(
                DISPATCHER,
                HookPoint.of(
                    "transferTo",
                    "(" + FD + "JJ" + FD + "Z)J",
                    Prologue.redirect("transfer", Argument.parameter(0), Argument.parameter(3))),
                HookPoint.of(
                    "transferFrom",
                    "(" + FD + FD + "JJZ)J",
                    Prologue.redirect("transfer", Argument.parameter(0), Argument.parameter(1)))),
            new WovenClass(CHANNEL, opened()),
            new WovenClass(ASYNCHRONOUS_CHANNEL, opened()),
            new WovenClass(
                "sun.nio.fs.UnixFileSystem",
                HookPoint.of(
                    "copyFile",
                    "(Lsun/nio/fs/UnixPath;Lsun/nio/fs/UnixFileAttributes;Lsun/nio/fs/UnixPath;"
                        + "Lsun/nio/fs/UnixFileSystem$Flags;J)V",
                    CallSite.tellBefore("directCopy", "(IIJ)I", "copying"))),
            outputStream(),
            randomAccessFile(),
            descriptor(),
            cleanable())
        : List.of(
            dispatcher(DISPATCHER),
            new WovenClass(
                CHANNEL,
                opened(),
                HookPoint.of(
                    "transferToDirectlyInternal",
                    "(JILjava/nio/channels/WritableByteChannel;" + FD + ")J",
                    Prologue.redirect(
                        "transfer",
                        Argument.descriptorOf("sun/nio/ch/FileChannelImpl"),
                        Argument.parameter(3)))),
            new WovenClass(ASYNCHRONOUS_CHANNEL, opened()),
            new WovenClass(
                "sun.nio.fs.UnixCopyFile",
                HookPoint.of(
                    "copyFile",
                    "(Lsun/nio/fs/UnixPath;Lsun/nio/fs/UnixFileAttributes;Lsun/nio/fs/UnixPath;"
                        + "Lsun/nio/fs/UnixCopyFile$Flags;J)V",
                    CallSite.tellBefore("transfer", "(IIJ)V", "copying"))),
            outputStream(),
            randomAccessFile(),
            descriptor(),
            cleanable());
  }

  private static WovenClass dispatcher(String name) {
    return new WovenClass(
        name,
        redirected("write", "(" + FD + "JI)I"),
        redirected("pwrite", "(" + FD + "JIJ)I"),
        redirected("writev", "(" + FD + "JI)J"),
        redirected("force", "(" + FD + "Z)I"));
  }

  private static HookPoint redirected(String method, String descriptor) {
    return HookPoint.of(method, descriptor, Prologue.redirectAll(method, descriptor));
  }

  private static HookPoint opened() {
    return HookPoint.open(
        new Weaving() {
          @Override
          public MethodVisitor weave(MethodVisitor next, WovenMethod method) {
            Argument writable = Argument.parameter(method.writableParameter());
            return Prologue.tell("opened", Argument.parameter(0), writable).weave(next, method);
          }
        });
  }

  private static WovenClass outputStream() {
    String owner = "java/io/FileOutputStream";
    return new WovenClass(
        "java.io.FileOutputStream",
        stream("write", "(I)V", "writeByte", owner),
        stream("write", "([B)V", "writeBytes", owner),
        stream("write", "([BII)V", "writeBytes", owner));
  }

  private static WovenClass randomAccessFile() {
    String owner = "java/io/RandomAccessFile";
    CallSite nonNative = CallSite.callInstead("writeBytes", "([BII)V", "write");
    return new WovenClass(
        "java.io.RandomAccessFile",
        stream("write", "(I)V", "writeByte", owner),
        stream("write", "([B)V", "writeBytes", owner),
        stream("write", "([BII)V", "writeBytes", owner),
        HookPoint.of("writeBytes", "(Ljava/lang/String;)V", nonNative),
        HookPoint.of("writeChars", "(Ljava/lang/String;)V", nonNative));
  }

  private static HookPoint stream(String method, String descriptor, String hook, String owner) {
    return HookPoint.of(method, descriptor, Prologue.redirectStream(hook, owner, descriptor));
  }

  private static WovenClass descriptor() {
    return new WovenClass(
        "java.io.FileDescriptor",
        HookPoint.of("close", "()V", Prologue.tell("closing", Argument.selfDescriptor())));
  }

  private static WovenClass cleanable() {
    return new WovenClass(
        "java.io.FileCleanable",
        HookPoint.of(
            "performCleanup",
            "()V",
            Prologue.tell(
                "cleaning", Argument.field("java/io/FileCleanable", "fd", Type.INT_TYPE))));
  }

  private static boolean hasClass(String name) {
    return Object.class.getResource("/" + name.replace('.', '/') + ".class") != null;
  }
}
