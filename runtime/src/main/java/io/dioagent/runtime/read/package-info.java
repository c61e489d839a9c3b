/**
 * Direct reads and reading ahead. Uses {@code api}, {@code base}, {@code linux}, {@code memory},
 * {@code device} and {@code file}. Not exported.
 */
package io.dioagent.runtime.read;
