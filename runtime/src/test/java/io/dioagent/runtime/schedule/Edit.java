package io.dioagent.runtime.schedule;

import java.util.function.Consumer;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * A change of one method, by which a class gets a defect. None adds or removes a jump, so the
 * method's stack maps stay as they are.
 */
public final class Edit {
  private final String className;
  private final String method;
  private final boolean unsynchronized;
  private final Change change;

  private interface Change {
    MethodVisitor before(MethodVisitor next);
  }

  private Edit(String className, String method, boolean unsynchronized, Change change) {
    this.className = className;
    this.method = method;
    this.unsynchronized = unsynchronized;
    this.change = change;
  }

  boolean isOf(String name) {
    return className.equals(name);
  }

  boolean isOfMethod(String name) {
    return method.equals(name);
  }

  int access(int access) {
    return unsynchronized ? access & ~Opcodes.ACC_SYNCHRONIZED : access;
  }

  MethodVisitor before(MethodVisitor next) {
    return change.before(next);
  }

  /** A method of a class, below the runtime's package. */
  public record Place(String className, String method) {
    /** Calls of a method are left out; what they return is a constant, or null. */
    public Edit without(String call, int... constant) {
      return onCall(
          call,
          one -> {
            one.dropArguments();
            boolean object = Type.getReturnType(one.descriptor).getSort() == Type.OBJECT;
            for (int value : constant) {
              one.visitor.visitInsn(object ? Opcodes.ACONST_NULL : Opcodes.ICONST_0 + value);
            }
          });
    }

    /** Calls of a method with one argument at most, which return nothing, are made twice. */
    public Edit twice(String call) {
      return onCall(
          call,
          one -> {
            boolean argument = Type.getArgumentTypes(one.descriptor).length == 1;
            one.visitor.visitInsn(argument ? Opcodes.DUP2 : Opcodes.DUP);
            one.make();
            one.make();
          });
    }

    /** What calls of a method return is a constant; they are made. */
    public Edit answering(String call, int constant) {
      return onCall(
          call,
          one -> {
            one.make();
            one.visitor.visitInsn(Opcodes.POP);
            one.visitor.visitInsn(Opcodes.ICONST_0 + constant);
          });
    }

    /** The method holds no monitor, and others go on behind its reads of a field, or calls. */
    public Edit unguarded(String read) {
      return new Edit(
          className,
          method,
          true,
          next ->
              new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitInsn(int opcode) {
                  boolean monitor = opcode == Opcodes.MONITORENTER || opcode == Opcodes.MONITOREXIT;
                  super.visitInsn(monitor ? Opcodes.POP : opcode);
                }

                @Override
                public void visitFieldInsn(
                    int opcode, String owner, String name, String descriptor) {
                  super.visitFieldInsn(opcode, owner, name, descriptor);
                  if (opcode == Opcodes.GETFIELD && name.equals(read)) {
                    yieldNow();
                  }
                }

                @Override
                public void visitMethodInsn(
                    int opcode, String owner, String name, String descriptor, boolean isInterface) {
                  super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                  if (name.equals(read)) {
                    yieldNow();
                  }
                }

                private void yieldNow() {
                  super.visitMethodInsn(
                      Opcodes.INVOKESTATIC, "java/lang/Thread", "yield", "()V", false);
                }
              });
    }

    /** The first write of a boolean field comes only before a call of a static method. */
    public Edit late(String field, String call) {
      return new Edit(
          className,
          method,
          false,
          next ->
              new MethodVisitor(Opcodes.ASM9, next) {
                private String fieldOwner;

                @Override
                public void visitFieldInsn(
                    int opcode, String owner, String name, String descriptor) {
                  if (opcode == Opcodes.PUTFIELD && name.equals(field) && fieldOwner == null) {
                    fieldOwner = owner;
                    super.visitInsn(Opcodes.POP2);
                  } else {
                    super.visitFieldInsn(opcode, owner, name, descriptor);
                  }
                }

                @Override
                public void visitMethodInsn(
                    int opcode, String owner, String name, String descriptor, boolean isInterface) {
                  if (name.equals(call) && fieldOwner != null) {
                    super.visitVarInsn(Opcodes.ALOAD, 0);
                    if (fieldOwner.endsWith("AsyncWriter") && className.endsWith("Reaper")) {
                      super.visitFieldInsn(
                          Opcodes.GETFIELD, owner(), "this$0", "L" + fieldOwner + ";");
                    }
                    super.visitInsn(Opcodes.ICONST_1);
                    super.visitFieldInsn(Opcodes.PUTFIELD, fieldOwner, field, "Z");
                  }
                  super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                }

                private String owner() {
                  return ChangedLoader.RUNTIME.replace('.', '/') + className.replace('.', '/');
                }
              });
    }

    private Edit onCall(String call, Consumer<Call> replacement) {
      return new Edit(
          className,
          method,
          false,
          next ->
              new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitMethodInsn(
                    int opcode, String owner, String name, String descriptor, boolean isInterface) {
                  if (name.equals(call)) {
                    replacement.accept(new Call(mv, opcode, owner, name, descriptor, isInterface));
                  } else {
                    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                  }
                }
              });
    }
  }

  private record Call(
      MethodVisitor visitor,
      int opcode,
      String owner,
      String name,
      String descriptor,
      boolean isInterface) {
    void make() {
      visitor.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }

    void dropArguments() {
      Type[] arguments = Type.getArgumentTypes(descriptor);
      for (int i = arguments.length - 1; i >= 0; i--) {
        visitor.visitInsn(arguments[i].getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
      }
      if (opcode != Opcodes.INVOKESTATIC) {
        visitor.visitInsn(Opcodes.POP);
      }
    }
  }
}
