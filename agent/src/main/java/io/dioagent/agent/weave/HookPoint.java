package io.dioagent.agent.weave;

/**
 * A woven method of the JDK: a row of {@link HookTable}.
 *
 * @param jdks the JDKs that it is for
 * @param type binary name of the class
 * @param method name and descriptor; the descriptor may lack its end, which differs between JDKs
 * @param enter advice for the beginning, and for the end if it has both; null for none
 * @param exit advice for the end; null for none
 * @param callSite change of a call within the method; null for none
 */
record HookPoint(
    Jdks jdks, String type, String method, Class<?> enter, Class<?> exit, CallSite callSite) {

  boolean matches(String name, String descriptor) {
    return (name + descriptor).startsWith(method);
  }
}
