package io.dioagent.agent.weave;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.scaffold.TypeInitializer;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.pool.TypePool;

/**
 * A class of java.base and its woven methods. Immutable.
 *
 * <p>Byte Buddy is asked for its advice only. To have it make a type would cost the start more, and
 * so would its look at the classes that a woven one refers to.
 */
final class WovenClass {
  private static final int NO_FLAGS = 0;

  private final String binaryName;
  private final int feature;
  private final List<HookPoint> points;

  /**
   * Names the methods to weave.
   *
   * @param feature release of the JDK whose class it is
   */
  WovenClass(String binaryName, int feature, List<HookPoint> points) {
    this.binaryName = binaryName;
    this.feature = feature;
    this.points = List.copyOf(points);
  }

  String binaryName() {
    return binaryName;
  }

  List<HookPoint> points() {
    return points;
  }

  /**
   * Weaves a class file.
   *
   * @throws IllegalArgumentException if a method is missing or cannot be woven, or the class file
   *     is newer than known
   */
  byte[] weave(byte[] classFile, Templates templates) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, NO_FLAGS);
    Visitor visitor = new Visitor(writer, classFile, templates);
    try {
      reader.accept(visitor, NO_FLAGS);
    } catch (RuntimeException | LinkageError e) {
      throw new IllegalArgumentException(
          "cannot weave " + binaryName + "." + visitor.last + ": " + e, e);
    }
    visitor.requireAll();
    return writer.toByteArray();
  }

  /** Writes the class, with its points woven. */
  private final class Visitor extends ClassVisitor {
    private final List<HookPoint> missing = new ArrayList<>(points);
    private final Templates templates;
    private final TypePool pool;
    private final TypeDescription type;
    private final Implementation.Context context;
    private int visited;

    /** The last method to be woven, for a message. */
    private String last = "<class>";

    Visitor(ClassVisitor next, byte[] classFile, Templates templates) {
      super(Opcodes.ASM9, next);
      this.templates = templates;
      pool = Templates.pool(ClassFileLocator.Simple.of(binaryName, classFile));
      type = pool.describe(binaryName).resolve();
      ClassFileVersion version = ClassFileVersion.ofClassFile(classFile);
      context =
          Implementation.Context.Disabled.Factory.INSTANCE.make(
              type,
              null, // No types are made that would need a name.
              TypeInitializer.None.INSTANCE,
              version,
              version,
              Implementation.Context.FrameGeneration.GENERATE);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
      if (name.equals(MethodDescription.TYPE_INITIALIZER_INTERNAL_NAME)) {
        return code; // Is none of the type's methods.
      }
      int index = visited++;
      if ((access & Opcodes.ACC_NATIVE) != 0) {
        return code;
      }
      for (HookPoint point : points) {
        if (point.matches(name, descriptor)) {
          missing.remove(point);
          last = name + descriptor;
          code = weave(point, type.getDeclaredMethods().get(index), code);
        }
      }
      return code;
    }

    private MethodVisitor weave(HookPoint point, MethodDescription method, MethodVisitor code) {
      Advice advice = templates.of(point);
      MethodVisitor woven =
          advice == null
              ? code
              : advice.wrap(type, method, code, context, pool, NO_FLAGS, NO_FLAGS);
      return point.callSite() == null ? woven : point.callSite().weave(woven, last);
    }

    void requireAll() {
      for (HookPoint point : missing) {
        if (point.jdks().require(feature)) {
          throw new IllegalArgumentException(binaryName + " has no " + point.method());
        }
      }
    }
  }
}
