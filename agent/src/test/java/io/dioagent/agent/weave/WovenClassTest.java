package io.dioagent.agent.weave;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import sun.nio.ch.DioCalls;
import sun.nio.ch.DioNotices;

/** Weaves the real classes of the running JDK, and of all others on this machine. */
class WovenClassTest {
  /** The methods that woven code may call, by internal name of their class. */
  private static final Map<String, Set<String>> HOOKS =
      Map.of(
          Type.getInternalName(DioCalls.class), publicStatics(DioCalls.class),
          Type.getInternalName(DioNotices.class), publicStatics(DioNotices.class));

  private static final Templates TEMPLATES = new Templates(HookTable.rows());

  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  private static Set<String> publicStatics(Class<?> hook) {
    Set<String> methods = new TreeSet<>();
    for (Method method : hook.getDeclaredMethods()) {
      if (Modifier.isStatic(method.getModifiers()) && Modifier.isPublic(method.getModifiers())) {
        methods.add(method.getName() + Type.getMethodDescriptor(method));
      }
    }
    return methods;
  }

  static Set<Path> javaHomes() throws IOException {
    Set<Path> homes = new LinkedHashSet<>();
    homes.add(Path.of(System.getProperty("java.home")).toRealPath());
    homes.add(AgentJvm.javaExecutable().toRealPath().getParent().getParent());
    if (Files.isDirectory(INSTALLED)) {
      try (DirectoryStream<Path> others = Files.newDirectoryStream(INSTALLED)) {
        for (Path home : others) {
          if (Files.exists(home.resolve("lib/jrt-fs.jar")) && feature(home) >= 17) {
            homes.add(home.toRealPath());
          }
        }
      }
    }
    return homes;
  }

  /** Returns the release of a JDK, by the version of its class files. */
  static int feature(Path javaHome) throws IOException {
    try (FileSystem image = image(javaHome)) {
      byte[] object =
          Files.readAllBytes(image.getPath("/modules/java.base/java/lang/Object.class"));
      return object[7] - 44;
    }
  }

  /** Returns the class files of a JDK's woven classes, by binary name. */
  private static Map<String, byte[]> classFiles(Path javaHome, List<WovenClass> classes)
      throws IOException {
    Map<String, byte[]> classFiles = new LinkedHashMap<>();
    try (FileSystem image = image(javaHome)) {
      for (WovenClass type : classes) {
        String file = type.binaryName().replace('.', '/') + ".class";
        classFiles.put(
            type.binaryName(), Files.readAllBytes(image.getPath("/modules/java.base", file)));
      }
    }
    return classFiles;
  }

  static FileSystem image(Path javaHome) throws IOException {
    return FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", javaHome.toString()));
  }

  private static List<WovenClass> table(Path javaHome) throws IOException {
    return HookTable.of(feature(javaHome));
  }

  /** Methods of a class that call the hook, with the hook's methods. */
  private static Map<String, Set<String>> hookCalls(byte[] classFile) {
    Map<String, Set<String>> calls = new TreeMap<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String generic, String[] thrown) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String hook, String hookDescriptor, boolean is) {
                    if (HOOKS.containsKey(owner)) {
                      assertTrue(HOOKS.get(owner).contains(hook + hookDescriptor), owner + hook);
                      boolean unused =
                          calls
                              .computeIfAbsent(name + descriptor, none -> new TreeSet<>())
                              .add(hook + hookDescriptor);
                    }
                  }
                };
              }
            },
            0);
    return calls;
  }

  static Map<String, Map<String, Set<String>>> hookCalls(Path javaHome) throws IOException {
    List<WovenClass> classes = table(javaHome);
    Map<String, byte[]> classFiles = classFiles(javaHome, classes);
    Map<String, Map<String, Set<String>>> calls = new TreeMap<>();
    for (WovenClass type : classes) {
      calls.put(
          type.binaryName(), hookCalls(type.weave(classFiles.get(type.binaryName()), TEMPLATES)));
    }
    return calls;
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void theDispatcherCallsTheHookFirst(Path javaHome) throws IOException {
    Map<String, Map<String, Set<String>>> calls = hookCalls(javaHome);
    Map<String, Set<String>> dispatcher = calls.get("sun.nio.ch.UnixFileDispatcherImpl");
    if (dispatcher == null) {
      dispatcher = calls.get("sun.nio.ch.FileDispatcherImpl");
    }
    String fd = "Ljava/io/FileDescriptor;";
    Map<String, Set<String>> expected = new TreeMap<>();
    for (String method :
        List.of(
            "write(%sJI)I",
            "pwrite(%sJIJ)I",
            "writev(%sJI)J",
            "read(%sJI)I",
            "pread(%sJIJ)I",
            "readv(%sJI)J",
            "force(%sZ)I")) {
      String woven = method.formatted(fd);
      expected.put(woven, Set.of(woven.substring(0, woven.length() - 1) + "J"));
    }
    Set<String> touching = Set.of("touching(" + fd + ")V");
    expected.put("size(" + fd + ")J", touching);
    if (dispatcher.containsKey("available(" + fd + ")I")) { // Newer ones have it.
      expected.put("available(" + fd + ")I", touching);
    }
    expected.put("lock(" + fd + "ZJJZ)I", Set.of("locking(" + fd + ")V", "locked(J)V"));
    expected.put("release(" + fd + "JJ)V", touching);
    expected.put("truncate(" + fd + "J)I", Set.of("entering(" + fd + ")V", "changed(" + fd + ")V"));
    assertEquals(expected, dispatcher);
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void opensAndClosesCallTheHook(Path javaHome) throws IOException {
    Map<String, Map<String, Set<String>>> calls = hookCalls(javaHome);
    for (String channel :
        List.of("sun.nio.ch.FileChannelImpl", "sun.nio.ch.SimpleAsynchronousFileChannelImpl")) {
      assertTrue(calls.get(channel).containsValue(Set.of("opened(Ljava/io/FileDescriptor;Z)V")));
    }
    assertEquals(
        Set.of("closing(Ljava/io/FileDescriptor;)V", "closed(Ljava/io/FileDescriptor;)V"),
        calls.get("java.io.FileDescriptor").get("close()V"));
    assertEquals(
        Map.of("performCleanup()V", Set.of("cleaning(I)V")), calls.get("java.io.FileCleanable"));
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void streamsCallTheHook(Path javaHome) throws IOException {
    Map<String, Map<String, Set<String>>> calls = hookCalls(javaHome);
    for (String stream : List.of("java.io.FileOutputStream", "java.io.RandomAccessFile")) {
      Map<String, Set<String>> woven = calls.get(stream);
      assertEquals(Set.of("writeByte(Ljava/io/FileDescriptor;I)J"), woven.get("write(I)V"));
      assertEquals(Set.of("writeBytes(Ljava/io/FileDescriptor;[B)J"), woven.get("write([B)V"));
      assertEquals(Set.of("writeBytes(Ljava/io/FileDescriptor;[BII)J"), woven.get("write([BII)V"));
    }
    for (String stream : List.of("java.io.FileInputStream", "java.io.RandomAccessFile")) {
      Map<String, Set<String>> woven = calls.get(stream);
      assertEquals(Set.of("readByte(Ljava/io/FileDescriptor;)J"), woven.get("read()I"));
      assertEquals(Set.of("readBytes(Ljava/io/FileDescriptor;[B)J"), woven.get("read([B)I"));
      assertEquals(Set.of("readBytes(Ljava/io/FileDescriptor;[BII)J"), woven.get("read([BII)I"));
    }
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void asynchronousWritesCallTheHook(Path javaHome) throws IOException {
    String parameters =
        "Ljava/nio/ByteBuffer;JLjava/lang/Object;Ljava/nio/channels/CompletionHandler;)";
    assertEquals(
        Set.of("writeAsync(Ljava/lang/Object;" + parameters + "Ljava/lang/Object;"),
        hookCalls(javaHome)
            .get("sun.nio.ch.SimpleAsynchronousFileChannelImpl")
            .get("implWrite(" + parameters + "Ljava/util/concurrent/Future;"));
  }

  /** A hook that is called by a name or type that it does not have shows at run time only. */
  @ParameterizedTest
  @MethodSource("javaHomes")
  void allThatIsCalledIsThere(Path javaHome) throws IOException {
    Set<String> there = new TreeSet<>();
    HOOKS.values().forEach(there::addAll);
    hookCalls(javaHome)
        .values()
        .forEach(
            calls ->
                calls.forEach(
                    (method, hooks) -> assertTrue(there.containsAll(hooks), method + hooks)));
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void membersStayAsTheyAre(Path javaHome) throws IOException {
    List<WovenClass> classes = table(javaHome);
    Map<String, byte[]> classFiles = classFiles(javaHome, classes);
    for (WovenClass type : classes) {
      byte[] original = classFiles.get(type.binaryName());
      assertEquals(members(original), members(type.weave(original, TEMPLATES)), type.binaryName());
    }
  }

  private static Set<String> members(byte[] classFile) {
    Set<String> members = new LinkedHashSet<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String generic, String[] thrown) {
                members.add(access + " " + name + descriptor);
                return null;
              }
            },
            0);
    return members;
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void weavingIsRepeatable(Path javaHome) throws IOException {
    List<WovenClass> classes = table(javaHome);
    Map<String, byte[]> classFiles = classFiles(javaHome, classes);
    for (WovenClass type : classes) {
      byte[] original = classFiles.get(type.binaryName());
      assertArrayEquals(
          type.weave(original, TEMPLATES), type.weave(original, TEMPLATES), type.binaryName());
    }
  }

  @Test
  void aMissingMethodIsNamed() throws IOException {
    byte[] classFile;
    try (var in = Object.class.getResourceAsStream("/java/lang/Runnable.class")) {
      classFile = in.readAllBytes();
    }
    Class<?> enter = DispatcherAdvice.Write.class;
    String method = "write(Ljava/io/FileDescriptor;JI)I";
    HookPoint point =
        new HookPoint(
            Jdks.ALL, "java.lang.Runnable", method, enter, DispatcherAdvice.IntAnswer.class, null);
    WovenClass woven = new WovenClass("java.lang.Runnable", 17, List.of(point));
    String message =
        assertThrows(IllegalArgumentException.class, () -> woven.weave(classFile, TEMPLATES))
            .getMessage();
    assertEquals("java.lang.Runnable has no write(Ljava/io/FileDescriptor;JI)I", message);
  }

  @Test
  void aFailureNamesClassAndMethod() throws IOException {
    byte[] classFile;
    try (var in = Object.class.getResourceAsStream("/java/io/FileInputStream.class")) {
      classFile = in.readAllBytes();
    }
    Class<?> enter = StreamAdvice.ReadByte.class;
    Class<?> wrong = DispatcherAdvice.LongAnswer.class;
    String type = "java.io.FileInputStream";
    List<HookPoint> points = List.of(new HookPoint(Jdks.ALL, type, "read()I", enter, wrong, null));
    WovenClass woven = new WovenClass(type, 17, points);
    Templates templates = new Templates(points);
    String message =
        assertThrows(IllegalArgumentException.class, () -> woven.weave(classFile, templates))
            .getMessage();
    assertTrue(message.startsWith("cannot weave java.io.FileInputStream.read()I: "), message);
  }

  /** The writable one: (descriptor, [path,] readable, writable, ..), which differs between JDKs. */
  @ParameterizedTest
  @MethodSource("javaHomes")
  void opensPassTheirSecondBoolean(Path javaHome) throws IOException {
    List<WovenClass> classes = table(javaHome);
    Map<String, byte[]> classFiles = classFiles(javaHome, classes);
    int found = 0;
    for (WovenClass type : classes) {
      byte[] woven = type.weave(classFiles.get(type.binaryName()), TEMPLATES);
      for (Map.Entry<String, Integer> passed : passedToOpened(woven).entrySet()) {
        String descriptor = passed.getKey();
        assertEquals(secondBoolean(descriptor), passed.getValue(), type.binaryName() + descriptor);
        found++;
      }
    }
    assertEquals(2, found);
  }

  /** By descriptor of a static method, the local variable that is the last argument of opened. */
  private static Map<String, Integer> passedToOpened(byte[] classFile) {
    Map<String, Integer> passed = new TreeMap<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String generic, String[] thrown) {
                return new MethodVisitor(Opcodes.ASM9) {
                  private int last = -1;

                  @Override
                  public void visitVarInsn(int opcode, int variable) {
                    last = variable;
                  }

                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String hook, String hookDescriptor, boolean is) {
                    if (hook.equals("opened")) {
                      passed.put(descriptor, last);
                    }
                  }
                };
              }
            },
            0);
    return passed;
  }

  private static int secondBoolean(String descriptor) {
    int booleans = 0;
    int local = 0;
    for (Type parameter : Type.getArgumentTypes(descriptor)) {
      if (parameter.getSort() == Type.BOOLEAN && ++booleans == 2) {
        return local;
      }
      local += parameter.getSize();
    }
    return -1;
  }
}
