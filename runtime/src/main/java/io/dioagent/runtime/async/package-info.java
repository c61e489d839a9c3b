/**
 * Asynchronous writes of any source, delivered to a callback. Uses {@code write}, {@code file} and
 * all packages below these, except {@code fault}. Not exported.
 */
package io.dioagent.runtime.async;
