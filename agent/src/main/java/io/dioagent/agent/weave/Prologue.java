package io.dioagent.agent.weave;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The instructions that a woven method begins with. */
enum Prologue {
  /**
   * Returns what the hook of the same name answers, unless that is NOT_MINE:
   *
   * <pre>{@code
   * long answer = DioHook.write(descriptor, address, length);
   * if (answer != NOT_MINE) return (int) answer;
   * ... the original body
   * }</pre>
   */
  REDIRECT {
    @Override
    int write(MethodVisitor code, String method, String descriptor) {
      int stack = 0;
      int local = 1; // After this.
      for (Type parameter : Type.getArgumentTypes(descriptor)) {
        code.visitVarInsn(parameter.getOpcode(Opcodes.ILOAD), local);
        local += parameter.getSize();
        stack += parameter.getSize();
      }
      String hook = Type.getMethodDescriptor(Type.LONG_TYPE, Type.getArgumentTypes(descriptor));
      code.visitMethodInsn(Opcodes.INVOKESTATIC, HOOK, method, hook, false);
      Label original = new Label();
      code.visitInsn(Opcodes.DUP2);
      code.visitLdcInsn(NOT_MINE);
      code.visitInsn(Opcodes.LCMP);
      code.visitJumpInsn(Opcodes.IFEQ, original);
      Type answer = Type.getReturnType(descriptor);
      if (answer.equals(Type.INT_TYPE)) {
        code.visitInsn(Opcodes.L2I);
      }
      code.visitInsn(answer.getOpcode(Opcodes.IRETURN));
      code.visitLabel(original);
      code.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {Opcodes.LONG});
      code.visitInsn(Opcodes.POP2);
      return Math.max(stack, 6); // answer, its copy and NOT_MINE
    }
  },

  /** {@code DioHook.opened(descriptor, writable)}. */
  OPENED {
    @Override
    int write(MethodVisitor code, String method, String descriptor) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitVarInsn(Opcodes.ILOAD, HookPoint.writableParameter(descriptor));
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC, HOOK, "opened", "(Ljava/io/FileDescriptor;Z)V", false);
      return 2;
    }
  },

  /** {@code DioHook.closing(this)}. */
  CLOSING {
    @Override
    int write(MethodVisitor code, String method, String descriptor) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC, HOOK, "closing", "(Ljava/io/FileDescriptor;)V", false);
      return 1;
    }
  },

  /** {@code DioHook.cleaning(this.fd)}, of a FileCleanable. */
  CLEANING {
    @Override
    int write(MethodVisitor code, String method, String descriptor) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitFieldInsn(Opcodes.GETFIELD, "java/io/FileCleanable", "fd", "I");
      code.visitMethodInsn(Opcodes.INVOKESTATIC, HOOK, "cleaning", "(I)V", false);
      return 1;
    }
  };

  private static final String HOOK = "sun/nio/ch/DioHook";

  /** DioHook.NOT_MINE; java.base's own constant is not on the class path of every user of this. */
  private static final Long NOT_MINE = Long.MIN_VALUE;

  /**
   * Writes the prologue.
   *
   * @param descriptor the woven method's
   * @return how much stack it needs
   */
  abstract int write(MethodVisitor code, String method, String descriptor);
}
