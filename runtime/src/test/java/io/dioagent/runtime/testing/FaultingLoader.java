package io.dioagent.runtime.testing;

import io.dioagent.runtime.api.EventSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Loads the runtime and its tests again. The runtime gets a call of {@link
 * AllocationFaults#allocation} before each allocation: each new object, array, lambda and
 * concatenation, and each call of a JDK method that may allocate. Class initialisers are left
 * alone.
 */
public final class FaultingLoader extends ClassLoader {
  private static final String RUNTIME = "io.dioagent.runtime.";

  /** Code that injects faults of devices does not have to survive. */
  private static final String INJECTOR = RUNTIME + "fault.";

  private static final String SHARED = FaultingLoader.class.getPackageName() + ".";
  private static final String EVENT_SINK = EventSink.class.getName().replace('.', '/');
  private static final String FAULTS = AllocationFaults.class.getName().replace('.', '/');

  /** Methods of java.util and java.lang. */
  private static final Set<String> ALLOCATE =
      Set.of(
          "add",
          "addLast",
          "addFirst",
          "offer",
          "put",
          "putIfAbsent",
          "computeIfAbsent",
          "execute",
          "start",
          "copyOf",
          "newCondition",
          "iterator",
          "values",
          "set",
          "increment",
          "toArray",
          "awaitNanos",
          "getAndSet",
          "unmodifiableList",
          "fillInStackTrace",
          "duplicate",
          "slice");

  /** Classes whose ArrayDeques are made as large as they get. */
  private static final Set<String> BOUNDED =
      Set.of(
          RUNTIME + "pipeline.ChunkQueue",
          RUNTIME + "read.ReadStream",
          RUNTIME + "async.Submitting",
          RUNTIME + "async.ThreadParts",
          RUNTIME + "queue.LaneQueue",
          RUNTIME + "queue.QueueLanes",
          RUNTIME + "engine.PwriteContext");

  /** Methods that do not allocate themselves. */
  private static final Set<String> ATOMIC =
      Set.of(
          "java/util/concurrent/atomic/AtomicReference",
          "java/util/concurrent/atomic/AtomicInteger",
          "java/util/concurrent/atomic/AtomicBoolean",
          "java/util/concurrent/atomic/AtomicLong");

  private final String instrumentedFrom;

  /**
   * Makes a loader.
   *
   * @param ofRuntime a class of the runtime; those from the same place are changed
   */
  public FaultingLoader(Class<?> ofRuntime) {
    super(FaultingLoader.class.getClassLoader());
    instrumentedFrom = ofRuntime.getProtectionDomain().getCodeSource().getLocation().toString();
    for (String name : BOUNDED) {
      String file = name.replace('.', '/') + ".class";
      Objects.requireNonNull(getParent().getResource(file), name);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(RUNTIME) || name.startsWith(SHARED)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/') + ".class";
    try (InputStream in = getParent().getResourceAsStream(path)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      boolean ofRuntime = getParent().getResource(path).toString().contains(instrumentedFrom);
      if (ofRuntime && !name.startsWith(INJECTOR)) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        new ClassReader(bytes).accept(new Instrumented(writer, name), 0);
        bytes = writer.toByteArray();
      }
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Instrumented extends ClassVisitor {
    private final String className;

    Instrumented(ClassVisitor next, String className) {
      super(Opcodes.ASM9, next);
      this.className = className;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return name.equals("<clinit>") ? next : new BeforeAllocations(next, className);
    }
  }

  private static final class BeforeAllocations extends MethodVisitor {
    /** True where sinks are called, any of which may throw. */
    private final boolean guardsEvents;

    /** True if the class's queues have room for all their elements. */
    private final boolean bounded;

    BeforeAllocations(MethodVisitor next, String className) {
      super(Opcodes.ASM9, next);
      guardsEvents = className.endsWith(".GuardedEvents");
      bounded = BOUNDED.contains(className);
    }

    private void allocation() {
      super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS, "allocation", "()V", false);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      super.visitTypeInsn(opcode, type);
      if (opcode == Opcodes.NEW || opcode == Opcodes.ANEWARRAY) {
        allocation(); // After the instruction, because stack maps refer to the instruction itself.
      }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      if (opcode == Opcodes.NEWARRAY) {
        allocation();
      }
      super.visitIntInsn(opcode, operand);
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
      allocation();
      super.visitMultiANewArrayInsn(descriptor, dimensions);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, org.objectweb.asm.Handle bootstrap, Object... arguments) {
      allocation();
      super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      boolean sink = guardsEvents && owner.equals(EVENT_SINK);
      boolean reentrantLock =
          owner.equals("java/util/concurrent/locks/ReentrantLock") && name.equals("lock");
      boolean jdk = owner.startsWith("java/util/") || owner.startsWith("java/lang/");
      jdk &= !(bounded && owner.equals("java/util/ArrayDeque"));
      if (sink || reentrantLock || (jdk && !ATOMIC.contains(owner) && ALLOCATE.contains(name))) {
        allocation();
      }
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }
  }
}
