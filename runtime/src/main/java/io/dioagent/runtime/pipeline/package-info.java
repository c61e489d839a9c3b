/**
 * Writes that return once they are copied, and reach the device in chunks afterwards. Uses {@code
 * write}, {@code file} and packages below these, but neither {@code dio} nor {@code engine}. Not
 * exported.
 */
package io.dioagent.runtime.pipeline;
