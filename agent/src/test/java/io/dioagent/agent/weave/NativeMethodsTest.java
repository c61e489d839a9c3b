package io.dioagent.agent.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * All native methods by which the JDK gets at files, as the JDK itself has them: each is behind a
 * method that is woven, or there is a reason why it need not be. One that a new JDK brings fails
 * here by its name.
 */
@Tag("host")
class NativeMethodsTest {
  private static final List<String> PACKAGES = List.of("java/io", "sun/nio/fs", "sun/nio/ch");

  private static final String BY_DESCRIPTOR =
      "its descriptor was opened by open or openat, which settles";
  private static final String NAMES = "names, not what is in a file or when it was changed";
  private static final String RIGHTS_ONLY = "rights and types, which a write on its way leaves";
  private static final String HELD = "the file is written synchronously while it is open";
  private static final String NO_FILE = "no file";
  private static final String POSITION = "the descriptor's own offset, which is moved at once";
  private static final String CONSTANT = "what the machine has";

  /** Classes all of whose native methods have nothing to do with files on a disk. */
  private static final Map<String, String> CLASSES = new HashMap<>();

  /** Native methods without the 0 at their end: woven methods that stand before them. */
  private static final Map<String, List<String>> WOVEN = new HashMap<>();

  /** The same: why nothing has to. */
  private static final Map<String, String> NEED_NOT = new HashMap<>();

  private static void need(String type, String reason, String... methods) {
    for (String method : methods) {
      NEED_NOT.put(type + "." + method, reason);
    }
  }

  private static void woven(String type, String method, String... before) {
    WOVEN.put(type + "." + method, List.of(before));
  }

  /** Of those woven methods that have the native one's name, in the same class. */
  private static void wovenAsNamed(String type, String... methods) {
    for (String method : methods) {
      woven(type, method, type + "." + method);
    }
  }

  static {
    for (String type :
        List.of(
            "java.io.Console",
            "java.io.ObjectStreamClass",
            "sun.nio.ch.DatagramChannelImpl",
            "sun.nio.ch.DatagramDispatcher",
            "sun.nio.ch.EPoll",
            "sun.nio.ch.EventFD",
            "sun.nio.ch.InheritedChannel",
            "sun.nio.ch.IOUtil",
            "sun.nio.ch.NativeSocketAddress",
            "sun.nio.ch.NativeThread",
            "sun.nio.ch.Net",
            "sun.nio.ch.PollSelectorImpl",
            "sun.nio.ch.SocketDispatcher",
            "sun.nio.ch.UnixAsynchronousSocketChannelImpl",
            "sun.nio.ch.UnixDomainSockets")) {
      CLASSES.put(type, NO_FILE);
    }
    CLASSES.put("sun.nio.ch.FileKey", "device and inode of a file");
    CLASSES.put("sun.nio.fs.LinuxWatchService", "waits for notifications, which writes make");

    String file = "java.io.File";
    String fs = "java.io.UnixFileSystem";
    woven(fs, "getLength", file + ".length");
    woven(fs, "getLastModifiedTime", file + ".lastModified");
    woven(fs, "setLastModifiedTime", file + ".setLastModified");
    woven(fs, "setReadOnly", file + ".setReadOnly");
    woven(fs, "rename", file + ".renameTo");
    woven(
        fs, "setPermission", file + ".setWritable", file + ".setReadable", file + ".setExecutable");
    need(fs, RIGHTS_ONLY, "checkAccess", "getBooleanAttributes");
    need(fs, NAMES, "list", "delete", "createDirectory", "canonicalize");
    need(fs, NAMES, "createFileExclusively", "getNameMax");
    need(fs, "of a file system; a write on its way has taken nothing of it yet", "getSpace");
    need(fs, CONSTANT, "initIDs");

    String dispatcher = "sun.nio.fs.UnixNativeDispatcher";
    wovenAsNamed(dispatcher, "open", "openat", "stat", "lstat", "fstatat");
    wovenAsNamed(dispatcher, "chmod", "fchmodat", "chown", "lchown", "utimes", "lutimes");
    wovenAsNamed(dispatcher, "utimensat", "rename", "renameat", "link");
    need(dispatcher, BY_DESCRIPTOR, "fstat", "futimes", "futimens", "fchmod", "fchown");
    need(dispatcher, BY_DESCRIPTOR, "fgetxattr", "fsetxattr", "fremovexattr", "flistxattr");
    need(dispatcher, BY_DESCRIPTOR, "read", "write", "dup", "rewind", "getlinelen");
    need(dispatcher, "of files that Files.copy and directories opened: no locks there", "close");
    need(dispatcher, NAMES, "unlink", "unlinkat", "mknod", "mkdir", "rmdir", "readlink");
    need(dispatcher, NAMES, "realpath", "symlink", "getcwd", "opendir", "fdopendir");
    need(dispatcher, NAMES, "closedir", "readdir");
    need(dispatcher, RIGHTS_ONLY, "access", "exists", "stat1");
    need(dispatcher, "of a file system", "statvfs");
    need(dispatcher, NO_FILE, "getpwnam", "getgrnam", "getpwuid", "getgrgid", "strerror");
    need(dispatcher, CONSTANT, "init", "fchmodatNoFollowSupported");

    String linux = "sun.nio.fs.LinuxNativeDispatcher";
    need(linux, NO_FILE, "init", "setmntent", "getmntent", "endmntent");
    need(linux, "advice on a source of Files.copy", "posix_fadvise");
    woven(linux, "directCopy", "sun.nio.fs.UnixFileSystem.copyFile");
    woven("sun.nio.fs.UnixFileSystem", "bufferedCopy", "sun.nio.fs.UnixFileSystem.copyFile");
    woven("sun.nio.fs.UnixCopyFile", "transfer", "sun.nio.fs.UnixCopyFile.copyFile");

    for (String channels :
        List.of("sun.nio.ch.FileDispatcherImpl", "sun.nio.ch.UnixFileDispatcherImpl")) {
      wovenAsNamed(channels, "read", "pread", "readv", "write", "pwrite", "writev", "force");
      wovenAsNamed(channels, "truncate", "size", "available", "lock", "release");
      wovenAsNamed(channels, "transferTo", "transferFrom");
      woven(channels, "map", "sun.nio.ch.FileChannelImpl.mapInternal");
      woven(channels, "unmap", "sun.nio.ch.FileChannelImpl$Unmapper.unmap");
      woven(channels, "close", "java.io.FileDescriptor.close");
      need(channels, POSITION, "seek");
      need(channels, "a descriptor of a number, of pipes and sockets", "closeIntFD");
      need(channels, "before a close, for sockets and pipes", "preClose", "dup");
      need(channels, "distinguishes files from pipes", "isOther");
      need(channels, "alignment, of a channel that is opened", "setDirect");
      need(channels, CONSTANT, "init", "allocationGranularity", "canTransferToFromOverlappedMap");
    }
    need("sun.nio.ch.UnixDispatcher", "of sockets and pipes too; see FileDescriptor", "close");
    need("sun.nio.ch.UnixDispatcher", "before a close, for sockets and pipes", "preClose");
    need("sun.nio.ch.UnixDispatcher", CONSTANT, "init");

    String channel = "sun.nio.ch.FileChannelImpl";
    woven(channel, "transferTo", channel + ".transferToDirectlyInternal");
    woven(channel, "map", channel + ".mapInternal");
    woven(channel, "unmap", channel + "$Unmapper.unmap");
    need(channel, CONSTANT, "initIDs", "maxDirectTransferSize");

    String random = "java.io.RandomAccessFile";
    wovenAsNamed(random, "open", "read", "write");
    woven(random, "writeBytes", random + ".write");
    woven(random, "readBytes", random + ".read");
    need(random, HELD, "length", "setLength");
    need(random, POSITION, "getFilePointer", "seek");
    need(random, CONSTANT, "initIDs");

    String output = "java.io.FileOutputStream";
    wovenAsNamed(output, "open", "write");
    woven(output, "writeBytes", output + ".write");
    need(output, CONSTANT, "initIDs");

    String input = "java.io.FileInputStream";
    wovenAsNamed(input, "open", "read", "length", "available");
    woven(input, "readBytes", input + ".read");
    need(input, POSITION, "position", "skip");
    need(input, RIGHTS_ONLY, "isRegularFile");
    need(input, CONSTANT, "initIDs");

    String descriptor = "java.io.FileDescriptor";
    woven(descriptor, "close", descriptor + ".close");
    need(descriptor, "woven, or its file written synchronously once it is shown", "sync");
    need(descriptor, "the number and the flag of a descriptor", "getHandle", "getAppend");
    need(descriptor, CONSTANT, "initIDs");
    woven("java.io.FileCleanable", "cleanupClose", "java.io.FileCleanable.performCleanup");
  }

  static Set<Path> javaHomes() throws IOException {
    return WovenClassTest.javaHomes();
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void eachIsWovenOrHasAReason(Path javaHome) throws IOException {
    Set<String> woven = new TreeSet<>();
    WovenClassTest.hookCalls(javaHome)
        .forEach(
            (type, methods) ->
                methods
                    .keySet()
                    .forEach(
                        method ->
                            woven.add(type + "." + method.substring(0, method.indexOf('(')))));
    Set<String> natives = natives(javaHome);
    assertTrue(natives.size() > 150, () -> "found only " + natives);
    Set<String> unknown = new TreeSet<>();
    for (String method : natives) {
      List<String> before = WOVEN.get(method);
      String type = method.substring(0, method.lastIndexOf('.'));
      if (before == null && !NEED_NOT.containsKey(method) && !CLASSES.containsKey(type)) {
        unknown.add(method);
      }
      if (before != null) {
        assertTrue(woven.containsAll(before), () -> method + " needs " + before + " woven");
      }
    }
    assertEquals(
        Set.of(), unknown, "weave what calls it, or say here why it need not be: " + javaHome);
  }

  /** All native methods of the packages, without a 0 at the end. */
  private static Set<String> natives(Path javaHome) throws IOException {
    Set<String> natives = new TreeSet<>();
    try (FileSystem image = WovenClassTest.image(javaHome)) {
      for (String directory : PACKAGES) {
        try (Stream<Path> files = Files.list(image.getPath("/modules/java.base", directory))) {
          for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
            addNatives(Files.readAllBytes(file), natives);
          }
        }
      }
    }
    return natives;
  }

  private static void addNatives(byte[] classFile, Set<String> natives) {
    ClassReader reader = new ClassReader(classFile);
    String type = reader.getClassName().replace('/', '.');
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String generic, String[] thrown) {
            if ((access & Opcodes.ACC_NATIVE) != 0) {
              boolean unused = natives.add(type + "." + name.replaceFirst("0$", ""));
            }
            return null;
          }
        },
        ClassReader.SKIP_CODE);
  }
}
