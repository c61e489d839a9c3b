package io.dioagent.agent.weave;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/** A way to weave a method. Immutable. */
interface Weaving {
  /** The class of the constants that woven code compares with. */
  String HOOK = "sun/nio/ch/DioHook";

  /** The class of the methods that may replace the rest of a woven method. */
  String CALLS = "sun/nio/ch/DioCalls";

  /** The class of the methods that notify the hook. */
  String NOTICES = "sun/nio/ch/DioNotices";

  /** Returns a visitor that writes the woven method to the next one. */
  MethodVisitor weave(MethodVisitor next, WovenMethod method);

  /** Returns the descriptor of a hook's method with these arguments. */
  static String hookDescriptor(Type result, WovenMethod method, Argument... arguments) {
    Type[] types = new Type[arguments.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = arguments[i].typeIn(method);
    }
    return Type.getMethodDescriptor(result, types);
  }

  /** Returns the stack that these arguments take. */
  static int size(WovenMethod method, Argument... arguments) {
    int size = 0;
    for (Argument argument : arguments) {
      size += argument.typeIn(method).getSize();
    }
    return size;
  }
}
