package io.dioagent.agent.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Changes the calls of a method within a woven one. */
abstract class CallSite {
  /** The class of the methods that notify the hook. */
  private static final String NOTICES = "sun/nio/ch/DioNotices";

  private final String callee;
  private final String calleeDescriptor;

  private CallSite(String callee, String calleeDescriptor) {
    this.callee = callee;
    this.calleeDescriptor = calleeDescriptor;
  }

  /** Writes the call, with its arguments on the stack. Returns how much more stack it needs. */
  abstract int write(MethodVisitor code, int opcode, String owner);

  /**
   * Returns a visitor that writes the woven method to the next one.
   *
   * @param method name and descriptor, for a message
   */
  MethodVisitor weave(MethodVisitor next, String method) {
    return new MethodVisitor(Opcodes.ASM9, next) {
      private int moreStack;
      private boolean found;

      @Override
      public void visitMethodInsn(
          int opcode, String owner, String name, String descriptor, boolean isInterface) {
        if (name.equals(callee) && descriptor.equals(calleeDescriptor)) {
          found = true;
          moreStack = Math.max(moreStack, write(mv, opcode, owner));
        } else {
          super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }
      }

      @Override
      public void visitMaxs(int maxStack, int maxLocals) {
        super.visitMaxs(maxStack + moreStack, maxLocals);
      }

      @Override
      public void visitEnd() {
        if (!found) {
          throw new IllegalArgumentException(
              method + " does not call " + callee + calleeDescriptor);
        }
        super.visitEnd();
      }
    };
  }

  /**
   * Calls another method of the same class, which can be woven, in place of a native one. The call
   * is not virtual, so that a subclass does not see a new call.
   */
  static CallSite callInstead(String callee, String descriptor, String other) {
    return new CallSite(callee, descriptor) {
      @Override
      int write(MethodVisitor code, int opcode, String owner) {
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, owner, other, descriptor, false);
        return 0;
      }
    };
  }

  /**
   * Passes two ints to the hook before a call with arguments (int, int, long), which stays as it
   * is:
   *
   * <pre>
   * a b L     DUP2_X2  L a b L    POP2  L a b    DUP2  L a b a b
   * L a b     (called) DUP2_X2  a b L a b        POP2  a b L
   * </pre>
   */
  static CallSite callBefore(String callee, String descriptor, String hook) {
    return new CallSite(callee, descriptor) {
      @Override
      int write(MethodVisitor code, int opcode, String owner) {
        code.visitInsn(Opcodes.DUP2_X2);
        code.visitInsn(Opcodes.POP2);
        code.visitInsn(Opcodes.DUP2);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, NOTICES, hook, "(II)V", false);
        code.visitInsn(Opcodes.DUP2_X2);
        code.visitInsn(Opcodes.POP2);
        code.visitMethodInsn(opcode, owner, callee, descriptor, false);
        return 2;
      }
    };
  }
}
